import { Database, type Session, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import type { Circumstances } from '../grants.js';
import { readMailPolicy } from '../mail-policy.js';
import type { Mailbox } from '../mailbox.js';
import { MailboxRepository } from '../mailbox.repository.js';
import { MailboxWriter } from '../mailbox-writer.js';
import type { GuardBatch } from './guard-batch.js';
import { GuardBatchRepository } from './guard-batch.repository.js';
import { rejectHeld, releaseHeld } from './held-mailbox.js';

const mailboxesPerTransaction = 50;

/** Lets the mailboxes of a decided batch follow the decision. */
@Injectable()
export class GuardSettlement {
  constructor(
    private readonly database: Database,
    private readonly batches: GuardBatchRepository,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
  ) {}

  /**
   * Carries a decision out, some mailboxes in a transaction, as of the time of the decision. Does nothing where nothing is
   * to be done, so it may be repeated, interrupted at any point, and run by several nodes at once.
   */
  async settle(tenant: TenantId, batchId: string, cause: EventCause): Promise<void> {
    const batch = await this.database.read((session) => this.batches.find(tenant, session, batchId));
    const decidedAt = batch?.decidedAt ?? null;
    if (batch === undefined || decidedAt === null || batch.settledAt !== null) {
      return;
    }
    let after = '';
    const settleNext = (session: Session) =>
      this.settleSome(tenant, session, { ...batch, decidedAt, after }, { ...cause, at: decidedAt });
    for await (const last of this.database.writeInBatches(settleNext)) {
      if (last === undefined) {
        break;
      }
      after = last;
    }
    await this.database.write((session) => this.batches.markSettled(tenant, session, batchId, cause.at));
  }

  private async settleSome(
    tenant: TenantId,
    session: Session,
    batch: GuardBatch & { readonly decidedAt: number; readonly after: string },
    cause: EventCause,
  ): Promise<string | undefined> {
    const page = { after: batch.after, limit: mailboxesPerTransaction };
    const ids = await this.batches.heldIds(tenant, session, batch.id, page);
    const policy = await readMailPolicy(tenant, session);
    const circumstances = { now: batch.decidedAt, policy, erasesOnDeactivation: batch.erases };
    // Whoever came back since the ids were read is no longer held.
    const held = (await this.mailboxes.findMany(tenant, session, ids)).filter(
      ({ guardBatchId, guardState }) => guardBatchId === batch.id && guardState === 'held',
    );
    const changes = held.map((before) => ({ before, after: decided(before, batch, circumstances) }));
    await this.writer.write(tenant, session, changes, policy, cause);
    return ids.at(-1);
  }
}

function decided(held: Mailbox, { status }: GuardBatch, circumstances: Circumstances): Mailbox {
  return status === 'released' ? releaseHeld(held, circumstances) : rejectHeld(held, circumstances);
}
