import {
  allDone,
  forUpdate,
  isBrokenReference,
  isDuplicate,
  runAll,
  type Session,
  type SqlValue,
  StaleRowError,
  type TenantId,
  type Write,
} from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import {
  mailboxColumns,
  mailboxFromRows,
  type MailboxRow,
  type AddressRow,
  addressColumns,
  wishColumns,
  type WishRow,
  mailboxValues,
  addressValues,
} from './mailbox.rows.js';
import type { AddressWish, Mailbox, MailboxAddress } from './mailbox.js';
import { multiRowInsert, multiRowWrites } from './multi-row-insert.js';

const insertMailboxes = multiRowInsert('mailbox_account', [
  'tenant_id',
  'created_by',
  'created_request',
  ...mailboxColumns,
]);
const updateMailbox = `UPDATE mailbox_account SET ${mailboxColumns.map((column) => `${column} = ?`).join(', ')} WHERE tenant_id = ? AND id = ? AND row_version = ?`;
const insertAddresses = multiRowInsert('mailbox_address', ['tenant_id', 'mailbox_id', ...addressColumns]);
const insertAddress = insertAddresses.one;
const updateAddress = `UPDATE mailbox_address SET ${addressColumns.map((column) => `${column} = ?`).join(', ')} WHERE tenant_id = ? AND mailbox_id = ? AND id = ?`;
const deleteAddress = 'DELETE FROM mailbox_address WHERE tenant_id = ? AND mailbox_id = ? AND id = ?';
const insertWishes = multiRowInsert('mailbox_address_wish', ['tenant_id', 'mailbox_id', 'wanted_key', 'domain_ascii', 'role', 'reason', 'first_seen', 'last_seen']); // prettier-ignore
const insertWish = insertWishes.one;
const updateWish =
  'UPDATE mailbox_address_wish SET role = ?, reason = ?, last_seen = ? WHERE tenant_id = ? AND mailbox_id = ? AND wanted_key = ?';
const deleteWish = 'DELETE FROM mailbox_address_wish WHERE tenant_id = ? AND mailbox_id = ? AND wanted_key = ?';

/** Picks of the mailboxes with an external id the one that its former user may have back; the latest one of several. */
export const formerMailbox =
  "scim_user_id IS NULL AND status <> 'purged' ORDER BY deleted_at IS NULL DESC, deleted_at DESC LIMIT 1";

const byUser = reading('scim_user_id');
const byId = reading('id');

/** Mailbox accounts with their addresses and wishes, read and written as one. */
@Injectable()
export class MailboxRepository {
  async findByUser(tenant: TenantId, session: Session, scimUserId: string): Promise<Mailbox | undefined> {
    return this.findOne(tenant, session, byUser, scimUserId);
  }

  async findById(tenant: TenantId, session: Session, id: string): Promise<Mailbox | undefined> {
    return this.findOne(tenant, session, byId, id);
  }

  /** @throws the driver's error when somebody else took an address or a domain meanwhile; {@link asStale} knows it. */
  async insert(
    tenant: TenantId,
    session: Session,
    mailboxes: readonly Mailbox[],
    { actor, requestId, at }: EventCause,
  ): Promise<void> {
    const creator = [actor.slice(0, 160), requestId.slice(0, 64)];
    const rowsOf = (values: (mailbox: Mailbox) => readonly SqlValue[][]) => mailboxes.flatMap(values);
    await runAll(session, [
      ...multiRowWrites(
        insertMailboxes,
        rowsOf((mailbox) => [[tenant, ...creator, ...mailboxValues(mailbox)]]),
      ),
      ...multiRowWrites(
        insertAddresses,
        rowsOf(({ id, addresses }) => inOrder(addresses).map((address) => [tenant, id, ...addressValues(address)])),
      ),
      ...multiRowWrites(
        insertWishes,
        rowsOf(({ id, wishes }) => wishes.map((wish) => [tenant, id, ...wishValues(wish, at)])),
      ),
    ]);
  }

  /** @throws StaleRowError when the mailbox was changed since `before` was read; else as {@link insert} does. */
  async update(tenant: TenantId, session: Session, before: Mailbox, after: Mailbox, now: number): Promise<void> {
    const next = { ...after, rowVersion: before.rowVersion + 1 };
    const [matched] = await runAll(session, [
      { statement: updateMailbox, parameters: [...mailboxValues(next), tenant, before.id, before.rowVersion] },
      ...addressWrites(tenant, before, after),
      ...wishWrites(tenant, before, after, now),
    ]);
    if (matched !== 1) {
      throw new StaleRowError(`mailbox ${before.id} was changed by somebody else`);
    }
  }

