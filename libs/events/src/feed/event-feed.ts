import { Database, databaseTime, type Session, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { StreamRepository } from '../delivery/stream.repository.js';
import { hearsOf, type Receiver, wantsType } from '../receiver.js';
import { deprovisioningTypes } from '../receipts/receipt.js';
import { ReceiptRepository } from '../receipts/receipt.repository.js';
import { ReceiversService } from '../receivers.service.js';
import { InvalidFeedCursorError, InvalidReceiverError } from '../receivers.errors.js';
import { type FeedEvent, outboxColumns, type OutboxRow, toFeedEvent } from './feed-event.js';

/** A piece of a tenant's feed. `cursor` is where the next one begins, also when there is nothing more for now. */
export interface FeedPage {
  readonly events: readonly FeedEvent[];
  readonly cursor: string;
  readonly hasMore: boolean;
  /** Events behind the cursor have ended: what the reader knows of the tenant it must read anew. */
  readonly isReset: boolean;
}

/** What a receiver is to fetch: `upTo` names it all when it is acknowledged. */
export interface FetchedEvents {
  readonly events: readonly FeedEvent[];
  readonly upTo: string;
  readonly hasMore: boolean;
}

interface Place {
  readonly version: number;
  readonly position: number;
}

const tenantsPerFetch = 100;

/** The events of the outbox for those who fetch them: in order, without holes. */
@Injectable()
export class EventFeed {
  constructor(
    private readonly database: Database,
    private readonly streams: StreamRepository,
    private readonly receipts: ReceiptRepository,
    private readonly receivers: ReceiversService,
  ) {}

  /** The events of a tenant behind a cursor; without one, all that are kept. @throws InvalidFeedCursorError */
  async ofTenant(
    tenant: TenantId,
    { cursor, limit }: { readonly cursor?: string; readonly limit: number },
  ): Promise<FeedPage> {
    const after = cursor === undefined ? undefined : parseCursor(cursor);
    return this.database.read(async (session) => {
      const { horizon } = await this.streams.place(tenant, session, '');
      const isReset = after !== undefined && after.version < horizon;
      const from = after === undefined || isReset ? { version: horizon, position: Number.MAX_SAFE_INTEGER } : after;
      const rows = await session.list<OutboxRow>(
        `SELECT ${outboxColumns} FROM outbox_event WHERE tenant_id = ? AND version >= ? AND (version > ? OR position > ?) ORDER BY version, position LIMIT ${Math.trunc(limit) + 1}`,
        [tenant, from.version, from.version, from.position],
      );
      const events = rows.slice(0, limit).map((row) => toFeedEvent(tenant, row));
      return { events, cursor: formatCursor(events.at(-1) ?? from), hasMore: rows.length > limit, isReset };
    });
  }

  /**
   * What a receiver without a URL has not acknowledged yet, tenant by tenant.
   * @throws ReceiverNotFoundError @throws InvalidReceiverError for one that is delivered to.
   */
  async ofReceiver(receiverId: string, limit: number): Promise<FetchedEvents> {
    const receiver = await this.fetching(receiverId);
    return this.database.read(async (session) => {
      const now = await databaseTime(session);
      const wanted = { after: '', limit: tenantsPerFetch, now };
      const tenants = await this.streams.behind(session, receiver, wanted);
      const events: FeedEvent[] = [];
      const places: [TenantId, number][] = [];
      let hasMore = tenants.length === tenantsPerFetch;
      for (const tenant of tenants) {
        if (events.length >= limit) {
          hasMore = true;
          break;
        }
        const place = await this.streams.place(tenant, session, receiverId);
        const next = await this.streams.next(tenant, session, place, limit - events.length);
        events.push(...next.events.filter(({ type }) => wantsType(receiver, type)));
        places.push([tenant, next.upTo]);
        hasMore ||= next.hasMore;
      }
      return { events, upTo: encode(places), hasMore };
    });
  }

  /** Everything up to there is done; saying it twice, or of something older, changes nothing. @throws InvalidFeedCursorError */
  async acknowledge(receiverId: string, upTo: string): Promise<void> {
    const receiver = await this.fetching(receiverId);
    for (const [tenant, version] of decode(upTo).filter(([each]) => hearsOf(receiver, each))) {
      await this.database.write((session) => this.acknowledgeTenant(tenant, session, receiver, version));
    }
  }

  private async acknowledgeTenant(
    tenant: TenantId,
    session: Session,
    receiver: Receiver,
    version: number,
  ): Promise<void> {
    const holder = receiver.id;
    const isMine = await this.streams.take(tenant, session, receiver.id, holder);
    const place = await this.streams.place(tenant, session, receiver.id);
    if (!isMine || place.version >= version || version > place.latest) {
      await this.streams.release(tenant, session, receiver.id, holder);
      return;
    }
    const rows = await session.all<OutboxRow>(
      `SELECT ${outboxColumns} FROM outbox_event WHERE tenant_id = ? AND version > ? AND version <= ?`,
      [tenant, place.version, version],
    );
    const isLeaver = ({ type }: OutboxRow) => deprovisioningTypes.includes(type) && wantsType(receiver, type);
    const leavers = rows.filter(isLeaver).map((row) => toFeedEvent(tenant, row));
    await this.receipts.open(session, receiver, leavers);
    const now = await databaseTime(session);
    for (const event of leavers) {
      const { statement, parameters } = this.receipts.delivered(receiver.id, event, 'done', now);
      await session.run(statement, parameters);
    }
    const move = { holder, from: place.version, to: version, keeps: false };
    await this.streams.advance(tenant, session, receiver.id, move);
  }

  private async fetching(receiverId: string): Promise<Receiver> {
    const receiver = await this.receivers.get(receiverId);
    if (receiver.url !== null) {
      throw new InvalidReceiverError('Events are delivered to this receiver; one without a URL fetches them.');
    }
    return receiver;
  }
}

function formatCursor({ version, position }: Place): string {
  return Buffer.from(`${version}.${position}`).toString('base64url');
}

function parseCursor(text: string): Place {
  const [, version, position] = /^(\d{1,15})\.(\d{1,16})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  const place = { version: Number(version), position: Number(position) };
  if (version === undefined || formatCursor(place) !== text) {
    throw new InvalidFeedCursorError();
  }
  return place;
}

function encode(places: readonly (readonly [TenantId, number])[]): string {
  return Buffer.from(JSON.stringify(places)).toString('base64url');
}

/** Nothing but what {@link encode} made is taken. */
function decode(text: string): readonly (readonly [TenantId, number])[] {
  let places: unknown;
  try {
    places = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw new InvalidFeedCursorError();
  }
  if (!Array.isArray(places) || places.length > tenantsPerFetch || !places.every(isPlace)) {
    throw new InvalidFeedCursorError();
  }
  return places;
}

function isPlace(place: unknown): place is readonly [TenantId, number] {
  return (
    Array.isArray(place) &&
    place.length === 2 &&
    typeof place[0] === 'string' &&
    place[0].length === 36 &&
    Number.isSafeInteger(place[1])
  );
}
