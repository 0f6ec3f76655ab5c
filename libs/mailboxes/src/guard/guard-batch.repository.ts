import {
  forShare,
  forUpdate,
  isDuplicate,
  newId,
  type Session,
  type SqlValue,
  StaleRowError,
  type TenantId,
} from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import type { GuardBatch, GuardBatchStatus, GuardDecision } from './guard-batch.js';

/** Which batches to list, newest first; `after` is the id of the last one of the page before. */
export interface GuardBatchQuery {
  readonly status?: GuardBatchStatus;
  readonly after?: string;
  readonly limit: number;
}

/** How many mailboxes a batch holds. */
export interface HeldCount {
  readonly deactivations: number;
  readonly deletions: number;
}

interface Row {
  readonly id: string;
  readonly status: GuardBatchStatus;
  readonly threshold: number;
  readonly erases: number;
  readonly opened_at: number;
  readonly decided_at: number | null;
  readonly decided_by: string | null;
  readonly settled_at: number | null;
  readonly deactivations: number | null;
  readonly deletions: number | null;
}

const columns =
  'id, status, threshold, erases, opened_at, decided_at, decided_by, settled_at, deactivations, deletions';
const open = `SELECT ${columns} FROM guard_batch WHERE tenant_id = ? AND open_key = 'open'`;
const byId = `SELECT ${columns} FROM guard_batch WHERE tenant_id = ? AND id = ?`;
const countHeld = `
  SELECT COUNT(*) AS held, COALESCE(SUM(CASE WHEN scim_user_id IS NULL THEN 1 ELSE 0 END), 0) AS deletions
    FROM mailbox_account WHERE guard_batch_id = ? AND tenant_id = ? AND guard_state = 'held'`;

/** Batches of leavers. Who adds a mailbox to one holds its row, so that it is not decided meanwhile. */
@Injectable()
export class GuardBatchRepository {
  /** The tenant's open batch, which stays open until the end of the transaction. */
  async findOpen(tenant: TenantId, session: Session): Promise<GuardBatch | undefined> {
    return batchOf(await session.first<Row>(`${open}${forShare(session)}`, [tenant]));
  }

  /** @throws StaleRowError when another unit of work has opened one. */
  async open(
    tenant: TenantId,
    session: Session,
    { threshold, erases, at }: Pick<GuardBatch, 'threshold' | 'erases'> & { readonly at: number },
  ): Promise<string> {
    const id = newId();
    const insert =
      "INSERT INTO guard_batch (tenant_id, id, status, threshold, erases, opened_at) VALUES (?, ?, 'open', ?, ?, ?)";
    await session.run(insert, [tenant, id, threshold, erases, at]).catch((error: unknown) => {
      throw isDuplicate(error, 'uq_guard_batch_open') ? new StaleRowError('a batch was opened meanwhile') : error;
    });
    return id;
  }

  async find(tenant: TenantId, session: Session, id: string): Promise<GuardBatch | undefined> {
    const batch = batchOf(await session.first<Row>(byId, [tenant, id]));
    return batch?.status === 'open' ? { ...batch, ...(await this.countHeld(tenant, session, id)) } : batch;
  }

  async findForUpdate(tenant: TenantId, session: Session, id: string): Promise<GuardBatch | undefined> {
    return batchOf(await session.first<Row>(`${byId}${forUpdate(session)}`, [tenant, id]));
  }

  async list(
    tenant: TenantId,
    session: Session,
    { status, after, limit }: GuardBatchQuery,
  ): Promise<readonly GuardBatch[]> {
    const parameters: SqlValue[] = [tenant];
    let condition = '';
    if (status !== undefined) {
      condition += ' AND status = ?';
      parameters.push(status);
    }
    if (after !== undefined) {
      condition += ' AND id < ?';
      parameters.push(after);
    }
    const statement = `SELECT ${columns} FROM guard_batch WHERE tenant_id = ?${condition} ORDER BY id DESC LIMIT ${Math.trunc(limit)}`;
    const rows = await session.list<Row>(statement, parameters);
    const batches: GuardBatch[] = [];
    for (const row of rows) {
      const counts = row.status === 'open' ? await this.countHeld(tenant, session, row.id) : {};
      batches.push({ ...fromRow(row), ...counts });
    }
    return batches;
  }

  async countHeld(tenant: TenantId, session: Session, id: string): Promise<HeldCount> {
    const row = await session.first<{ readonly held: number; readonly deletions: number | string }>(countHeld, [
      id,
      tenant,
    ]);
    const deletions = Number(row?.deletions ?? 0);
    return { deactivations: Number(row?.held ?? 0) - deletions, deletions };
  }

  async decide(
    tenant: TenantId,
    session: Session,
    id: string,
    {
      status,
      at,
      by,
      held,
    }: { readonly status: GuardDecision; readonly at: number; readonly by: string; readonly held: HeldCount },
  ): Promise<void> {
    await session.run(
      'UPDATE guard_batch SET status = ?, decided_at = ?, decided_by = ?, deactivations = ?, deletions = ? WHERE tenant_id = ? AND id = ?',
      [status, at, by.slice(0, 128), held.deactivations, held.deletions, tenant, id],
    );
  }

  /** Ends the open batch of a tenant whose mail has ended. */
  async close(tenant: TenantId, session: Session, { at, by }: { readonly at: number; readonly by: string }) {
    await session.run(
      "UPDATE guard_batch SET status = 'closed', decided_at = ?, decided_by = ?, settled_at = ?, deactivations = 0, deletions = 0 WHERE tenant_id = ? AND open_key = 'open'",
      [at, by.slice(0, 128), at, tenant],
    );
  }

  async markSettled(tenant: TenantId, session: Session, id: string, at: number): Promise<void> {
    await session.run('UPDATE guard_batch SET settled_at = ? WHERE tenant_id = ? AND id = ? AND settled_at IS NULL', [
      at,
      tenant,
      id,
    ]);
  }

  /** Ids of mailboxes that the batch holds, those that follow `after`. */
  async heldIds(
    tenant: TenantId,
    session: Session,
    id: string,
    { after, limit }: { readonly after: string; readonly limit: number },
  ): Promise<readonly string[]> {
    const rows = await session.all<{ readonly id: string }>(
      `SELECT id FROM mailbox_account WHERE guard_batch_id = ? AND tenant_id = ? AND guard_state = 'held' AND id > ? ORDER BY id LIMIT ${Math.trunc(limit)}`,
      [id, tenant, after],
    );
    return rows.map((row) => row.id);
  }
}

function batchOf(row: Row | undefined): GuardBatch | undefined {
  return row === undefined ? undefined : fromRow(row);
}

function fromRow(row: Row): GuardBatch {
  return {
    id: row.id,
    status: row.status,
    threshold: row.threshold,
    erases: row.erases === 1,
    openedAt: row.opened_at,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
    settledAt: row.settled_at,
    deactivations: row.deactivations ?? 0,
    deletions: row.deletions ?? 0,
  };
}
