import type { Session, SqlValue, TenantId } from '@cleanmail/database';
import type { MailboxAddress, WishReason } from './mailbox.js';
import { addressColumns, addressesFromRows, type AddressRow, wishColumns, type WishRow } from './mailbox.rows.js';

/** What a mailbox wants and does not get. Times are milliseconds since 1970, UTC. */
export interface MailboxWish {
  readonly mailboxId: string;
  /** The address; for `address_source_missing` the attribute that has none. */
  readonly wantedKey: string;
  readonly domainAscii: string | null;
  readonly role: 'primary' | 'alias';
  readonly reason: WishReason;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** Which wishes to give; `after` is the last one of the page before. */
export interface WishQuery {
  readonly reason?: WishReason;
  readonly after?: Pick<MailboxWish, 'mailboxId' | 'wantedKey'>;
  readonly limit: number;
}

interface DatedWishRow extends WishRow {
  readonly mailbox_id: string;
  readonly first_seen: number;
  readonly last_seen: number;
}

/** The addresses of one mailbox, in the order in which it got them. */
export async function readAddresses(
  tenant: TenantId,
  session: Session,
  mailboxId: string,
): Promise<readonly MailboxAddress[]> {
  const rows = await session.all<AddressRow>(
    `SELECT ${addressColumns.join(', ')} FROM mailbox_address WHERE tenant_id = ? AND mailbox_id = ?`,
    [tenant, mailboxId],
  );
  return addressesFromRows(rows);
}

/** Wishes of a tenant's mailboxes in the order of their key. */
export async function readWishes(
  tenant: TenantId,
  session: Session,
  { reason, after, limit }: WishQuery,
): Promise<readonly MailboxWish[]> {
  const conditions = ['tenant_id = ?'];
  const parameters: SqlValue[] = [tenant];
  if (reason !== undefined) {
    conditions.push('reason = ?');
    parameters.push(reason);
  }
  if (after !== undefined) {
    conditions.push('mailbox_id >= ? AND (mailbox_id > ? OR wanted_key > ?)');
    parameters.push(after.mailboxId, after.mailboxId, after.wantedKey);
  }
  const rows = await session.list<DatedWishRow>(
    `SELECT mailbox_id, ${wishColumns.join(', ')}, first_seen, last_seen FROM mailbox_address_wish WHERE ${conditions.join(' AND ')} ORDER BY mailbox_id, wanted_key LIMIT ${Math.trunc(limit)}`,
    parameters,
  );
  return rows.map((row) => ({
    mailboxId: row.mailbox_id,
    wantedKey: row.wanted_key,
    domainAscii: row.domain_ascii,
    role: row.role,
    reason: row.reason,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  }));
}
