import { randomBytes } from 'node:crypto';
import { Database, newId, type Session, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { type CanonicalDomain, parseDomain } from './address-codec.js';
import { domainColumns, domainFromRow, DomainRepository, type DomainRow } from './domains/domain.repository.js';
import type { MailDomain } from './domains/mail-domain.js';
import { insertRelayDomain } from './domains/relay-domain-rows.js';
import { InvalidDomainError } from './domains.errors.js';

/** Which tenant owns which mail domain; the database itself allows one owner a domain. */
@Injectable()
export class TenantDomains {
  constructor(
    private readonly database: Database,
    private readonly domains: DomainRepository,
  ) {}

  /** @throws InvalidDomainError for a text that is no mail domain; the same domain twice counts once. */
  parse(names: readonly string[]): readonly CanonicalDomain[] {
    const domains = names.map((name) => this.parseOne(name));
    return [...new Map(domains.map((domain) => [domain.ascii, domain])).values()];
  }

  /** @throws InvalidDomainError */
  parseOne(name: string): CanonicalDomain {
    const domain = parseDomain(name.trim());
    if (domain === undefined) {
      throw new InvalidDomainError(name);
    }
    return domain;
  }

  /**
   * Makes the tenant the owner of domains that support staff vouch for, in the caller's transaction.
   * @throws DomainInUseError when another tenant owns one of them.
   */
  async claim(tenant: TenantId, session: Session, domains: readonly CanonicalDomain[], now: number): Promise<void> {
    for (const domain of domains) {
      const owned = vouchedFor(newDomain(domain, now), now);
      await this.domains.insert(tenant, session, owned);
      await insertRelayDomain(tenant, session, owned, 0);
    }
  }

  /** The domains that a tenant owns or waits for, in the order in which they came. */
  async list(tenant: TenantId): Promise<readonly MailDomain[]> {
    const byTenant = await this.listOf([tenant]);
    return byTenant.get(tenant) ?? [];
  }

  /** The domains of many tenants in one statement. */
  async listOf(tenants: readonly TenantId[]): Promise<ReadonlyMap<TenantId, readonly MailDomain[]>> {
    if (tenants.length === 0) {
      return new Map();
    }
    const rows = await this.database.read((session) =>
      session.list<DomainRow & { readonly tenant_id: TenantId }>(
        `SELECT d.tenant_id, ${domainColumns} FROM mail_domain d WHERE d.tenant_id IN (${tenants.map(() => '?').join(', ')}) AND d.status <> 'released' ORDER BY d.id`,
        tenants,
      ),
    );
    const byTenant = new Map<TenantId, MailDomain[]>();
    for (const { tenant_id: tenant, ...row } of rows) {
      byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), domainFromRow(row)]);
    }
    return byTenant;
  }

  /**
   * Gives all domains of a tenant up, and answers those that it owned.
   * @throws an error of the driver while claims still rest on one of them.
   */
  async releaseAll(
    tenant: TenantId,
    session: Session,
  ): Promise<readonly { readonly id: string; readonly name_ascii: string }[]> {
    const owned = await session.all<{ readonly id: string; readonly name_ascii: string }>(
      'SELECT id, name_ascii FROM mail_domain WHERE tenant_id = ? AND owner_key IS NOT NULL ORDER BY id',
      [tenant],
    );
    await session.run("DELETE FROM mail_domain WHERE tenant_id = ? AND status = 'released'", [tenant]);
    await session.run("UPDATE mail_domain SET status = 'released', transfer_to = NULL WHERE tenant_id = ?", [tenant]);
    await session.run('DELETE FROM mail_relay_domain WHERE tenant_id = ?', [tenant]);
    return owned;
  }
}

/** A domain that a tenant says is its own, and has not proved yet. */
export function newDomain({ ascii, unicode }: CanonicalDomain, now: number): MailDomain {
  return {
    id: newId(),
    name: unicode,
    nameAscii: ascii,
    status: 'pending',
    createdAt: now,
    verifiedAt: null,
    verifiedBy: null,
    verifyToken: randomBytes(16).toString('hex'),
    lastCheckAt: null,
    checkFailedSince: null,
    settledAt: null,
    transferTo: null,
    // Mail for people whom the identity provider has not sent yet is worth another try (as with Mimecast's default).
    unknownRecipientPolicy: 'defer',
    subaddressing: 'plus',
    nextHop: null,
  };
}

/** The domain with support staff's word in the place of a proof. */
export function vouchedFor(domain: MailDomain, now: number): MailDomain {
  return { ...domain, status: 'verified', verifiedAt: now, verifiedBy: 'vouched', settledAt: null };
}
