import { Database, type Session, soundTime, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail, Outbox } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { feedVersion } from '../feed-version.js';
import type { GuardBatch, GuardDecision } from './guard-batch.js';
import { type GuardBatchQuery, GuardBatchRepository } from './guard-batch.repository.js';
import { GuardBatchDecidedError, GuardBatchNotFoundError } from './guard.errors.js';
import { GuardSettlement } from './guard-settlement.js';

const actions = { released: 'guard-batch.release', rejected: 'guard-batch.reject' } as const satisfies Readonly<
  Record<GuardDecision, string>
>;

/** What support does with the leavers that the deprovision guard holds. */
@Injectable()
export class GuardBatches {
  constructor(
    private readonly database: Database,
    private readonly batches: GuardBatchRepository,
    private readonly settlement: GuardSettlement,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  /** Newest first. */
  async list(tenant: TenantId, query: GuardBatchQuery): Promise<readonly GuardBatch[]> {
    return this.database.read((session) => this.batches.list(tenant, session, query));
  }

  /** @throws GuardBatchNotFoundError */
  async get(tenant: TenantId, id: string): Promise<GuardBatch> {
    return this.database.read(async (session) => known(await this.batches.find(tenant, session, id), id));
  }

  /** The number of open batches of all tenants, for the metrics. */
  async countOpen(): Promise<number> {
    const row = await this.database.read((session) =>
      session.first<{ readonly n: number }>(
        "SELECT COUNT(*) AS n FROM guard_batch WHERE settled_at IS NULL AND status = 'open'",
      ),
    );
    return Number(row?.n ?? 0);
  }

  /**
   * Lets the identity provider have its way: what it deactivated is suspended, what it deleted is deleted, as of now.
   * @throws GuardBatchNotFoundError, GuardBatchDecidedError
   */
  async release(tenant: TenantId, actor: Actor, id: string): Promise<GuardBatch> {
    return this.decide(tenant, actor, id, 'released');
  }

  /**
   * Takes the leavers for a mistake: their mailboxes stay until the identity provider says something else of them.
   * @throws GuardBatchNotFoundError, GuardBatchDecidedError
   */
  async reject(tenant: TenantId, actor: Actor, id: string): Promise<GuardBatch> {
    return this.decide(tenant, actor, id, 'rejected');
  }

  /** Marks the batch with its audit entry; the effect follows, and a clock finishes what a crash leaves. */
  private async decide(tenant: TenantId, actor: Actor, id: string, status: GuardDecision): Promise<GuardBatch> {
    const at = await this.database.write((session) => this.mark(tenant, session, actor, id, status));
    await this.settlement.settle(tenant, id, { actor: actor.name, requestId: actor.requestId, at });
    return this.get(tenant, id);
  }

  private async mark(
    tenant: TenantId,
    session: Session,
    actor: Actor,
    id: string,
    status: GuardDecision,
  ): Promise<number> {
    const batch = known(await this.batches.findForUpdate(tenant, session, id), id);
    if (batch.status !== 'open') {
      throw new GuardBatchDecidedError(batch);
    }
    const at = await soundTime(session, Date.now());
    const held = await this.batches.countHeld(tenant, session, id);
    await this.batches.decide(tenant, session, id, { status, at, by: actor.name, held });
    await this.audit.record(tenant, session, actor, { action: actions[status], target: id, details: { ...held } });
    const version = await session.increment(feedVersion, tenant, 1);
    const event = { type: `guard.${status}`, data: { batchId: id, ...held } };
    await this.outbox.append(tenant, session, version, { actor: actor.name, requestId: actor.requestId, at }, [event]);
    return at;
  }
}

function known(batch: GuardBatch | undefined, id: string): GuardBatch {
  if (batch === undefined) {
    throw new GuardBatchNotFoundError(id);
  }
  return batch;
}
