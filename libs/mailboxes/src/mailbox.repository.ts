import {
  forUpdate,
  isBrokenReference,
  isDuplicate,
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

const insertMailbox = `INSERT INTO mailbox_account (tenant_id, created_by, created_request, ${mailboxColumns.join(', ')}) VALUES (?, ?, ?, ${mailboxColumns.map(() => '?').join(', ')})`;
const updateMailbox = `UPDATE mailbox_account SET ${mailboxColumns.map((column) => `${column} = ?`).join(', ')} WHERE tenant_id = ? AND id = ? AND row_version = ?`;
const insertAddress = `INSERT INTO mailbox_address (tenant_id, mailbox_id, ${addressColumns.join(', ')}) VALUES (?, ?, ${addressColumns.map(() => '?').join(', ')})`;
const updateAddress = `UPDATE mailbox_address SET ${addressColumns.map((column) => `${column} = ?`).join(', ')} WHERE tenant_id = ? AND mailbox_id = ? AND id = ?`;
const deleteAddress = 'DELETE FROM mailbox_address WHERE tenant_id = ? AND mailbox_id = ? AND id = ?';
const insertWish =
  'INSERT INTO mailbox_address_wish (tenant_id, mailbox_id, wanted_key, domain_ascii, role, reason, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';
const updateWish =
  'UPDATE mailbox_address_wish SET role = ?, reason = ?, last_seen = ? WHERE tenant_id = ? AND mailbox_id = ? AND wanted_key = ?';
const deleteWish = 'DELETE FROM mailbox_address_wish WHERE tenant_id = ? AND mailbox_id = ? AND wanted_key = ?';

/** Picks of the mailboxes with an external id the one that its former user may have back; the latest one of several. */
export const formerMailbox =
  "scim_user_id IS NULL AND status <> 'purged' ORDER BY deleted_at IS NULL DESC, deleted_at DESC LIMIT 1";

/** Mailbox accounts with their addresses and wishes, read and written as one. */
@Injectable()
export class MailboxRepository {
  async findByUser(tenant: TenantId, session: Session, scimUserId: string): Promise<Mailbox | undefined> {
    return this.findOne(tenant, session, 'scim_user_id', scimUserId);
  }

  async findById(tenant: TenantId, session: Session, id: string): Promise<Mailbox | undefined> {
    return this.findOne(tenant, session, 'id', id);
  }

  /** The statements that insert a mailbox with its addresses and wishes; what is refused, {@link asStale} translates. */
  insertion(tenant: TenantId, mailbox: Mailbox, { actor, requestId, at }: EventCause): readonly Write[] {
    const { id, addresses, wishes } = mailbox;
    const creator = [actor.slice(0, 160), requestId.slice(0, 64)];
    return [
      { statement: insertMailbox, parameters: [tenant, ...creator, ...mailboxValues(mailbox)] },
      ...[...addresses]
        .sort((a, b) => rank(a) - rank(b))
        .map((address) => ({ statement: insertAddress, parameters: [tenant, id, ...addressValues(address)] })),
      ...wishes.map((wish) => ({ statement: insertWish, parameters: [tenant, id, ...wishValues(wish, at)] })),
    ];
  }

  /** @throws StaleRowError when the mailbox was changed since `before` was read. */
  async update(tenant: TenantId, session: Session, before: Mailbox, after: Mailbox, now: number): Promise<void> {
    const next = { ...after, rowVersion: before.rowVersion + 1 };
    const matched = await session.run(updateMailbox, [...mailboxValues(next), tenant, before.id, before.rowVersion]);
    if (matched !== 1) {
      throw new StaleRowError(`mailbox ${before.id} was changed by somebody else`);
    }
    await this.writeAddresses(tenant, session, before, after);
    await this.writeWishes(tenant, session, before, after, now);
  }

  /** Mailboxes of a batch, locked in the order of their ids. */
  async findMany(tenant: TenantId, session: Session, ids: readonly string[]): Promise<readonly Mailbox[]> {
    if (ids.length === 0) {
      return [];
    }
    const parameters: SqlValue[] = [tenant, ...ids];
    const marks = ids.map(() => '?').join(', ');
    const rows = await session.list<MailboxRow>(
      `SELECT ${mailboxColumns.join(', ')} FROM mailbox_account WHERE tenant_id = ? AND id IN (${marks}) ORDER BY id${forUpdate(session)}`,
      parameters,
    );
    const addresses = await session.list<AddressRow & { readonly mailbox_id: string }>(
      `SELECT mailbox_id, ${addressColumns.join(', ')} FROM mailbox_address WHERE tenant_id = ? AND mailbox_id IN (${marks}) ORDER BY id`,
      parameters,
    );
    const wishes = await session.list<WishRow & { readonly mailbox_id: string }>(
      `SELECT mailbox_id, ${wishColumns.join(', ')} FROM mailbox_address_wish WHERE tenant_id = ? AND mailbox_id IN (${marks}) ORDER BY first_seen`,
      parameters,
    );
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
    column: 'id' | 'scim_user_id',
    value: string,
  ): Promise<Mailbox | undefined> {
    const row = await session.first<MailboxRow>(
      `SELECT ${mailboxColumns.join(', ')} FROM mailbox_account WHERE tenant_id = ? AND ${column} = ?${forUpdate(session)}`,
      [tenant, value],
    );
    if (row === undefined) {
      return undefined;
    }
    const of: SqlValue[] = [tenant, row.id];
    const addresses = await session.all<AddressRow>(
      `SELECT ${addressColumns.join(', ')} FROM mailbox_address WHERE tenant_id = ? AND mailbox_id = ? ORDER BY id`,
      of,
    );
    const wishes = await session.all<WishRow>(
      `SELECT ${wishColumns.join(', ')} FROM mailbox_address_wish WHERE tenant_id = ? AND mailbox_id = ? ORDER BY first_seen`,
      of,
    );
    return mailboxFromRows(row, addresses, wishes);
  }

  /** What gives up an address comes before what takes one: a primary's key must be free when the next one needs it. */
  private async writeAddresses(tenant: TenantId, session: Session, before: Mailbox, after: Mailbox): Promise<void> {
    const known = new Map(before.addresses.map((address) => [address.id, address]));
    const kept = new Set(after.addresses.map(({ id }) => id));
    for (const id of [...known.keys()].filter((each) => !kept.has(each))) {
      await session.run(deleteAddress, [tenant, after.id, id]);
    }
    const changed = after.addresses.filter((address) => known.get(address.id) !== address);
    for (const address of [...changed].sort((a, b) => rank(a) - rank(b))) {
      const values = addressValues(address);
      await (
        known.has(address.id)
          ? session.run(updateAddress, [...values, tenant, after.id, address.id])
          : session.run(insertAddress, [tenant, after.id, ...values])
      ).catch((error: unknown) => {
        throw asStale(error);
      });
    }
  }

  /** A wish that stays keeps the time of its first sight: who waited longer comes first. */
  private async writeWishes(
    tenant: TenantId,
    session: Session,
    before: Mailbox,
    after: Mailbox,
    now: number,
  ): Promise<void> {
    const known = new Map(before.wishes.map((wish) => [wish.wantedKey, wish]));
    const wanted = new Set(after.wishes.map(({ wantedKey }) => wantedKey));
    for (const key of [...known.keys()].filter((each) => !wanted.has(each))) {
      await session.run(deleteWish, [tenant, after.id, key]);
    }
    for (const wish of after.wishes) {
      const { wantedKey, role = 'primary', reason } = wish;
      const old = known.get(wantedKey);
      if (old === undefined) {
        await session.run(insertWish, [tenant, after.id, ...wishValues(wish, now)]);
      } else if (old !== wish) {
        await session.run(updateWish, [role, reason, now, tenant, after.id, wantedKey]);
      }
    }
  }
}

function rank({ role, state }: MailboxAddress): number {
  return role === 'primary' && state === 'live' ? 1 : 0;
}

function wishValues({ wantedKey, domainAscii, role = 'primary', reason }: AddressWish, now: number): SqlValue[] {
  return [wantedKey, domainAscii, role, reason, now, now];
}

/** Somebody else took the address or the domain since it was looked up: looking again will show who. */
export function asStale(error: unknown): unknown {
  if (isDuplicate(error, 'uq_mailbox_address_claim')) {
    return new StaleRowError('the address was claimed meanwhile');
  }
  return isBrokenReference(error) ? new StaleRowError('the domain changed hands meanwhile') : error;
}
