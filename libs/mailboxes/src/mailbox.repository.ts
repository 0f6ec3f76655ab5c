import { forUpdate, isDuplicate, type Session, type SqlValue, StaleRowError, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import {
  mailboxColumns,
  mailboxFromRows,
  type MailboxRow,
  type AddressRow,
  addressColumns,
  type WishRow,
  mailboxValues,
  addressValues,
} from './mailbox.rows.js';
import type { Mailbox, MailboxAddress } from './mailbox.js';

const insertMailbox = `INSERT INTO mailbox_account (tenant_id, ${mailboxColumns.join(', ')}) VALUES (?, ${mailboxColumns.map(() => '?').join(', ')})`;
const updateMailbox = `UPDATE mailbox_account SET ${mailboxColumns.map((column) => `${column} = ?`).join(', ')} WHERE tenant_id = ? AND id = ? AND row_version = ?`;
const insertAddress = `INSERT INTO mailbox_address (tenant_id, mailbox_id, ${addressColumns.join(', ')}) VALUES (?, ?, ${addressColumns.map(() => '?').join(', ')})`;
const updateAddress = `UPDATE mailbox_address SET ${addressColumns.map((column) => `${column} = ?`).join(', ')} WHERE tenant_id = ? AND mailbox_id = ? AND id = ?`;
const insertWish =
  'INSERT INTO mailbox_address_wish (tenant_id, mailbox_id, wanted_key, domain_ascii, role, reason, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

/** Mailbox accounts with their addresses and wishes, read and written as one. */
@Injectable()
export class MailboxRepository {
  async findByUser(tenant: TenantId, session: Session, scimUserId: string): Promise<Mailbox | undefined> {
    return this.findOne(tenant, session, 'scim_user_id', scimUserId);
  }

  async findById(tenant: TenantId, session: Session, id: string): Promise<Mailbox | undefined> {
    return this.findOne(tenant, session, 'id', id);
  }

  /** The mailbox of a deleted user with that external id; the latest one when there were several. */
  async findDeletedByExternalId(tenant: TenantId, session: Session, externalId: string): Promise<Mailbox | undefined> {
    const row = await session.first<{ readonly id: string }>(
      "SELECT id FROM mailbox_account WHERE tenant_id = ? AND external_id = ? AND status = 'deleted' ORDER BY deleted_at DESC LIMIT 1",
      [tenant, externalId],
    );
    return row === undefined ? undefined : this.findById(tenant, session, row.id);
  }

  async insert(tenant: TenantId, session: Session, mailbox: Mailbox, now: number): Promise<void> {
    await session.run(insertMailbox, [tenant, ...mailboxValues(mailbox)]);
    await this.writeAddresses(tenant, session, undefined, mailbox);
    await this.writeWishes(tenant, session, undefined, mailbox, now);
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
      'SELECT wanted_key, domain_ascii, reason FROM mailbox_address_wish WHERE tenant_id = ? AND mailbox_id = ? ORDER BY first_seen',
      of,
    );
    return mailboxFromRows(row, addresses, wishes);
  }

  /** What gives up an address comes before what takes one: a primary's key must be free when the next one needs it. */
  private async writeAddresses(
    tenant: TenantId,
    session: Session,
    before: Mailbox | undefined,
    after: Mailbox,
  ): Promise<void> {
    const known = new Map(before?.addresses.map((address) => [address.id, address]));
    const changed = after.addresses.filter((address) => known.get(address.id) !== address);
    for (const address of [...changed].sort((a, b) => rank(a) - rank(b))) {
      const values = addressValues(address);
      await (
        known.has(address.id)
          ? session.run(updateAddress, [...values, tenant, after.id, address.id])
          : session.run(insertAddress, [tenant, after.id, ...values])
      ).catch(rethrowAsStale);
    }
  }

  private async writeWishes(
    tenant: TenantId,
    session: Session,
    before: Mailbox | undefined,
    after: Mailbox,
    now: number,
  ): Promise<void> {
    if (before?.wishes === after.wishes || (after.wishes.length === 0 && (before?.wishes.length ?? 0) === 0)) {
      return;
    }
    if (before !== undefined) {
      await session.run('DELETE FROM mailbox_address_wish WHERE tenant_id = ? AND mailbox_id = ?', [tenant, after.id]);
    }
    for (const { wantedKey, domainAscii, reason } of after.wishes) {
      await session.run(insertWish, [tenant, after.id, wantedKey, domainAscii, 'primary', reason, now, now]);
    }
  }
}

function rank({ role, state }: MailboxAddress): number {
  return role === 'primary' && state === 'live' ? 1 : 0;
}

/** Somebody else took the address since it was looked up: looking again will show who. */
function rethrowAsStale(error: unknown): never {
  throw isDuplicate(error, 'uq_mailbox_address_claim') ? new StaleRowError('the address was claimed meanwhile') : error;
}
