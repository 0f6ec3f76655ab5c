import { expect } from '@jest/globals';
import type { Database } from '@cleanmail/database';
import { query, type Row } from './rows.js';

interface Claim {
  readonly key: string;
  readonly mailbox: string;
  readonly tenant: string;
  readonly action: string;
  readonly primary: string;
}

/**
 * Checks, by SQL alone and by the rules written down a second time, that what gateways and other services read says the
 * same as what was written: recipient rows, statuses, and the events in their order.
 */
export async function expectMailConsistent(database: Database): Promise<void> {
  const [mailboxes, addresses, wishes, recipients, events, counters] = await Promise.all([
    query(database, 'SELECT * FROM mailbox_account ORDER BY id'),
    query(database, 'SELECT * FROM mailbox_address ORDER BY id'),
    query(database, 'SELECT * FROM mailbox_address_wish ORDER BY wanted_key'),
    query(database, 'SELECT * FROM mail_recipient ORDER BY address_key'),
    query(database, 'SELECT * FROM outbox_event ORDER BY tenant_id, version, position'),
    query(database, 'SELECT * FROM tenant_mail_counter'),
  ]);
  for (const mailbox of mailboxes) {
    const own = addresses.filter(({ mailbox_id: id }) => id === mailbox['id']);
    const wish = wishes.find(({ mailbox_id: id }) => id === mailbox['id']);
    expectDerivedStatus(mailbox, own, wish);
  }
  expectRecipients(claims(mailboxes, addresses), recipients, counters);
  expectEvents(events, counters, mailboxes, addresses);
}

function expectDerivedStatus(mailbox: Row, addresses: readonly Row[], wish: Row | undefined): void {
  const status = `${mailbox['status']}(${mailbox['status_reason']})`;
  const isAdmins = mailbox['admin_state'] === 'suspended';
  if (mailbox['deleted_at'] !== null) {
    expect(status).toBe(isAdmins ? 'deleted(admin)' : 'deleted(scim)');
    expect(mailbox['scim_user_id']).toBeNull();
    expect(mailbox['purge_after']).toBeGreaterThan(Number(mailbox['deleted_at']));
    expect(addresses.filter(({ state }) => state === 'live')).toEqual([]);
  } else if (!addresses.some(({ role, state }) => role === 'primary' && state !== 'released')) {
    expect(status).toBe(`pending(${wish === undefined ? 'address_missing' : wish['reason']})`);
  } else if (isAdmins || mailbox['admin_state'] === 'forced_active') {
    expect(status).toBe(isAdmins ? 'suspended(admin)' : 'active(admin)');
  } else {
    expect(status).toBe(mailbox['scim_active'] === 0 ? 'suspended(scim)' : 'active(null)');
  }
}

function claims(mailboxes: readonly Row[], addresses: readonly Row[]): readonly Claim[] {
  const held = addresses.filter(({ state }) => state !== 'released');
  return held.map((address) => {
    const mailbox = mailboxes.find(({ id }) => id === address['mailbox_id']);
    const primary = held.find(({ mailbox_id: id, role }) => id === mailbox?.['id'] && role === 'primary') ?? address;
    const active = { active: 'accept', suspended: 'reject' }[String(mailbox?.['status'])] ?? 'gone';
    return {
      key: keyOf(address),
      mailbox: String(address['mailbox_id']),
      tenant: String(address['tenant_id']),
      action: address['state'] === 'reserved' ? 'gone' : active,
      primary: keyOf(primary),
    };
  });
}

function expectRecipients(claimed: readonly Claim[], recipients: readonly Row[], counters: readonly Row[]): void {
  const rows = new Map(recipients.map((row) => [String(row['address_key']), row]));
  for (const { key, mailbox, tenant, action, primary } of claimed) {
    const row = rows.get(key);
    const said = {
      key,
      mailbox: row?.['mailbox_id'],
      tenant: row?.['tenant_id'],
      action: row?.['action'],
      primary: row?.['primary_key'],
    };
    expect(said).toEqual({ key, mailbox, tenant, action, primary });
  }
  const claimedKeys = new Set(claimed.map(({ key }) => key));
  const unclaimed = recipients.filter(({ address_key: key }) => !claimedKeys.has(String(key)));
  expect(unclaimed.filter(({ action }) => action !== 'gone')).toEqual([]);
  for (const row of recipients) {
    expect(row['version']).toBeGreaterThanOrEqual(1);
    expect(row['version']).toBeLessThanOrEqual(feedVersion(counters, row['tenant_id']));
  }
}

/** Replays the events: versions without holes, positions from 0, and in the end the same statuses and addresses. */
function expectEvents(
  events: readonly Row[],
  counters: readonly Row[],
  mailboxes: readonly Row[],
  addresses: readonly Row[],
): void {
  for (const { tenant_id: tenant, feed_version: version } of counters) {
    const own = events.filter(({ tenant_id: of }) => of === tenant);
    const versions = [...new Set(own.map((event) => event['version']))];
    expect(versions).toEqual(Array.from({ length: Number(version) }, (_, index) => index + 1));
    for (const each of versions) {
      const positions = own.filter((event) => event['version'] === each).map(({ position }) => position);
      expect(positions).toEqual(positions.map((_, index) => index));
    }
  }
  const statuses = new Map<unknown, unknown>();
  const held = new Set<unknown>();
  for (const { mailbox_id: mailbox, type, data } of events) {
    const { status, addressId } = JSON.parse(String(data)) as { readonly status: string; readonly addressId?: string };
    statuses.set(mailbox, status);
    if (type === 'address.granted') held.add(addressId);
    if (type === 'address.released') held.delete(addressId);
  }
  expect(Object.fromEntries(statuses)).toEqual(Object.fromEntries(mailboxes.map(({ id, status }) => [id, status])));
  const claimed = addresses.filter(({ state }) => state !== 'released').map(({ id }) => id);
  expect([...held].sort()).toEqual([...claimed].sort());
}

function feedVersion(counters: readonly Row[], tenant: unknown): number {
  return Number(counters.find(({ tenant_id: of }) => of === tenant)?.['feed_version'] ?? 0);
}

function keyOf(address: Row): string {
  return `${address['local_key']}@${address['domain_ascii']}`;
}
