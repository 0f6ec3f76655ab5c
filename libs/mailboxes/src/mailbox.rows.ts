import type { SqlValue } from '@cleanmail/database';
import type { AddressWish, Mailbox, MailboxAddress } from './mailbox.js';

/** The columns of a mailbox account in the order of {@link mailboxValues}. */
export const mailboxColumns = [
  'id', 'scim_user_id', 'external_id', 'origin', 'kind', 'scim_active', 'admin_state', 'legal_hold', 'inactive_mail_policy',
  'status', 'status_reason', 'status_since', 'created_at', 'deleted_at', 'purge_after', 'erase_after',
  'kind_fixed', 'seat', 'seat_since', 'grace_until', 'guard_batch_id', 'guard_state', 'row_version',
] as const; // prettier-ignore

/** The columns of an address in the order of {@link addressValues}. */
export const addressColumns = [
  'id', 'local_key', 'local_display', 'domain_ascii', 'role', 'source', 'basis', 'state', 'created_at', 'valid_until',
] as const; // prettier-ignore

/** A mailbox account as the driver reads it. */
export interface MailboxRow {
  readonly id: string;
  readonly scim_user_id: string | null;
  readonly external_id: string | null;
  readonly origin: Mailbox['origin'];
  readonly kind: Mailbox['kind'];
  readonly scim_active: number | null;
  readonly admin_state: Mailbox['adminState'];
  readonly legal_hold: number;
  readonly inactive_mail_policy: Mailbox['inactiveMailPolicy'];
  readonly status: Mailbox['status'];
  readonly status_reason: string | null;
  readonly status_since: number;
  readonly created_at: number;
  readonly deleted_at: number | null;
  readonly purge_after: number | null;
  readonly erase_after: number | null;
  readonly kind_fixed: number;
  readonly seat: number;
  readonly seat_since: number | null;
  readonly grace_until: number | null;
  readonly guard_batch_id: string | null;
  readonly guard_state: Mailbox['guardState'];
  readonly row_version: number;
}

/** An address as the driver reads it. */
export interface AddressRow {
  readonly id: string;
  readonly local_key: string;
  readonly local_display: string;
  readonly domain_ascii: string;
  readonly role: MailboxAddress['role'];
  readonly source: MailboxAddress['source'];
  readonly basis: MailboxAddress['basis'];
  readonly state: MailboxAddress['state'];
  readonly created_at: number;
  readonly valid_until: number | null;
}

/** The columns of a wish. */
export const wishColumns = ['wanted_key', 'domain_ascii', 'role', 'reason'] as const;

/** A wish as the driver reads it. */
export interface WishRow {
  readonly wanted_key: string;
  readonly domain_ascii: string | null;
  readonly role: 'primary' | 'alias';
  readonly reason: AddressWish['reason'];
}

export function mailboxValues(mailbox: Mailbox): SqlValue[] {
  return [
    mailbox.id,
    mailbox.scimUserId,
    mailbox.externalId,
    mailbox.origin,
    mailbox.kind,
    mailbox.scimActive,
    mailbox.adminState,
    mailbox.legalHold,
    mailbox.inactiveMailPolicy,
    mailbox.status,
    mailbox.statusReason,
    mailbox.statusSince,
    mailbox.createdAt,
    mailbox.deletedAt,
    mailbox.purgeAfter,
    mailbox.eraseAfter,
    mailbox.kindFixed,
    mailbox.seat,
    mailbox.seatSince,
    mailbox.graceUntil,
    mailbox.guardBatchId,
    mailbox.guardState,
    mailbox.rowVersion,
  ];
}

export function addressValues(address: MailboxAddress): SqlValue[] {
  return [
    address.id,
    address.localKey,
    address.localDisplay,
    address.domainAscii,
    address.role,
    address.source,
    address.basis,
    address.state,
    address.createdAt,
    address.validUntil,
  ];
}

export function mailboxFromRows(
  row: MailboxRow,
  addresses: readonly AddressRow[],
  wishes: readonly WishRow[],
): Mailbox {
  return {
    id: row.id,
    scimUserId: row.scim_user_id,
    externalId: row.external_id,
    origin: row.origin,
    kind: row.kind,
    scimActive: row.scim_active === null ? null : row.scim_active === 1,
    adminState: row.admin_state,
    legalHold: row.legal_hold === 1,
    inactiveMailPolicy: row.inactive_mail_policy,
    status: row.status,
    statusReason: row.status_reason,
    statusSince: row.status_since,
    createdAt: row.created_at,
    deletedAt: row.deleted_at,
    purgeAfter: row.purge_after,
    eraseAfter: row.erase_after,
    kindFixed: row.kind_fixed === 1,
    seat: row.seat === 1,
    seatSince: row.seat_since,
    graceUntil: row.grace_until,
    guardBatchId: row.guard_batch_id,
    guardState: row.guard_state,
    rowVersion: row.row_version,
    addresses: addressesFromRows(addresses),
    wishes: wishes.map(({ wanted_key: wantedKey, domain_ascii: domainAscii, role, reason }) => ({
      wantedKey,
      domainAscii,
      ...(role === 'alias' ? { role } : {}),
      reason,
    })),
  };
}

/** In the order in which the mailbox got them. Ordered in SQL, SQLite would read all addresses of the tenant to find these. */
export function addressesFromRows(rows: readonly AddressRow[]): readonly MailboxAddress[] {
  return rows.map(addressFromRow).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function addressFromRow(row: AddressRow): MailboxAddress {
  return {
    id: row.id,
    localKey: row.local_key,
    localDisplay: row.local_display,
    domainAscii: row.domain_ascii,
    role: row.role,
    source: row.source,
    basis: row.basis,
    state: row.state,
    createdAt: row.created_at,
    validUntil: row.valid_until,
  };
}
