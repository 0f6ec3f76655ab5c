import { Database, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { parseAddress } from './address-codec.js';
import { addressKey, type Mailbox, type MailboxStatus, primaryAddress, primaryWish } from './mailbox.js';
import {
  addressColumns,
  type AddressRow,
  mailboxColumns,
  mailboxFromRows,
  type MailboxRow,
  wishColumns,
  type WishRow,
} from './mailbox.rows.js';

/** What may be asked of a tenant's mailboxes; `after` is the id of the last mailbox of the page before. */
export interface MailboxQuery {
  /** Any address that the mailbox has, had, or wishes for, as a person would type it. */
  readonly address?: string;
  readonly status?: MailboxStatus;
  /** Without it, mailboxes of roles are left out: provisioning did not make them. An address finds any kind. */
  readonly kind?: Mailbox['kind'];
  /** Those that are or were in this batch of leavers and have not come back. */
  readonly guardBatchId?: string;
  readonly after?: string;
  readonly limit: number;
}

/** Tenant-scoped reads of mailbox accounts: for support, quarantine, reports and billing. */
@Injectable()
export class MailboxDirectory {
  constructor(private readonly database: Database) {}

  async byId(tenant: TenantId, id: string): Promise<Mailbox | undefined> {
    return this.database.read(async (session) => (await this.load(tenant, session, 'm.id = ?', [id], 1))[0]);
  }

  async byUser(tenant: TenantId, scimUserId: string): Promise<Mailbox | undefined> {
    return this.database.read(
      async (session) => (await this.load(tenant, session, 'm.scim_user_id = ?', [scimUserId], 1))[0],
    );
  }

  /** In the order of creation. */
  async list(
    tenant: TenantId,
    { address, status, kind, guardBatchId, after, limit }: MailboxQuery,
  ): Promise<readonly Mailbox[]> {
    const conditions: string[] = [];
    const parameters: SqlValue[] = [];
    if (address !== undefined) {
      const key = lookupKey(address);
      conditions.push(
        '(m.id IN (SELECT a.mailbox_id FROM mailbox_address a WHERE a.tenant_id = ? AND a.claim_key = ?)' +
          ' OR m.id IN (SELECT w.mailbox_id FROM mailbox_address_wish w WHERE w.tenant_id = ? AND w.wanted_key = ?))',
      );
      parameters.push(tenant, key, tenant, key);
    }
    if (status !== undefined) {
      conditions.push('m.status = ?');
      parameters.push(status);
    }
    if (kind !== undefined) {
      conditions.push('m.kind = ?');
      parameters.push(kind);
    } else if (address === undefined) {
      conditions.push("m.kind <> 'role'");
    }
    if (guardBatchId !== undefined) {
      // A list of its own, or an engine would rather read all mailboxes of the tenant in their order.
      conditions.push('m.id IN (SELECT g.id FROM mailbox_account g WHERE g.guard_batch_id = ? AND g.tenant_id = ?)');
      parameters.push(guardBatchId, tenant);
    }
    if (after !== undefined) {
      conditions.push('m.id > ?');
      parameters.push(after);
    }
    return this.database.read((session) =>
      this.load(tenant, session, conditions.join(' AND ') || '1 = 1', parameters, limit),
    );
  }

  private async load(
    tenant: TenantId,
    session: Session,
    condition: string,
    parameters: readonly SqlValue[],
    limit: number,
  ): Promise<readonly Mailbox[]> {
    const rows = await session.list<MailboxRow>(
      `SELECT ${mailboxColumns.map((column) => `m.${column}`).join(', ')} FROM mailbox_account m WHERE m.tenant_id = ? AND ${condition} ORDER BY m.id LIMIT ${Math.trunc(limit)}`,
      [tenant, ...parameters],
    );
    if (rows.length === 0) {
      return [];
    }
    const ids = rows.map(({ id }) => id);
    const ofPage = `tenant_id = ? AND mailbox_id IN (${ids.map(() => '?').join(', ')})`;
    const addresses = await session.list<AddressRow & { readonly mailbox_id: string }>(
      `SELECT mailbox_id, ${addressColumns.join(', ')} FROM mailbox_address WHERE ${ofPage} ORDER BY id`,
      [tenant, ...ids],
    );
    const wishes = await session.list<WishRow & { readonly mailbox_id: string }>(
      `SELECT mailbox_id, ${wishColumns.join(', ')} FROM mailbox_address_wish WHERE ${ofPage} ORDER BY first_seen`,
      [tenant, ...ids],
    );
    return rows.map((row) =>
      mailboxFromRows(
        row,
        addresses.filter(({ mailbox_id: mailbox }) => mailbox === row.id),
        wishes.filter(({ mailbox_id: mailbox }) => mailbox === row.id),
      ),
    );
  }
}

/** The address by which people know a mailbox: the primary one, or the one that it waits for. */
export function knownAddress(mailbox: Mailbox): string | undefined {
  const primary = primaryAddress(mailbox);
  if (primary !== undefined) {
    return addressKey(primary);
  }
  const wish = primaryWish(mailbox);
  return wish?.reason === 'address_source_missing' ? undefined : wish?.wantedKey;
}

function lookupKey(address: string): string {
  const parsed = parseAddress(address.trim());
  return typeof parsed === 'string' ? address : parsed.key;
}
