import { Database, databaseTime, type Session, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { type FeedEvent, outboxColumns, type OutboxRow, toFeedEvent } from '../feed/feed-event.js';
import { marks } from '../insert-once.js';
import { hearsOf, type Receiver, wantsType } from '../receiver.js';
import { ReceiverRepository } from '../receiver.repository.js';
import { ReceiverNotFoundError } from '../receivers.errors.js';
import { type Acknowledgement, deprovisioningTypes, type Receipt } from './receipt.js';
import { type ReceiptQuery, ReceiptRepository, type ReceiptRow } from './receipt.repository.js';

/** What a receiver says of an event that it took. Tenant and version are only needed for an event of nobody's leaving. */
export interface LaterAcknowledgement {
  readonly eventId: string;
  readonly status: 'done' | 'failed';
  /** A code of the receiver's own. */
  readonly detail?: string;
  readonly tenantId?: TenantId;
  readonly version?: number;
}

/** A receiver that has not come to the tenant's newest events yet. */
interface Lagging {
  readonly receiver: Receiver;
  readonly version: number;
}

type Place = Pick<ReceiptRow, 'version' | 'position'>;

/** Deprovisioning receipts: for each event of a leaver what every receiver said, and when. */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly database: Database,
    private readonly repository: ReceiptRepository,
    private readonly receivers: ReceiverRepository,
  ) {}

  /**
   * Records what a receiver says; whether it was. Saying it twice, or `failed` after `done`, changes nothing. Of events
   * that end nobody's access only failures are kept.
   * @throws ReceiverNotFoundError
   */
  async acknowledge(receiverId: string, said: LaterAcknowledgement): Promise<boolean> {
    const { eventId, status: state, detail = null } = said;
    return this.database.write(async (session) => {
      const receiver = await this.receivers.find(session, receiverId);
      if (receiver === undefined) {
        throw new ReceiverNotFoundError();
      }
      const answer = { state, detail, now: await databaseTime(session) };
      if (await this.repository.acknowledge(session, receiverId, eventId, answer)) {
        return true;
      }
      const event = state === 'failed' ? await this.eventOf(session, receiver, said) : undefined;
      if (event === undefined) {
        return false;
      }
      await this.repository.open(session, receiver, [event]);
      return this.repository.acknowledge(session, receiverId, eventId, answer);
    });
  }

  /** Newest first. Receivers that have not come to an event are shown as open. */
  async list(tenant: TenantId, query: ReceiptQuery): Promise<readonly Receipt[]> {
    return this.database.read(async (session) => {
      const lagging = await this.lagging(tenant, session);
      const backlog = await this.backlog(tenant, session, lagging, query);
      const recorded = await this.repository.places(tenant, session, query);
      const places = newest([...recorded, ...backlog], query.limit);
      const versions = [...new Set(places.map(({ version }) => Number(version)))];
      const rows = await this.repository.ofVersions(tenant, session, versions);
      return places.map((place) => {
        const own = rows.filter((row) => isSame(row, place));
        const event = backlog.find((each) => isSame(each, place));
        return toReceipt(tenant, own, event, lagging);
      });
    });
  }

  /** The event, when it is of a tenant that the receiver hears of. */
  private async eventOf(
    session: Session,
    receiver: Receiver,
    { eventId, tenantId, version }: LaterAcknowledgement,
  ): Promise<FeedEvent | undefined> {
    if (tenantId === undefined || version === undefined || !hearsOf(receiver, tenantId)) {
      return undefined;
    }
    const row = await session.first<OutboxRow>(
      `SELECT ${outboxColumns} FROM outbox_event WHERE tenant_id = ? AND version = ? AND id = ?`,
      [tenantId, version, eventId],
    );
    return row === undefined ? undefined : toFeedEvent(tenantId, row);
  }

  private async lagging(tenant: TenantId, session: Session): Promise<readonly Lagging[]> {
    const places = await session.all<{ readonly id: string; readonly version: number | null; readonly latest: number }>(
      'SELECT r.id, k.version, c.feed_version AS latest FROM event_receiver r JOIN tenant_mail_counter c ON c.tenant_id = ? LEFT JOIN event_cursor k ON k.tenant_id = c.tenant_id AND k.receiver_id = r.id',
      [tenant],
    );
    const behind = places.filter(({ version, latest }) => Number(version ?? 0) < Number(latest));
    const all = behind.length === 0 ? [] : await this.receivers.list(session);
    return behind.flatMap(({ id, version }) => {
      const receiver = all.find((each) => each.id === id && hearsOf(each, tenant));
      return receiver === undefined ? [] : [{ receiver, version: Number(version ?? 0) }];
    });
  }

  /** Events of leavers that some receiver has not come to. */
  private async backlog(
    tenant: TenantId,
    session: Session,
    lagging: readonly Lagging[],
    { user, mailbox, before, limit }: ReceiptQuery,
  ): Promise<readonly FeedEvent[]> {
    if (lagging.length === 0) {
      return [];
    }
    const from = Math.min(...lagging.map(({ version }) => version));
    const upTo = before?.version ?? Number.MAX_SAFE_INTEGER;
    const rows = await session.list<OutboxRow>(
      `SELECT ${outboxColumns} FROM outbox_event WHERE tenant_id = ? AND version > ? AND version <= ? AND type IN (${marks(deprovisioningTypes)}) ORDER BY version DESC, position DESC LIMIT ${(limit + 1) * 10}`,
      [tenant, from, upTo, ...deprovisioningTypes],
    );
    return rows
      .map((row) => toFeedEvent(tenant, row))
      .filter((event) => (user ?? event.userId) === event.userId && (mailbox ?? event.mailboxId) === event.mailboxId)
      .filter((event) => before === undefined || compare(event, before) > 0)
      .filter((event) => lagging.some((each) => isOpen(each, event)));
  }
}

