import type { Session, TenantId } from '@cleanmail/database';
import type { DialectSign, ProviderDialect } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { forgottenAfter, type SeenDialect } from './tenant-dialect.js';

interface Row {
  readonly tenant_id: TenantId;
  readonly dialect: ProviderDialect;
  readonly evidence: string;
  readonly first_seen_at: number;
  readonly last_seen_at: number;
  readonly since_at: number;
}

const columns = 'tenant_id, dialect, evidence, first_seen_at, last_seen_at, since_at';

/** Rows of dialects that tenants were seen to use: at most one a dialect. */
@Injectable()
export class TenantDialectRepository {
  /** Notes that a dialect is still in use; false when it is not known, or was away for so long that it comes anew. */
  async touch(tenant: TenantId, session: Session, dialect: ProviderDialect, now: number): Promise<boolean> {
    const touched = await session.run(
      'UPDATE tenant_dialect SET last_seen_at = CASE WHEN last_seen_at < ? THEN ? ELSE last_seen_at END WHERE tenant_id = ? AND dialect = ? AND last_seen_at > ?',
      [now, now, tenant, dialect, now - forgottenAfter],
    );
    return touched > 0;
  }

  async insert(tenant: TenantId, session: Session, { dialect, evidence }: DialectSign, now: number): Promise<void> {
    await session.run(`INSERT INTO tenant_dialect (${columns}) VALUES (?, ?, ?, ?, ?, ?)`, [
      tenant,
      dialect,
      evidence,
      now,
      now,
      now,
    ]);
  }

  /** A dialect that is known is in use again. */
  async resume(tenant: TenantId, session: Session, { dialect, evidence }: DialectSign, now: number): Promise<void> {
    await session.run(
      'UPDATE tenant_dialect SET evidence = ?, last_seen_at = ?, since_at = ? WHERE tenant_id = ? AND dialect = ?',
      [evidence, now, now, tenant, dialect],
    );
  }

  async list(tenant: TenantId, session: Session): Promise<readonly SeenDialect[]> {
    return (await this.listOf([tenant], session)).get(tenant) ?? [];
  }

  /** The dialects of many tenants in one statement. */
  async listOf(tenants: readonly TenantId[], session: Session): Promise<ReadonlyMap<TenantId, readonly SeenDialect[]>> {
    const byTenant = new Map<TenantId, SeenDialect[]>();
    if (tenants.length === 0) {
      return byTenant;
    }
    const rows = await session.list<Row>(
      `SELECT ${columns} FROM tenant_dialect WHERE tenant_id IN (${tenants.map(() => '?').join(', ')})`,
      tenants,
    );
    for (const row of rows) {
      byTenant.set(row.tenant_id, [...(byTenant.get(row.tenant_id) ?? []), fromRow(row)]);
    }
    return byTenant;
  }
}

function fromRow({ dialect, evidence, first_seen_at, last_seen_at, since_at }: Row): SeenDialect {
  return { dialect, evidence, firstSeenAt: first_seen_at, lastSeenAt: last_seen_at, since: since_at };
}
