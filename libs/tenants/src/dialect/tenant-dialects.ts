import { Database, type Session, type TenantId } from '@cleanmail/database';
import { AuditTrail } from '@cleanmail/journal';
import { TenantMail } from '@cleanmail/mailboxes';
import type { DialectSign } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { TenantRepository } from '../tenant.repository.js';
import { tenantDialect, type TenantDialect } from './tenant-dialect.js';
import { TenantDialectRepository } from './tenant-dialect.repository.js';

/** In which request a dialect was seen, and when (milliseconds since 1970, UTC). */
export interface Sighting {
  readonly requestId: string;
  readonly at: number;
}

const system = 'system';

/**
 * Which dialects of SCIM tenants were seen to use. One that is new, or takes over from another after a day of absence,
 * is an event of the tenant: an audit entry and an event in its feed, once, however many nodes see it.
 */
@Injectable()
export class TenantDialects {
  constructor(
    private readonly database: Database,
    private readonly dialects: TenantDialectRepository,
    private readonly tenants: TenantRepository,
    private readonly audit: AuditTrail,
    private readonly mail: TenantMail,
  ) {}

  async record(tenant: TenantId, sign: DialectSign, sighting: Sighting): Promise<void> {
    const isStillInUse = await this.database.read((session) =>
      this.dialects.touch(tenant, session, sign.dialect, sighting.at),
    );
    if (!isStillInUse) {
      await this.database.write((session) => this.takeOver(tenant, session, sign, sighting));
    }
  }

  /** The dialects of many tenants in one statement; a tenant of which none is known is not among them. */
  async listOf(tenants: readonly TenantId[]): Promise<ReadonlyMap<TenantId, TenantDialect>> {
    const seen = await this.database.read((session) => this.dialects.listOf(tenants, session));
    const known = [...seen].map(([tenant, all]) => [tenant, tenantDialect(all)] as const);
    return new Map(known.filter((entry): entry is [TenantId, TenantDialect] => entry[1] !== null));
  }

  /** The tenant's row is locked, so that nodes which see the same at once come one after another. */
  private async takeOver(tenant: TenantId, session: Session, sign: DialectSign, sighting: Sighting): Promise<void> {
    const { at } = sighting;
    const isOpen = await this.tenants.lock(session, tenant);
    if (!isOpen || (await this.dialects.touch(tenant, session, sign.dialect, at))) {
      return;
    }
    const seen = await this.dialects.list(tenant, session);
    const from = tenantDialect(seen)?.current.dialect ?? null;
    const isKnown = seen.some(({ dialect }) => dialect === sign.dialect);
    await (isKnown ? this.dialects.resume(tenant, session, sign, at) : this.dialects.insert(tenant, session, sign, at));
    if (from !== sign.dialect) {
      await this.announce(tenant, session, { from, to: sign.dialect, evidence: sign.evidence }, sighting);
    }
  }

  private async announce(
    tenant: TenantId,
    session: Session,
    details: Readonly<Record<string, unknown>>,
    { requestId, at }: Sighting,
  ): Promise<void> {
    const actor = { name: system, requestId };
    await this.audit.record(tenant, session, actor, { action: 'tenant.dialect', target: tenant, details });
    const events = [{ type: 'tenant.dialect-changed', data: details }];
    await this.mail.announce(tenant, session, { actor: system, requestId, at }, events);
  }
}
