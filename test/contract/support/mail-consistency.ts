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
  const [mailboxes, addresses, wishes, recipients, events, counters, policies, intervals, histories, batches, leavers] =
    await Promise.all([
      query(database, 'SELECT * FROM mailbox_account ORDER BY id'),
      query(database, 'SELECT * FROM mailbox_address ORDER BY id'),
      query(database, 'SELECT * FROM mailbox_address_wish ORDER BY wanted_key'),
      query(database, 'SELECT * FROM mail_recipient ORDER BY address_key'),
      query(database, 'SELECT * FROM outbox_event ORDER BY tenant_id, version, position'),
      query(database, 'SELECT * FROM tenant_mail_counter'),
      query(database, 'SELECT * FROM tenant_mail_policy'),
      query(database, 'SELECT * FROM seat_interval'),
      query(database, 'SELECT mailbox_id, version, personal FROM mailbox_history ORDER BY mailbox_id, version'),
      query(database, 'SELECT * FROM guard_batch'),
      query(database, 'SELECT * FROM mail_leaver ORDER BY tenant_id, seq'),
    ]);
  for (const mailbox of mailboxes) {
    const own = addresses.filter(({ mailbox_id: id }) => id === mailbox['id']);
    const wish = wishes.find(({ mailbox_id: id, role }) => id === mailbox['id'] && role === 'primary');
    const counter = counters.find(({ tenant_id: of }) => of === mailbox['tenant_id']);
    expectDerivedStatus(mailbox, own, wish, counter?.['is_suspended'] === 1);
  }
  expectSeats(mailboxes, counters, intervals);
  expectHistories(mailboxes, histories);
  expectGuard(mailboxes, batches);
  expectLeavers(counters, leavers);
  expectRecipients(claims(mailboxes, addresses, policies), recipients, counters);
  expectEvents(events, counters, mailboxes, addresses);
}

function expectDerivedStatus(
  mailbox: Row,
  addresses: readonly Row[],
  wish: Row | undefined,
  isTenantSuspended: boolean,
): void {
  const status = `${mailbox['status']}(${mailbox['status_reason']})`;
  const isAdmins = mailbox['admin_state'] === 'suspended';
  const isNamed = addresses.some(({ role, state }) => role === 'primary' && state !== 'released');
  if (mailbox['status'] === 'purged') {
    expect(status).toBe('purged(retention)');
    expect(mailbox).toMatchObject({ scim_user_id: null, external_id: null, purge_after: null, erase_after: null });
    expect(mailbox['deleted_at']).not.toBeNull();
    expect(
      addresses.filter(({ state, local_display: shown, local_key: key }) => state !== 'reserved' || shown !== key),
    ).toEqual([]);
  } else if (mailbox['deleted_at'] !== null) {
    expect(status).toBe(isAdmins ? 'deleted(admin)' : 'deleted(scim)');
    expect(mailbox['scim_user_id']).toBeNull();
    expect(mailbox['purge_after']).toBeGreaterThanOrEqual(
      Number(mailbox['kind'] === 'role' ? 1 : mailbox['deleted_at']),
    );
    expect(addresses.filter(({ state }) => state === 'live')).toEqual([]);
  } else if (!isNamed || wish?.['reason'] === 'seat_limit') {
    expect(status).toBe(`pending(${wish === undefined ? 'address_missing' : wish['reason']})`);
  } else if (isTenantSuspended) {
    expect(status).toBe('suspended(tenant)');
  } else if (isAdmins || mailbox['admin_state'] === 'forced_active') {
    expect(status).toBe(isAdmins ? 'suspended(admin)' : 'active(admin)');
  } else {
    expect(status).toBe(wordOfProvider(mailbox));
  }
}

/** What the identity provider said counts, unless the deprovision guard holds it or support has rejected it. */
function wordOfProvider({ guard_state: guard, scim_active: active }: Row): string {
  if (guard === 'held') return 'active(guard_held)';
  if (active !== 0) return 'active(null)';
  return guard === 'rejected' ? 'active(guard_rejected)' : 'suspended(scim)';
}

