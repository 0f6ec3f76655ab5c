import { type KeyRange, oncePerRange, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import { type MailSettings, readMailPolicy } from '../mail-policy.js';
import type { Mailbox } from '../mailbox.js';
import {
  addressColumns,
  type AddressRow,
  mailboxColumns,
  mailboxFromRows,
  type MailboxRow,
  wishColumns,
  type WishRow,
} from '../mailbox.rows.js';

/** The mailboxes of a range as they are, with what the tenant's settings say about them. */
export interface MailboxesOfRange {
  readonly mailboxes: readonly Mailbox[];
  readonly settings: MailSettings;
  /** Whether all mailboxes follow the settings; while a change is being carried out, or was interrupted, some do not. */
  readonly isSettled: boolean;
}

type OfMailbox<Row> = Row & { readonly mailbox_id: string };

const mailboxesBetween = `SELECT ${mailboxColumns.join(', ')} FROM mailbox_account WHERE tenant_id = ? AND id >= ? AND id <= ? ORDER BY id`;
const addressesBetween = `SELECT mailbox_id, ${addressColumns.join(', ')} FROM mailbox_address WHERE tenant_id = ? AND mailbox_id >= ? AND mailbox_id <= ? ORDER BY mailbox_id, id`;
const wishesBetween = `SELECT mailbox_id, ${wishColumns.join(', ')} FROM mailbox_address_wish WHERE tenant_id = ? AND mailbox_id >= ? AND mailbox_id <= ? ORDER BY mailbox_id, first_seen`;

/** For the invariants that ask the functions of the model; one range is read once for all of them. */
export const mailboxesOfRange = oncePerRange(read);

async function read(tenant: TenantId, session: Session, { first, last }: KeyRange): Promise<MailboxesOfRange> {
  const between: readonly SqlValue[] = [tenant, first, last];
  const settings = await readMailPolicy(tenant, session);
  const counter = await session.first<{ readonly n: number }>(
    'SELECT COUNT(*) AS n FROM tenant_mail_counter WHERE tenant_id = ? AND settled_version <> settings_version',
    [tenant],
  );
  const rows = await session.all<MailboxRow>(mailboxesBetween, between);
  const addresses = byMailbox(await session.all<OfMailbox<AddressRow>>(addressesBetween, between));
  const wishes = byMailbox(await session.all<OfMailbox<WishRow>>(wishesBetween, between));
  return {
    mailboxes: rows.map((row) => mailboxFromRows(row, addresses.get(row.id) ?? [], wishes.get(row.id) ?? [])),
    settings,
    isSettled: Number(counter?.n ?? 0) === 0,
  };
}

/** Rows of many mailboxes, by the mailbox that each belongs to. */
export function byMailbox<Row extends { readonly mailbox_id: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.mailbox_id);
    if (group === undefined) {
      groups.set(row.mailbox_id, [row]);
    } else {
      group.push(row);
    }
  }
  return groups;
}
