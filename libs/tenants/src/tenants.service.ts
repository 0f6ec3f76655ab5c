import { asTenantId, Database, newId, type Session, soundTime, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail } from '@cleanmail/journal';
import { days, TenantDomains, type MailDomain, readMailPolicy, TenantMail } from '@cleanmail/mailboxes';
import { Injectable } from '@nestjs/common';
import type { TenantDialect } from './dialect/tenant-dialect.js';
import { TenantDialects } from './dialect/tenant-dialects.js';
import type { ProfileName } from './service-profile.js';
import type { Tenant } from './tenant.js';
import { TenantClosure } from './tenant-closure.js';
import { TenantRepository } from './tenant.repository.js';
import { TenantNotFoundError } from './tenants.errors.js';
import { TokenCache } from './token-cache.js';
import { TokenRepository } from './token.repository.js';

/** A tenant with its mail domains, and what its identity provider speaks (null: not known yet). */
export interface TenantWithDomains extends Tenant {
  readonly domains: readonly MailDomain[];
  readonly dialect: TenantDialect | null;
}

/** What support staff may change of a tenant; what is left out or undefined stays. */
export interface TenantChange {
  readonly name?: string | undefined;
  readonly status?: 'active' | 'suspended' | undefined;
}

/** Tenants from their creation to their end. Every change leaves an audit entry in its own transaction. */
@Injectable()
export class TenantsService {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantRepository,
    private readonly tokens: TokenRepository,
    private readonly cache: TokenCache,
    private readonly mail: TenantMail,
    private readonly closure: TenantClosure,
    private readonly domains: TenantDomains,
    private readonly dialects: TenantDialects,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @throws InvalidDomainError for a text that is no mail domain.
   * @throws DomainInUseError when another tenant owns one of them; nothing is created then.
   */
  async create(
    actor: Actor,
    wanted: { readonly name: string; readonly profile: ProfileName; readonly domains: readonly string[] },
  ): Promise<TenantWithDomains> {
    const { name, profile } = wanted;
    const domains = this.domains.parse(wanted.domains);
    const now = Date.now();
    const tenant: Tenant = { id: asTenantId(newId()), name, profile, status: 'active', createdAt: now, updatedAt: now };
    await this.database.write(async (session) => {
      await this.tenants.insert(session, tenant);
      await this.mail.open(tenant.id, session, domains, now);
      const details = { name, profile, domains: domains.map(({ ascii }) => ascii) };
      await this.audit.record(tenant.id, session, actor, { action: 'tenant.create', target: tenant.id, details });
    });
    await this.mail.settleOwnership(domains, { actor: actor.name, requestId: actor.requestId, at: now });
    return { ...tenant, domains: await this.domains.list(tenant.id), dialect: null };
  }

  /** @throws TenantNotFoundError */
  async get(tenant: TenantId): Promise<TenantWithDomains> {
    const found = await this.require(tenant);
    const dialects = await this.dialects.listOf([tenant]);
    return { ...found, domains: await this.domains.list(tenant), dialect: dialects.get(tenant) ?? null };
  }

  /** @throws TenantNotFoundError */
  async require(id: TenantId): Promise<Tenant> {
    const tenant = await this.database.read((session) => this.tenants.find(session, id));
    if (tenant === undefined) {
      throw new TenantNotFoundError(id);
    }
    return tenant;
  }

  /** Whether the tenant exists or did: what was done to it stays readable when it is closed. @throws TenantNotFoundError */
  async requireEver(id: TenantId): Promise<void> {
    if (!(await this.database.read((session) => this.tenants.exists(session, id)))) {
      throw new TenantNotFoundError(id);
    }
  }

  async list(page: { readonly after?: string; readonly limit: number }): Promise<readonly TenantWithDomains[]> {
    const tenants = await this.database.read((session) => this.tenants.list(session, page));
    const ids = tenants.map(({ id }) => id);
    const domains = await this.domains.listOf(ids);
    const dialects = await this.dialects.listOf(ids);
    return tenants.map((tenant) => ({
      ...tenant,
      domains: domains.get(tenant.id) ?? [],
      dialect: dialects.get(tenant.id) ?? null,
    }));
  }

  /**
   * Renames, suspends or resumes. A suspended tenant's tokens open nothing, and its mailboxes are suspended in short
   * transactions; one that was interrupted is finished by repeating it. @throws TenantNotFoundError
   */
  async change(tenant: TenantId, actor: Actor, change: TenantChange): Promise<TenantWithDomains> {
    const now = Date.now();
    await this.database.write(async (session) => {
      const before = await this.tenants.find(session, tenant);
      if (before === undefined) {
        throw new TenantNotFoundError(tenant);
      }
      const { name = before.name, status = before.status } = change;
      await this.tenants.update(session, { ...before, name, status, updatedAt: now });
      await this.mail.setSuspended(tenant, session, status === 'suspended');
      await this.audit.record(tenant, session, actor, {
        action: 'tenant.change',
        target: tenant,
        details: { ...change },
      });
    });
    this.cache.clear();
    if (change.status !== undefined) {
      await this.mail.settle(tenant, { actor: actor.name, requestId: actor.requestId, at: now });
    }
    return this.get(tenant);
  }

  /**
   * Decommissions a tenant: its tokens end at once, its mailboxes, addresses and domains when the notice period of its mail
   * policy is over, in short transactions. A close that was interrupted is finished by a clock, or by repeating it.
   * @throws TenantNotFoundError
   */
  async close(tenant: TenantId, actor: Actor): Promise<void> {
    const now = Date.now();
    const isDue = await this.database.write(async (session) => {
      const at = await soundTime(session, now);
      if ((await this.tenants.find(session, tenant)) === undefined) {
        return this.isDue(session, tenant, at);
      }
      const { noticeDays } = await readMailPolicy(tenant, session);
      const mailEndsAt = at + days(noticeDays);
      await this.tenants.close(session, tenant, now, mailEndsAt);
      await this.tokens.revokeAll(tenant, session, now);
      const details = { mailEndsAt: new Date(mailEndsAt).toISOString() };
      await this.audit.record(tenant, session, actor, { action: 'tenant.close', target: tenant, details });
      return noticeDays === 0;
    });
    this.cache.clear();
    if (isDue) {
      await this.closure.finish(tenant, { actor: actor.name, requestId: actor.requestId, at: now });
    }
  }

  /** Whether the mail of a tenant that is closed already is to end. @throws TenantNotFoundError */
  private async isDue(session: Session, tenant: TenantId, now: number): Promise<boolean> {
    if (!(await this.tenants.exists(session, tenant))) {
      throw new TenantNotFoundError(tenant);
    }
    return !(await this.tenants.isInNotice(session, tenant, now));
  }
}