/** Held mailboxes are in the open batch of their tenant, or in a decided one that has not been carried out. */
function expectGuard(mailboxes: readonly Row[], batches: readonly Row[]): void {
  for (const mailbox of mailboxes.filter(({ guard_state: state }) => state !== null)) {
    const batch = batches.find(({ id }) => id === mailbox['guard_batch_id']);
    expect(batch?.['tenant_id']).toBe(mailbox['tenant_id']);
    if (mailbox['guard_state'] === 'held') expect(batch).toMatchObject({ settled_at: null });
    else expect(batch?.['status']).toBe(mailbox['guard_state']);
    if (mailbox['guard_state'] === 'held') expect(mailbox['deleted_at']).toBeNull();
  }
}

/** Leavers are numbered without holes up to the counter, and their times go with their numbers. */
function expectLeavers(counters: readonly Row[], leavers: readonly Row[]): void {
  for (const { tenant_id: tenant, leavers: count } of counters) {
    const own = leavers.filter(({ tenant_id: of }) => of === tenant);
    const last = Number(own.at(-1)?.['seq'] ?? 0);
    expect(last).toBe(count);
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => last - own.length + 1 + index));
    expect(own.map(({ at }) => at)).toEqual(own.map(({ at }) => Number(at)).sort((a, b) => a - b));
  }
}

/** Every version of a mailbox but the first left a row, and of a purged one no row says anything about a person. */
function expectHistories(mailboxes: readonly Row[], histories: readonly Row[]): void {
  for (const { id, status, row_version: version } of mailboxes) {
    const own = histories.filter(({ mailbox_id: of }) => of === id);
    const told = own.map((row) => Number(row['version']));
    expect([id, told]).toEqual([id, Array.from({ length: Number(version) - 1 }, (_, index) => index + 2)]);
    expect(own.filter(({ personal }) => status === 'purged' && personal !== null)).toEqual([]);
  }
}

/** Seats in use are those of the mailboxes, and a seat begins no earlier than the one that the mailbox had before ended. */
function expectSeats(mailboxes: readonly Row[], counters: readonly Row[], intervals: readonly Row[]): void {
  for (const { tenant_id: tenant, seats_used: used } of counters) {
    const seated = mailboxes.filter(({ tenant_id: of, seat }) => of === tenant && seat === 1);
    expect(used).toBe(seated.length);
  }
  for (const {
    id,
    kind,
    seat,
    seat_since: since,
    status,
    admin_state: admin,
    scim_active: active,
    guard_state: guard,
  } of mailboxes) {
    const ends = intervals.filter(({ mailbox_id: of }) => of === id).map(({ to_at: to }) => Number(to));
    expect(since !== null).toBe(seat === 1);
    expect(Number(since ?? Infinity)).toBeGreaterThanOrEqual(Math.max(0, ...ends));
    const wants = active !== 0 || guard === 'held' || guard === 'rejected' || admin === 'forced_active';
    const isActive = status === 'active' || (status === 'suspended' && admin !== 'suspended' && wants);
    expect(seat).toBe(kind === 'user' && isActive ? 1 : 0);
  }
}

function claims(mailboxes: readonly Row[], addresses: readonly Row[], policies: readonly Row[]): readonly Claim[] {
  const held = addresses.filter(({ state }) => state !== 'released');
  return held.map((address) => {
    const mailbox = mailboxes.find(({ id }) => id === address['mailbox_id']);
    const primary = held.find(({ mailbox_id: id, role }) => id === mailbox?.['id'] && role === 'primary') ?? address;
    const policy = policies.find(({ tenant_id: of }) => of === mailbox?.['tenant_id']);
    const suspended = mailbox === undefined ? 'gone' : inactiveAction(mailbox, policy);
    const active = { active: 'accept', suspended }[String(mailbox?.['status'])] ?? 'gone';
    return {
      key: keyOf(address),
      mailbox: String(address['mailbox_id']),
      tenant: String(address['tenant_id']),
      action: address['state'] === 'reserved' ? 'gone' : active,
      primary: keyOf(primary),
    };
  });
}

function inactiveAction(mailbox: Row, policy: Row | undefined): string {
  if (mailbox['grace_until'] !== null) return 'accept';
  const ofTenant = policy?.['inactive_mail_policy'] ?? 'reject';
  const ofKind = mailbox['kind'] === 'user' ? ofTenant : 'deliver';
  const own = mailbox['status_reason'] === 'tenant' ? ofTenant : (mailbox['inactive_mail_policy'] ?? ofKind);
  return own === 'deliver' ? 'accept' : String(own);
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
    if (mailbox !== null) statuses.set(mailbox, status);
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