  /** Mailboxes of a batch, locked in the order of their ids. */
  async findMany(tenant: TenantId, session: Session, ids: readonly string[]): Promise<readonly Mailbox[]> {
    if (ids.length === 0) {
      return [];
    }
    const parameters: SqlValue[] = [tenant, ...ids];
    const marks = ids.map(() => '?').join(', ');
    const [rows, addresses, wishes] = await allDone([
      session.list<MailboxRow>(
        `SELECT ${mailboxColumns.join(', ')} FROM mailbox_account WHERE tenant_id = ? AND id IN (${marks}) ORDER BY id${forUpdate(session)}`,
        parameters,
      ),
      session.list<AddressRow & { readonly mailbox_id: string }>(
        `SELECT mailbox_id, ${addressColumns.join(', ')} FROM mailbox_address WHERE tenant_id = ? AND mailbox_id IN (${marks})`,
        parameters,
      ),
      session.list<WishRow & { readonly mailbox_id: string }>(
        `SELECT mailbox_id, ${wishColumns.join(', ')} FROM mailbox_address_wish WHERE tenant_id = ? AND mailbox_id IN (${marks}) ORDER BY first_seen`,
        parameters,
      ),
    ]);
    return rows.map((row) =>
      mailboxFromRows(
        row,
        addresses.filter(({ mailbox_id: mailbox }) => mailbox === row.id),
        wishes.filter(({ mailbox_id: mailbox }) => mailbox === row.id),
      ),
    );
  }

  private async findOne(
    tenant: TenantId,
    session: Session,
    { mailbox, addresses, wishes }: typeof byId,
    value: string,
  ): Promise<Mailbox | undefined> {
    const key = [tenant, value];
    const [row, addressRows, wishRows] = await allDone([
      session.first<MailboxRow>(`${mailbox}${forUpdate(session)}`, key),
      session.all<AddressRow>(addresses, [tenant, ...key]),
      session.all<WishRow>(wishes, [tenant, ...key]),
    ]);
    return row === undefined ? undefined : mailboxFromRows(row, addressRows, wishRows);
  }
}

/** The statements that read a mailbox with what belongs to it; the latter see what was committed when the first one had its lock. */
function reading(column: 'id' | 'scim_user_id') {
  const which = `tenant_id = ? AND ${column} = ?`;
  const ofMailbox = `tenant_id = ? AND mailbox_id = (SELECT m.id FROM mailbox_account m WHERE m.tenant_id = ? AND m.${column} = ?)`;
  return {
    mailbox: `SELECT ${mailboxColumns.join(', ')} FROM mailbox_account WHERE ${which}`,
    addresses: `SELECT ${addressColumns.join(', ')} FROM mailbox_address WHERE ${ofMailbox}`,
    wishes: `SELECT ${wishColumns.join(', ')} FROM mailbox_address_wish WHERE ${ofMailbox} ORDER BY first_seen`,
  };
}

/** What gives up an address comes before what takes one: a primary's key must be free when the next one needs it. */
function addressWrites(tenant: TenantId, before: Mailbox, after: Mailbox): readonly Write[] {
  const known = new Map(before.addresses.map((address) => [address.id, address]));
  const kept = new Set(after.addresses.map(({ id }) => id));
  const changed = after.addresses.filter((address) => known.get(address.id) !== address);
  return [
    ...[...known.keys()]
      .filter((id) => !kept.has(id))
      .map((id) => ({ statement: deleteAddress, parameters: [tenant, after.id, id] })),
    ...inOrder(changed).map((address) =>
      known.has(address.id)
        ? { statement: updateAddress, parameters: [...addressValues(address), tenant, after.id, address.id] }
        : addressInsertion(tenant, after.id, address),
    ),
  ];
}

/** A wish that stays keeps the time of its first sight: who waited longer comes first. */
function wishWrites(tenant: TenantId, before: Mailbox, after: Mailbox, now: number): readonly Write[] {
  const known = new Map(before.wishes.map((wish) => [wish.wantedKey, wish]));
  const wanted = new Set(after.wishes.map(({ wantedKey }) => wantedKey));
  return [
    ...[...known.keys()]
      .filter((key) => !wanted.has(key))
      .map((key) => ({ statement: deleteWish, parameters: [tenant, after.id, key] })),
    ...after.wishes
      .filter((wish) => known.get(wish.wantedKey) !== wish)
      .map((wish) =>
        known.has(wish.wantedKey)
          ? {
              statement: updateWish,
              parameters: [wish.role ?? 'primary', wish.reason, now, tenant, after.id, wish.wantedKey],
            }
          : wishInsertion(tenant, after.id, wish, now),
      ),
  ];
}

function addressInsertion(tenant: TenantId, mailboxId: string, address: MailboxAddress): Write {
  return { statement: insertAddress, parameters: [tenant, mailboxId, ...addressValues(address)] };
}

function wishInsertion(tenant: TenantId, mailboxId: string, wish: AddressWish, now: number): Write {
  return { statement: insertWish, parameters: [tenant, mailboxId, ...wishValues(wish, now)] };
}

function wishValues({ wantedKey, domainAscii, role = 'primary', reason }: AddressWish, now: number): SqlValue[] {
  return [wantedKey, domainAscii, role, reason, now, now];
}

function inOrder(addresses: readonly MailboxAddress[]): readonly MailboxAddress[] {
  return [...addresses].sort((a, b) => rank(a) - rank(b));
}

function rank({ role, state }: MailboxAddress): number {
  return role === 'primary' && state === 'live' ? 1 : 0;
}

/** Somebody else took the address or the domain since it was looked up: looking again will show who. */
export function asStale(error: unknown): unknown {
  if (isDuplicate(error, 'uq_mailbox_address_claim')) {
    return new StaleRowError('the address was claimed meanwhile');
  }
  return isBrokenReference(error) ? new StaleRowError('the domain changed hands meanwhile') : error;
}
