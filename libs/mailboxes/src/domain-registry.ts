import { Database, isDuplicate, newId, type Session, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { type CanonicalDomain, parseDomain } from './address-codec.js';
import { DomainInUseError, InvalidDomainError } from './domains.errors.js';

/** A mail domain of a tenant. `name` is the form for people, `nameAscii` the one that is looked up. */
export interface MailDomain {
  readonly id: string;
  readonly name: string;
  readonly nameAscii: string;
  readonly status: 'pending' | 'verified' | 'suspended' | 'released';
}

interface Row {
  readonly id: string;
  readonly name_unicode: string;
  readonly name_ascii: string;
  readonly status: MailDomain['status'];
}

/** Which tenant owns which mail domain; the database itself allows one owner a domain. */
@Injectable()
export class DomainRegistry {
  constructor(private readonly database: Database) {}

  /** @throws InvalidDomainError for a text that is no mail domain; the same domain twice counts once. */
  parse(names: readonly string[]): readonly CanonicalDomain[] {
    const domains = names.map((name) => {
      const domain = parseDomain(name.trim());
      if (domain === undefined) {
        throw new InvalidDomainError(name);
      }
      return domain;
    });
    return [...new Map(domains.map((domain) => [domain.ascii, domain])).values()];
  }

  /**
   * Makes the tenant the owner of domains that support staff vouch for, in the caller's transaction.
   * @throws DomainInUseError when another tenant owns one of them.
   */
  async claim(tenant: TenantId, session: Session, domains: readonly CanonicalDomain[], now: number): Promise<void> {
    for (const domain of domains) {
      await this.insert(tenant, session, domain, now);
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
      session.list<Row & { readonly tenant_id: TenantId }>(
        `SELECT tenant_id, id, name_unicode, name_ascii, status FROM mail_domain WHERE tenant_id IN (${tenants.map(() => '?').join(', ')}) AND status <> 'released' ORDER BY id`,
        tenants,
      ),
    );
    const byTenant = new Map<TenantId, MailDomain[]>();
    for (const { tenant_id: tenant, id, name_unicode: name, name_ascii: nameAscii, status } of rows) {
      byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), { id, name, nameAscii, status }]);
    }
    return byTenant;
  }

  /** Gives all domains of a tenant up. @throws an error of the driver while claims still rest on one of them. */
  async releaseAll(tenant: TenantId, session: Session): Promise<void> {
    await session.run("DELETE FROM mail_domain WHERE tenant_id = ? AND status = 'released'", [tenant]);
    await session.run("UPDATE mail_domain SET status = 'released' WHERE tenant_id = ?", [tenant]);
    await session.run('DELETE FROM mail_relay_domain WHERE tenant_id = ?', [tenant]);
  }

  private async insert(
    tenant: TenantId,
    session: Session,
    { ascii, unicode }: CanonicalDomain,
    now: number,
  ): Promise<void> {
    try {
      await session.run(
        'INSERT INTO mail_domain (tenant_id, id, name_ascii, name_unicode, status, created_at, verified_at, unknown_recipient_policy, subaddressing) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        [tenant, newId(), ascii, unicode, 'verified', now, now, 'defer', 'plus'],
      );
      for (const name of new Set([ascii, unicode])) {
        await session.run(
          'INSERT INTO mail_relay_domain (name, tenant_id, next_hop, unknown_recipient_policy, active, version) VALUES (?, ?, NULL, ?, ?, 0)',
          [name, tenant, 'defer', true],
        );
      }
    } catch (error) {
      if (isDuplicate(error, 'uq_mail_domain_owner')) {
        throw new DomainInUseError(unicode);
      }
      throw error;
    }
  }
}
