import { asTenantId, type Session, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import type { ProfileName } from './service-profile.js';
import type { TenantStatus } from './tenant.js';
import type { Token } from './token.js';

/** A token as the guard needs it: with its hash and its tenant. */
export interface PresentedToken extends Token {
  readonly secretHash: string;
  readonly tenant: TenantId;
  readonly tenantStatus: TenantStatus;
  readonly profile: ProfileName;
  /** How often the extension schemas of the tenant have changed; 0: never. */
  readonly schemaRevision: number;
}

interface Row {
  readonly id: string;
  readonly public_id: string;
  readonly description: string | null;
  readonly service_account: string | null;
  readonly created_at: number;
  readonly created_by: string;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
}

interface PresentedRow extends Row {
  readonly secret_hash: string;
  readonly tenant_id: string;
  readonly tenant_status: TenantStatus;
  readonly profile: ProfileName;
  readonly schema_revision: number;
}

const columns =
  'id, public_id, description, service_account, created_at, created_by, expires_at, revoked_at, last_used_at';
const presented = `
  SELECT ${columns
    .split(', ')
    .map((column) => `k.${column}`)
    .join(', ')}, k.secret_hash, k.tenant_id, t.status AS tenant_status, t.profile, t.schema_revision
    FROM secret_token k JOIN tenant t ON t.id = k.tenant_id WHERE k.public_id = ?`;

/** Rows of secret tokens. */
@Injectable()
export class TokenRepository {
  async insert(tenant: TenantId, session: Session, token: Token, secretHash: string): Promise<void> {
    await session.run(
      'INSERT INTO secret_token (tenant_id, id, public_id, secret_hash, description, service_account, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      [
        tenant,
        token.id,
        token.publicId,
        secretHash,
        token.description,
        token.serviceAccount,
        token.createdAt,
        token.createdBy,
        token.expiresAt,
      ],
    );
  }

  /** The lookup of the guard, and the only one that does not begin with a tenant: the token says which it is. */
  async findByPublicId(session: Session, publicId: string): Promise<PresentedToken | undefined> {
    const [row] = await session.lookUp<PresentedRow>(presented, [publicId]);
    return row === undefined
      ? undefined
      : {
          ...fromRow(row),
          secretHash: row.secret_hash,
          tenant: asTenantId(row.tenant_id),
          tenantStatus: row.tenant_status,
          profile: row.profile,
          schemaRevision: row.schema_revision,
        };
  }

  async find(tenant: TenantId, session: Session, id: string): Promise<Token | undefined> {
    const row = await session.first<Row>(`SELECT ${columns} FROM secret_token WHERE tenant_id = ? AND id = ?`, [
      tenant,
      id,
    ]);
    return row === undefined ? undefined : fromRow(row);
  }

  /** Those of the ids that the tenant has, ended ones too. */
  async findMany(tenant: TenantId, session: Session, ids: readonly string[]): Promise<readonly Token[]> {
    if (ids.length === 0) {
      return [];
    }
    const rows = await session.list<Row>(
      `SELECT ${columns} FROM secret_token WHERE tenant_id = ? AND id IN (${ids.map(() => '?').join(', ')})`,
      [tenant, ...ids],
    );
    return rows.map(fromRow);
  }

  /** In the order of creation; `after` is the id of the last token of the page before. */
  async list(
    tenant: TenantId,
    session: Session,
    { after = '', limit }: { readonly after?: string; readonly limit: number },
  ): Promise<readonly Token[]> {
    const rows = await session.list<Row>(
      `SELECT ${columns} FROM secret_token WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ${Math.trunc(limit)}`,
      [tenant, after],
    );
    return rows.map(fromRow);
  }

  /** Ends a token at that time, which may lie ahead; never makes one live longer. */
  async endAt(tenant: TenantId, session: Session, id: string, time: number): Promise<void> {
    await session.run('UPDATE secret_token SET revoked_at = ? WHERE tenant_id = ? AND id = ? AND (revoked_at IS NULL OR revoked_at > ?)', [
      time, tenant, id, time,
    ]); // prettier-ignore
  }

  async revokeAll(tenant: TenantId, session: Session, now: number): Promise<void> {
    await session.run(
      'UPDATE secret_token SET revoked_at = ? WHERE tenant_id = ? AND (revoked_at IS NULL OR revoked_at > ?)',
      [now, tenant, now],
    );
  }

  async touch(tenant: TenantId, session: Session, id: string, now: number): Promise<void> {
    await session.run('UPDATE secret_token SET last_used_at = ? WHERE tenant_id = ? AND id = ? AND (last_used_at IS NULL OR last_used_at < ?)', [
      now, tenant, id, now,
    ]); // prettier-ignore
  }
}

function fromRow(row: Row): Token {
  return {
    id: row.id,
    publicId: row.public_id,
    description: row.description,
    serviceAccount: row.service_account,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}
