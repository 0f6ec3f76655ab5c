import { runAll, databaseTime, type Session, type TenantId, type Write } from '@cleanmail/database';
import { AuditTrail } from '@cleanmail/journal';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { EVENT_SETTINGS, type EventSettings } from '../event-settings.js';
import type { FeedEvent } from '../feed/feed-event.js';
import type { SealedReceiver } from '../receiver.js';
import { ReceiverRepository } from '../receiver.repository.js';
import { deprovisioningTypes } from '../receipts/receipt.js';
import { ReceiptRepository } from '../receipts/receipt.repository.js';
import type { Attempt } from '../sending/sender.js';
import type { BatchResult } from './batch-run.js';
import { type Delivery, DeliveryRepository, type ParkedEvent } from './delivery.repository.js';
import { nextAttempt } from './retry-schedule.js';
import { type StreamMove, StreamRepository } from './stream.repository.js';

/** How long a receiver is left alone that failed many times in a row, in milliseconds. */
const rest = 30_000;
const day = 86_400_000;
const relay = { name: 'relay', requestId: '' };

/** Writes down what became of attempts, each time in the caller's transaction. */
@Injectable()
export class Settlement {
  private readonly logger = new Logger('Events');

  constructor(
    private readonly receivers: ReceiverRepository,
    private readonly streams: StreamRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly receipts: ReceiptRepository,
    private readonly audit: AuditTrail,
    @Inject(EVENT_SETTINGS) private readonly settings: EventSettings,
  ) {}

  /** False when the stream was taken over meanwhile: then nothing is written, and the other node sends anew. */
  async ofBatch(
    tenant: TenantId,
    session: Session,
    receiver: SealedReceiver,
    result: BatchResult,
    move: StreamMove,
  ): Promise<boolean> {
    if (!(await this.streams.advance(tenant, session, receiver.id, move))) {
      return false;
    }
    const now = await databaseTime(session);
    const writes = [
      ...this.deliveries.parking(session, receiver.id, parked(result, now), now),
      ...result.delivered.flatMap(({ event, attempt }) => this.receipt(receiver, event, attempt, now)),
    ];
    if (writes.length > 0) {
      await runAll(session, writes);
    }
    const { delivered, failed, gaveUp } = result;
    await this.ofReceiver(session, receiver, { now, ok: delivered.length > 0, failed: failed.length > 0, gaveUp });
    return true;
  }

  /** Answers whether the event is dead now. */
  async ofDelivery(
    session: Session,
    receiver: SealedReceiver,
    delivery: Delivery,
    { attempt, holder }: { readonly attempt: Attempt; readonly holder: string },
  ): Promise<boolean> {
    const now = await databaseTime(session);
    await this.ofReceiver(session, receiver, { now, ok: attempt.ok, failed: !attempt.ok, gaveUp: false });
    if (attempt.ok) {
      if (await this.deliveries.done(session, receiver.id, delivery, holder)) {
        const writes = this.receipt(receiver, delivery.event, attempt, now);
        await (writes.length > 0 ? runAll(session, writes) : undefined);
      }
      return false;
    }
    const attempts = delivery.attempts + 1;
    const firstFailedAt = delivery.attempts === 0 ? now : delivery.firstFailedAt;
    const nextAttemptAt = nextAttempt(attempts, { firstFailedAt, now });
    const { error } = attempt;
    await this.deliveries.failed(session, receiver.id, delivery, {
      ...{ holder, attempts, firstFailedAt, nextAttemptAt, error },
    });
    return nextAttemptAt === undefined;
  }

  /** A webhook that is answered 202 is acknowledged later; a token is answered so as RFC 8935 section 2.2 has it. */
  private receipt(receiver: SealedReceiver, event: FeedEvent, { status }: Attempt, now: number): readonly Write[] {
    if (!deprovisioningTypes.includes(event.type)) {
      return [];
    }
    const isLater = status === 202 && receiver.format === 'standard-webhooks';
    return [this.receipts.delivered(receiver.id, event, isLater ? 'accepted' : 'done', now)];
  }

  private async ofReceiver(
    session: Session,
    receiver: SealedReceiver,
    {
      now,
      ok,
      failed,
      gaveUp,
    }: { readonly now: number; readonly ok: boolean; readonly failed: boolean; readonly gaveUp: boolean },
  ): Promise<void> {
    if (ok && !gaveUp) {
      await (receiver.failingSince !== null || receiver.notBefore > 0
        ? this.receivers.recovered(session, receiver, now)
        : undefined);
    } else if (failed || gaveUp) {
      const { disableAfterDays } = this.settings;
      const disableBefore = disableAfterDays === 0 ? -1 : now - disableAfterDays * day;
      const notBefore = gaveUp ? now + rest : 0;
      if (await this.receivers.failed(session, receiver.id, { now, notBefore, disableBefore })) {
        const details = { name: receiver.name, afterDays: disableAfterDays };
        await this.audit.recordGlobal(session, relay, { action: 'receiver.disable', target: receiver.id, details });
        this.logger.warn(`receiver ${receiver.name} failed for ${disableAfterDays} days and is disabled`);
      }
    }
  }
}

function parked({ failed, behind }: BatchResult, now: number): readonly ParkedEvent[] {
  return [
    ...failed.map(({ event, attempt }) => ({
      ...{ event, attempts: 1, error: attempt.error },
      nextAttemptAt: nextAttempt(1, { firstFailedAt: now, now }) ?? now,
    })),
    ...behind.map((event) => ({ event, attempts: 0, nextAttemptAt: now, error: null })),
  ];
}
