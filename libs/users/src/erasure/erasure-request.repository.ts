import { forUpdate, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import type { ErasureProgress, ErasureRequest, ErasureState } from './erasure-request.js';
import { type ErasureTraces, noTraces } from './erasure-traces.js';

interface Row {
  readonly id: string;
  readonly user_id: string | null;
  readonly mailbox_id: string | null;
  readonly reason: string;
  readonly state: ErasureState;
  readonly requested_by: string;
  readonly requested_at: number;
  readonly expires_at: number;
  readonly confirmed_by: string | null;
  readonly confirmed_at: number | null;
  readonly cancelled_by: string | null;
  readonly cancelled_at: number | null;
  readonly completed_at: number | null;
  readonly progress: string;
}

/** An erasure that is confirmed and not over, on whichever tenant. */
export interface OpenErasure {
  readonly id: string;
  readonly tenant_id: TenantId;
}

const columns = [
  'id', 'user_id', 'mailbox_id', 'reason', 'state', 'requested_by', 'requested_at', 'expires_at', 'confirmed_by',
  'confirmed_at', 'cancelled_by', 'cancelled_at', 'completed_at', 'progress',
] as const; // prettier-ignore
const select = `SELECT ${columns.join(', ')} FROM erasure_request`;
const insert = `INSERT INTO erasure_request (tenant_id, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`;
const update = `UPDATE erasure_request SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE tenant_id = ? AND id = ?`;
const insertSubject = {
  sqlite: 'INSERT OR IGNORE INTO erasure_subject (tenant_id, digest, erasure_id) VALUES (?, ?, ?)',
  mysql: 'INSERT IGNORE INTO erasure_subject (tenant_id, digest, erasure_id) VALUES (?, ?, ?)',
} as const;

/** Rows of erasures, their traces, and the digests of those whom they were about. */
@Injectable()
export class ErasureRequestRepository {
  async insert(tenant: TenantId, session: Session, request: ErasureRequest): Promise<void> {
    await session.run(insert, [tenant, ...values(request)]);
  }

  /** The caller has locked the row. */
  async update(tenant: TenantId, session: Session, request: ErasureRequest): Promise<void> {
    await session.run(update, [...values(request), tenant, request.id]);
  }

  /** `now` is the time of the database, by which a request is out of time. */
  async find(tenant: TenantId, session: Session, id: string, now: number): Promise<ErasureRequest | undefined> {
    const row = await session.first<Row>(`${select} WHERE tenant_id = ? AND id = ?`, [tenant, id]);
    return row === undefined ? undefined : fromRow(row, now);
  }

  /** Like {@link find}; the row stays locked to the end of the transaction. */
  async lock(tenant: TenantId, session: Session, id: string, now: number): Promise<ErasureRequest | undefined> {
    const row = await session.first<Row>(`${select} WHERE tenant_id = ? AND id = ?${forUpdate(session)}`, [tenant, id]);
    return row === undefined ? undefined : fromRow(row, now);
  }

  /** In the order in which they were asked for; `digests` are of a person whom they were about. */
  async list(
    tenant: TenantId,
    session: Session,
    {
      after = '',
      limit,
      digests,
    }: { readonly after?: string; readonly limit: number; readonly digests?: readonly string[] },
    now: number,
  ): Promise<readonly ErasureRequest[]> {
    const about =
      digests === undefined
        ? ''
        : ` AND id IN (SELECT s.erasure_id FROM erasure_subject s WHERE s.tenant_id = ? AND s.digest IN (${digests.map(() => '?').join(', ')}))`;
    const parameters: SqlValue[] = [tenant, after, ...(digests === undefined ? [] : [tenant, ...digests])];
    const rows = await session.list<Row>(
      `${select} WHERE tenant_id = ? AND id > ?${about} ORDER BY id LIMIT ${Math.trunc(limit)}`,
      parameters,
    );
    return rows.map((row) => fromRow(row, now));
  }

  /** The erasure of the same user or mailbox that can still be confirmed, or is under way. */
  async findOpen(
    tenant: TenantId,
    session: Session,
    { userId, mailboxId }: Pick<ErasureRequest, 'userId' | 'mailboxId'>,
    now: number,
  ): Promise<ErasureRequest | undefined> {
    const row = await session.first<Row>(
      `${select} WHERE tenant_id = ? AND (user_id = ? OR mailbox_id = ?) AND (state IN ('confirmed', 'erasing') OR (state = 'requested' AND expires_at > ?)) ORDER BY id LIMIT 1`,
      [tenant, userId, mailboxId, now],
    );
    return row === undefined ? undefined : fromRow(row, now);
  }

  /** Those of all tenants that are confirmed and not over, after the one of an id. */
  async unfinished(session: Session, after: string): Promise<readonly OpenErasure[]> {
    return session.all<OpenErasure>(
      "SELECT id, tenant_id FROM erasure_request WHERE state IN ('confirmed', 'erasing') AND id > ? ORDER BY id LIMIT 100",
      [after],
    );
  }

  async traces(tenant: TenantId, session: Session, id: string): Promise<ErasureTraces> {
    const row = await session.first<{ readonly traces: string | null }>(
      'SELECT traces FROM erasure_request WHERE tenant_id = ? AND id = ?',
      [tenant, id],
    );
    const traces = row?.traces ?? null;
    return traces === null ? noTraces : (JSON.parse(traces) as ErasureTraces);
  }

  /** null: the work is over, and nothing identifies the person any more. */
  async setTraces(tenant: TenantId, session: Session, id: string, traces: ErasureTraces | null): Promise<void> {
    await session.run('UPDATE erasure_request SET traces = ? WHERE tenant_id = ? AND id = ?', [
      traces === null ? null : JSON.stringify(traces),
      tenant,
      id,
    ]);
  }

  async addSubjects(tenant: TenantId, session: Session, id: string, digests: readonly string[]): Promise<void> {
    for (const digest of digests) {
      await session.run(insertSubject[session.dialect], [tenant, digest, id]);
    }
  }
}

function values(request: ErasureRequest): SqlValue[] {
  return [
    request.id,
    request.userId,
    request.mailboxId,
    request.reason,
    request.state,
    request.requestedBy,
    request.requestedAt,
    request.expiresAt,
    request.confirmedBy,
    request.confirmedAt,
    request.cancelledBy,
    request.cancelledAt,
    request.completedAt,
    JSON.stringify(request.progress),
  ];
}

function fromRow(row: Row, now: number): ErasureRequest {
  return {
    id: row.id,
    userId: row.user_id,
    mailboxId: row.mailbox_id,
    reason: row.reason,
    state: row.state === 'requested' && row.expires_at <= now ? 'expired' : row.state,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    confirmedBy: row.confirmed_by,
    confirmedAt: row.confirmed_at,
    cancelledBy: row.cancelled_by,
    cancelledAt: row.cancelled_at,
    completedAt: row.completed_at,
    progress: JSON.parse(row.progress) as ErasureProgress,
  };
}
