import {
  forUpdate,
  isBrokenReference,
  isDuplicate,
  type Session,
  type SqlValue,
  StaleRowError,
  type TenantId,
} from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { DomainInUseError } from '../domains.errors.js';
import type { MailDomain } from './mail-domain.js';

const columns = [
  'id', 'name_ascii', 'name_unicode', 'status', 'created_at', 'verified_at', 'verified_by', 'verify_token', 'last_check_at',
  'check_failed_since', 'settled_at', 'transfer_to', 'unknown_recipient_policy', 'subaddressing', 'next_hop',
] as const; // prettier-ignore

/** The columns of a domain, for a statement of another repository. */
export const domainColumns = columns.map((column) => `d.${column}`).join(', ');

/** A domain as the driver reads it. */
export interface DomainRow {
  readonly id: string;
  readonly name_ascii: string;
  readonly name_unicode: string;
  readonly status: MailDomain['status'];
  readonly created_at: number;
  readonly verified_at: number | null;
  readonly verified_by: MailDomain['verifiedBy'];
  readonly verify_token: string | null;
  readonly last_check_at: number | null;
  readonly check_failed_since: number | null;
  readonly settled_at: number | null;
  readonly transfer_to: string | null;
  readonly unknown_recipient_policy: MailDomain['unknownRecipientPolicy'];
  readonly subaddressing: MailDomain['subaddressing'];
  readonly next_hop: string | null;
}

/** The domain of a row. */
export function domainFromRow(row: DomainRow): MailDomain {
  return {
    id: row.id,
    name: row.name_unicode,
    nameAscii: row.name_ascii,
    status: row.status,
    createdAt: row.created_at,
    verifiedAt: row.verified_at,
    verifiedBy: row.verified_by,
    // A domain from before there were tokens has the random id that it was given then.
    verifyToken: row.verify_token ?? row.id,
    lastCheckAt: row.last_check_at,
    checkFailedSince: row.check_failed_since,
    settledAt: row.settled_at,
    transferTo: row.transfer_to,
    unknownRecipientPolicy: row.unknown_recipient_policy,
    subaddressing: row.subaddressing,
    nextHop: row.next_hop,
  };
}

/** Rows of mail domains. */
@Injectable()
export class DomainRepository {
  async find(tenant: TenantId, session: Session, nameAscii: string): Promise<MailDomain | undefined> {
    return this.first(session, tenant, nameAscii, '');
  }

  /** Reads a domain whose row stays locked to the end of the transaction. */
  async findForUpdate(tenant: TenantId, session: Session, nameAscii: string): Promise<MailDomain | undefined> {
    return this.first(session, tenant, nameAscii, forUpdate(session));
  }

  /** Domains that are not released, in the order in which they came; `after` is the id of the last one before. */
  async list(
    tenant: TenantId,
    session: Session,
    { after = '', limit }: { readonly after?: string; readonly limit: number },
  ): Promise<readonly MailDomain[]> {
    const rows = await session.list<DomainRow>(
      `SELECT ${domainColumns} FROM mail_domain d WHERE d.tenant_id = ? AND d.status <> 'released' AND d.id > ? ORDER BY d.id LIMIT ${Math.trunc(limit)}`,
      [tenant, after],
    );
    return rows.map(domainFromRow);
  }

  /** Across tenants: the one that owns the name now. */
  async findOwner(session: Session, nameAscii: string): Promise<TenantId | undefined> {
    const owner = await session.first<{ readonly tenant_id: TenantId }>(
      'SELECT tenant_id FROM mail_domain WHERE owner_key = ?',
      [nameAscii],
    ); // prettier-ignore
    return owner?.tenant_id;
  }

  /** Whether another tenant owns the name now. */
  async isOwnedByOther(tenant: TenantId, session: Session, nameAscii: string): Promise<boolean> {
    const owner = await session.first(
      'SELECT 1 AS found FROM mail_domain WHERE owner_key = ? AND tenant_id <> ?',
      [nameAscii, tenant],
    ); // prettier-ignore
    return owner !== undefined;
  }

  /** @throws DomainInUseError when another tenant owns the name and the new row would own it too. */
  async insert(tenant: TenantId, session: Session, domain: MailDomain): Promise<void> {
    const statement = `INSERT INTO mail_domain (tenant_id, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`;
    await session.run(statement, [tenant, ...values(domain)]).catch(rethrowInUse(domain));
  }

  /** @throws DomainInUseError when another tenant owns the name and the row would come to own it. */
  async update(tenant: TenantId, session: Session, domain: MailDomain): Promise<void> {
    const statement = `UPDATE mail_domain SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE tenant_id = ? AND id = ?`;
    await session.run(statement, [...values(domain), tenant, domain.id]).catch(rethrowInUse(domain));
  }

  async remove(tenant: TenantId, session: Session, { id }: MailDomain): Promise<void> {
    await session.run('DELETE FROM mail_domain WHERE tenant_id = ? AND id = ?', [tenant, id]);
  }

  private async first(
    session: Session,
    tenant: TenantId,
    nameAscii: string,
    lock: string,
  ): Promise<MailDomain | undefined> {
    const row = await session.first<DomainRow>(
      `SELECT ${domainColumns} FROM mail_domain d WHERE d.tenant_id = ? AND d.name_ascii = ?${lock}`,
      [tenant, nameAscii],
    );
    return row === undefined ? undefined : domainFromRow(row);
  }
}

function values(domain: MailDomain): SqlValue[] {
  return [
    domain.id,
    domain.nameAscii,
    domain.name,
    domain.status,
    domain.createdAt,
    domain.verifiedAt,
    domain.verifiedBy,
    domain.verifyToken,
    domain.lastCheckAt,
    domain.checkFailedSince,
    domain.settledAt,
    domain.transferTo,
    domain.unknownRecipientPolicy,
    domain.subaddressing,
    domain.nextHop,
  ];
}

function rethrowInUse({ name }: MailDomain): (error: unknown) => never {
  return (error) => {
    if (isDuplicate(error, 'uq_mail_domain_owner')) {
      throw new DomainInUseError(name);
    }
    // Added by somebody else in the same moment, or an address was claimed there since the claims were counted.
    const isStale = isDuplicate(error, 'uq_mail_domain_tenant') || isBrokenReference(error);
    throw isStale ? new StaleRowError(`the domain ${name} was changed meanwhile`) : error;
  };
}
