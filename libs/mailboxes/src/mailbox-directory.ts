import { allDone, Database, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { parseAddress } from './address-codec.js';
import {
  addressKey,
  type Mailbox,
  type MailboxAddress,
  type MailboxStatus,
  primaryAddress,
  primaryWish,
} from './mailbox.js';
import { type MailboxWish, readAddresses, readWishes, type WishQuery } from './mailbox-wishes.js';
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

  /**
   * The mailbox that has the address now, in whatever form it is given: as its primary one, as an alias, as a former one,
   * or reserved after its deletion. What a `+` adds counts as part of the address.
   */
  async byAddress(tenant: TenantId, address: string): Promise<Mailbox | undefined> {
    const parsed = parseAddress(address.trim());
    const holder = 'm.id IN (SELECT a.mailbox_id FROM mailbox_address a WHERE a.tenant_id = ? AND a.claim_key = ?)';
    return typeof parsed === 'string'
      ? undefined
      : this.database.read(async (session) => (await this.load(tenant, session, holder, [tenant, parsed.key], 1))[0]);
  }

  /** Those of the ids that are mailboxes of the tenant, in the order of creation. */
  async byIds(tenant: TenantId, ids: readonly string[]): Promise<readonly Mailbox[]> {
    const wanted = `m.id IN (${ids.map(() => '?').join(', ')})`;
    return ids.length === 0 ? [] : this.database.read((session) => this.load(tenant, session, wanted, ids, ids.length));
  }

  /** Every address that the mailbox has or had and that is remembered; empty for a mailbox that the tenant does not have. */
  async addresses(tenant: TenantId, id: string): Promise<readonly MailboxAddress[]> {
    return this.database.read((session) => readAddresses(tenant, session, id));
  }

  /** What mailboxes want and do not get, by mailbox and address. */
  async wishes(tenant: TenantId, query: WishQuery): Promise<readonly MailboxWish[]> {
    return this.database.read((session) => readWishes(tenant, session, query));
  }

  /** Of some users at once; those who have none are left out. */
  async byUsers(tenant: TenantId, scimUserIds: readonly string[]): Promise<readonly Mailbox[]> {
    const wanted = `m.scim_user_id IN (${scimUserIds.map(() => '?').join(', ')})`;
    return scimUserIds.length === 0
      ? []
      : this.database.read((session) => this.load(tenant, session, wanted, scimUserIds, scimUserIds.length));
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
    const [addresses, wishes] = await allDone([
      session.list<AddressRow & { readonly mailbox_id: string }>(
        `SELECT mailbox_id, ${addressColumns.join(', ')} FROM mailbox_address WHERE ${ofPage}`,
        [tenant, ...ids],
      ),
      session.list<WishRow & { readonly mailbox_id: string }>(
        `SELECT mailbox_id, ${wishColumns.join(', ')} FROM mailbox_address_wish WHERE ${ofPage} ORDER BY first_seen`,
        [tenant, ...ids],
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
