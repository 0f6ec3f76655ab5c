import { Database, databaseTime, newId, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { type Delivery, DeliveryRepository } from './delivery/delivery.repository.js';
import type { FeedEvent } from './feed/feed-event.js';
import { testType } from './receiver.js';
import { ReceiverRepository } from './receiver.repository.js';
import { ReceiverNotFoundError } from './receivers.errors.js';
import { ReceiversService } from './receivers.service.js';
import { type Attempt, Sender } from './sending/sender.js';

/** What to send again: what was given up, or everything since a time (milliseconds since 1970, UTC). */
export interface Replay {
  readonly dead: boolean;
  readonly since?: number;
  readonly tenant?: TenantId;
}

/** Events that could not be delivered, sending again, and trials. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryRepository,
    private readonly receivers: ReceiverRepository,
    private readonly service: ReceiversService,
    private readonly sender: Sender,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws ReceiverNotFoundError */
  async list(
    receiverId: string,
    page: { readonly state: 'waiting' | 'dead'; readonly after?: string; readonly limit: number },
  ): Promise<readonly Delivery[]> {
    await this.service.get(receiverId);
    return this.database.read((session) => this.deliveries.list(session, receiverId, page));
  }

  /**
   * Has events sent again, with the ids that they had. Answers how many dead ones those are, or in how many tenants the
   * receiver goes back.
   * @throws ReceiverNotFoundError
   */
  async replay(actor: Actor, receiverId: string, { dead, since, tenant }: Replay): Promise<number> {
    return this.database.write(async (session) => {
      if ((await this.receivers.find(session, receiverId)) === undefined) {
        throw new ReceiverNotFoundError();
      }
      const now = await databaseTime(session);
      const revived = await this.deliveries.revive(session, receiverId, now, tenant, since);
      const count =
        dead || since === undefined
          ? revived
          : await session.run(
              `UPDATE event_cursor SET version = COALESCE((SELECT MIN(e.version) - 1 FROM outbox_event e WHERE e.tenant_id = event_cursor.tenant_id AND e.at >= ?), version), holder = NULL, lease_until = 0 WHERE receiver_id = ?${tenant === undefined ? '' : ' AND tenant_id = ?'} AND version >= COALESCE((SELECT MIN(o.version) FROM outbox_event o WHERE o.tenant_id = event_cursor.tenant_id AND o.at >= ?), version + 1)`,
              [since, receiverId, ...(tenant === undefined ? [] : [tenant]), since],
            );
      const details = { dead, since: since ?? null, tenant: tenant ?? null, count };
      await this.audit.recordGlobal(session, actor, { action: 'receiver.replay', target: receiverId, details });
      return count;
    });
  }

  /** Sends a trial at once, whatever the receiver's status; nothing is kept of it but an audit entry. */
  async test(actor: Actor, receiverId: string): Promise<Attempt> {
    const receiver = await this.service.sealed(receiverId);
    const event: FeedEvent = {
      ...{ id: newId(), type: testType, tenantId: '' as TenantId, version: 0, position: 0 },
      ...{ mailboxId: null, userId: null, requestId: null, at: Date.now(), data: {} },
    };
    const attempt = await this.sender.send(receiver, event);
    await this.database.write((session) =>
      this.audit.recordGlobal(session, actor, {
        action: 'receiver.test',
        target: receiverId,
        details: { ok: attempt.ok, status: attempt.status },
      }),
    );
    return attempt;
  }

  /** For how long the oldest event has waited, in milliseconds, by the name of its receiver. */
  async oldestWaiting(): Promise<ReadonlyMap<string, number>> {
    return this.database.read(async (session) => {
      const now = await databaseTime(session);
      const oldest = await this.deliveries.oldest(session);
      return new Map([...oldest].map(([name, since]) => [name, Math.max(0, now - since)]));
    });
  }
}
