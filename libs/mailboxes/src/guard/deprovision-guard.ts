import type { Session, TenantId } from '@cleanmail/database';
import type { OutboxEvent } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import type { Circumstances } from '../grants.js';
import type { Mailbox } from '../mailbox.js';
import type { MailboxChange } from '../recipient-rows.js';
import { GuardBatchRepository } from './guard-batch.repository.js';
import { holdDeactivation, holdDeletion } from './held-mailbox.js';
import { guardThreshold, isGuardOn, isLeaver } from './leaver.js';
import { type CountedLeaver, leaverHour } from './leaver-ledger.js';

/** A batch of leavers that was just opened: somebody must look at it. */
export interface TrippedGuard {
  readonly batchId: string;
  readonly threshold: number;
}

/** What becomes of a mailbox that its identity provider changed. */
export interface GuardedChange {
  readonly change: MailboxChange;
  /** How the change is counted; undefined when it takes nothing from anybody. */
  readonly leaver?: CountedLeaver;
  readonly tripped?: TrippedGuard;
}

/** Holds the effect of more leavers within an hour than a tenant is likely to have, until support has looked at them. */
@Injectable()
export class DeprovisionGuard {
  constructor(private readonly batches: GuardBatchRepository) {}

  /**
   * The change as it may be written, in the caller's transaction: as it is, or with its effect on mail held. Together
   * with the condition under which the leaver is counted, no more than the threshold ever take effect within an hour.
   */
  async judge(
    tenant: TenantId,
    session: Session,
    change: MailboxChange,
    circumstances: Circumstances,
  ): Promise<GuardedChange> {
    const { policy, erasesOnDeactivation: erases } = circumstances;
    const { before } = change;
    if (before === undefined || !isLeaver(change, circumstances)) {
      return { change };
    }
    const hold = (batchId: string) => held(before, change.after, batchId, circumstances);
    // A held deactivation that is followed by the deletion is the same leaver once more, and waits for the same word.
    if (before.guardState === 'held' && before.guardBatchId === (await this.batches.findOpen(tenant, session))?.id) {
      return { change: hold(before.guardBatchId ?? '') };
    }
    if (!isGuardOn(policy)) {
      return { change };
    }
    const { now: at, since, seats } = await leaverHour(tenant, session);
    const threshold = guardThreshold(policy, Math.max(policy.seatsUsed, seats));
    if (policy.leavers < since + threshold) {
      return { change, leaver: { at, below: since + threshold, events: [] } };
    }
    const open = await this.batches.findOpen(tenant, session);
    if (open !== undefined) {
      return { change: hold(open.id), leaver: { at, below: null, events: [] } };
    }
    const batchId = await this.batches.open(tenant, session, { threshold, erases, at });
    const tripped = { batchId, threshold };
    return { change: hold(batchId), leaver: { at, below: null, events: [trippedEvent(tripped)] }, tripped };
  }
}

function held(before: Mailbox, after: Mailbox, batchId: string, circumstances: Circumstances): MailboxChange {
  const isDeletion = after.deletedAt !== null;
  return {
    before,
    after: isDeletion
      ? holdDeletion(before, batchId, circumstances)
      : holdDeactivation(before, after, batchId, circumstances),
  };
}

function trippedEvent({ batchId, threshold }: TrippedGuard): OutboxEvent {
  return { type: 'guard.tripped', data: { batchId, threshold } };
}