function isOpen({ receiver, version }: Lagging, event: Pick<FeedEvent, 'version' | 'type'>): boolean {
  return version < event.version && wantsType(receiver, event.type);
}

function toReceipt(
  tenant: TenantId,
  rows: readonly ReceiptRow[],
  event: FeedEvent | undefined,
  lagging: readonly Lagging[],
): Receipt {
  const [first] = rows;
  const told = first === undefined ? ofEvent(event) : ofRow(first);
  const open = lagging
    .filter((each) => isOpen(each, told) && !rows.some((row) => row.receiver_id === each.receiver.id))
    .map(({ receiver }) => ({ receiver: receiver.name, state: 'open' as const, ...nothingYet }));
  const acknowledgements: readonly Acknowledgement[] = [...rows.map(toAcknowledgement), ...open];
  const isComplete = acknowledgements.every(({ state }) => state === 'done');
  const last = Math.max(...acknowledgements.map(({ acknowledgedAt }) => acknowledgedAt ?? 0));
  const durationMs = isComplete ? Math.max(0, last - told.requestedAt) : null;
  return { ...told, tenantId: tenant, isComplete, durationMs, acknowledgements };
}

type Told = Omit<Receipt, 'tenantId' | 'isComplete' | 'durationMs' | 'acknowledgements'>;

function ofRow(row: ReceiptRow): Told {
  return {
    ...{ eventId: row.event_id, version: Number(row.version), position: row.position, type: row.type },
    ...{ mailboxId: row.mailbox_id, userId: row.user_id, requestedAt: Number(row.requested_at) },
  };
}

function ofEvent(event: FeedEvent | undefined): Told {
  if (event === undefined) {
    throw new Error('a receipt has neither rows nor an event');
  }
  const { id: eventId, version, position, type, mailboxId, userId, at: requestedAt } = event;
  return { eventId, version, position, type, mailboxId, userId, requestedAt };
}

const nothingYet = { deliveredAt: null, acknowledgedAt: null, detail: null };

function toAcknowledgement(row: ReceiptRow): Acknowledgement {
  const time = (value: number | null) => (value === null ? null : Number(value));
  return {
    ...{ receiver: row.receiver_name, state: row.state, detail: row.detail },
    deliveredAt: time(row.delivered_at),
    acknowledgedAt: time(row.acknowledged_at),
  };
}

function newest(places: readonly Place[], limit: number): readonly Place[] {
  const sorted = [...places].sort((one, other) => compare(one, other));
  return sorted.filter((place, index) => index === 0 || !isSame(place, sorted[index - 1] ?? place)).slice(0, limit);
}

/** Negative when the first is newer. */
function compare(one: Place, other: Place): number {
  return Number(other.version) - Number(one.version) || other.position - one.position;
}

function isSame(one: Place, other: Place): boolean {
  return compare(one, other) === 0;
}
