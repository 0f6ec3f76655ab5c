import { databaseTime, newId, type Session, type SqlValue, type TenantId, type Write } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { type FeedEvent, orderKey } from '../feed/feed-event.js';
import { insertOnce } from '../insert-once.js';

/** An event that waits or was given up. */
export interface Delivery {
  readonly id: string;
  readonly event: FeedEvent;
  readonly state: 'waiting' | 'dead';
  readonly attempts: number;
  readonly firstFailedAt: number;
  readonly nextAttemptAt: number;
  readonly error: string | null;
}

/** An event that could not be delivered now. */
export interface ParkedEvent {
  readonly event: FeedEvent;
  /** 0: it was not tried, for an earlier one of its mailbox waits. */
  readonly attempts: number;
  readonly nextAttemptAt: number;
  readonly error: string | null;
}

interface Row {
  readonly id: string;
  readonly event: string;
  readonly state: 'waiting' | 'dead';
  readonly attempts: number;
  readonly first_failed_at: number;
  readonly next_attempt_at: number;
  readonly error: string | null;
}

/** A node that was killed loses a delivery after this time, in milliseconds; longer than any attempt takes. */
const deliveryLease = 60_000;
/** A lease that ends later than this from now was taken before the clock was set back; two nodes read the time moments apart. */
const longest = 2 * deliveryLease;

const columns = 'id, event, state, attempts, first_failed_at, next_attempt_at, error';
const ofPlace = 'tenant_id = ? AND receiver_id = ? AND version = ? AND position = ?';
/** Only the first that waits of each mailbox. */
const isHead = `NOT EXISTS (SELECT 1 FROM event_delivery e WHERE e.tenant_id = d.tenant_id AND e.receiver_id = d.receiver_id AND e.order_key = d.order_key
    AND e.state = 'waiting' AND (e.version < d.version OR (e.version = d.version AND e.position < d.position)))`;

/** Rows of events that wait for another attempt, or were given up. */
@Injectable()
export class DeliveryRepository {
  /** What is due now, and no node is at. */
  async due(session: Session, receiverId: string, now: number, limit: number): Promise<readonly Delivery[]> {
    const rows = await session.all<Row>(
      `SELECT ${columns} FROM event_delivery d WHERE d.receiver_id = ? AND d.state = 'waiting' AND d.next_attempt_at <= ? AND (d.lease_until <= ? OR d.lease_until > ?) AND ${isHead} ORDER BY d.next_attempt_at LIMIT ${limit}`,
      [receiverId, now, now, now + longest],
    );
    return rows.map(fromRow);
  }

  /** Which events of a tenant behind a version have rows, and which mailboxes must wait. */
  async ofTenant(
    tenant: TenantId,
    session: Session,
    receiverId: string,
    after: number,
  ): Promise<{ readonly places: ReadonlySet<string>; readonly keys: ReadonlySet<string> }> {
    const rows = await session.all<{
      readonly version: number;
      readonly position: number;
      readonly order_key: string;
      readonly state: string;
    }>(
      "SELECT version, position, order_key, state FROM event_delivery WHERE tenant_id = ? AND receiver_id = ? AND (state = 'waiting' OR version > ?)",
      [tenant, receiverId, after],
    );
    return {
      places: new Set(rows.map(placeOf)),
      keys: new Set(rows.filter(({ state }) => state === 'waiting').map((row) => row.order_key)),
    };
  }

  parking(session: Session, receiverId: string, parked: readonly ParkedEvent[], now: number): readonly Write[] {
    const statement = `${insertOnce(session)} INTO event_delivery (tenant_id, receiver_id, version, position, id, event_id, order_key, event, state, attempts, first_failed_at, next_attempt_at, error, holder, lease_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, NULL, 0)`;
    return parked.map(({ event, attempts, nextAttemptAt, error }): Write => {
      const place: SqlValue[] = [event.tenantId, receiverId, event.version, event.position];
      const what = [newId(), event.id, orderKey(event), JSON.stringify(event)];
      return { statement, parameters: [...place, ...what, attempts, now, nextAttemptAt, error] };
    });
  }

  /** False when another node is at it, or it is no longer due. */
  async take(session: Session, receiverId: string, { event }: Delivery, holder: string): Promise<boolean> {
    const now = await databaseTime(session);
    const taken = await session.run(
      `UPDATE event_delivery SET holder = ?, lease_until = ? WHERE ${ofPlace} AND state = 'waiting' AND next_attempt_at <= ? AND (lease_until <= ? OR lease_until > ?)`,
      [holder, now + deliveryLease, ...place(receiverId, event), now, now, now + longest],
    );
    return taken === 1;
  }

  async done(session: Session, receiverId: string, { event }: Delivery, holder: string): Promise<boolean> {
    const values = [...place(receiverId, event), holder];
    return (await session.run(`DELETE FROM event_delivery WHERE ${ofPlace} AND holder = ?`, values)) === 1;
  }

  /** Without a next attempt the event is dead. */
  async failed(
    session: Session,
    receiverId: string,
    { event }: Delivery,
    {
      holder,
      attempts,
      firstFailedAt,
      nextAttemptAt,
      error,
    }: {
      readonly holder: string;
      readonly attempts: number;
      readonly firstFailedAt: number;
      readonly nextAttemptAt: number | undefined;
      readonly error: string | null;
    },
  ): Promise<void> {
    const state = nextAttemptAt === undefined ? 'dead' : 'waiting';
    await session.run(
      `UPDATE event_delivery SET state = ?, attempts = ?, first_failed_at = ?, next_attempt_at = ?, error = ?, holder = NULL, lease_until = 0 WHERE ${ofPlace} AND holder = ?`,
      [state, attempts, firstFailedAt, nextAttemptAt ?? 0, error, ...place(receiverId, event), holder],
    );
  }

  /** Gives it back as it was. */
  async release(session: Session, receiverId: string, { event }: Delivery, holder: string): Promise<void> {
    await session.run(`UPDATE event_delivery SET holder = NULL, lease_until = 0 WHERE ${ofPlace} AND holder = ?`, [
      ...place(receiverId, event),
      holder,
    ]);
  }

  /** What waits or is dead, oldest first; `after` is the id of the last one of the page before. */
  async list(
    session: Session,
    receiverId: string,
    {
      state,
      after = '',
      limit,
    }: { readonly state: 'waiting' | 'dead'; readonly after?: string; readonly limit: number },
  ): Promise<readonly Delivery[]> {
    const rows = await session.list<Row>(
      `SELECT ${columns} FROM event_delivery WHERE receiver_id = ? AND id > ? AND state = ? ORDER BY id LIMIT ${Math.trunc(limit)}`,
      [receiverId, after, state],
    );
    return rows.map(fromRow);
  }

  /** Has dead events sent again; answers how many. */
  async revive(session: Session, receiverId: string, now: number, tenant?: TenantId, since = 0): Promise<number> {
    const only = tenant === undefined ? '' : ' AND tenant_id = ?';
    return session.run(
      `UPDATE event_delivery SET state = 'waiting', attempts = 0, first_failed_at = ?, next_attempt_at = ? WHERE receiver_id = ? AND state = 'dead' AND first_failed_at >= ?${only}`,
      [now, now, receiverId, since, ...(tenant === undefined ? [] : [tenant])],
    );
  }

  /** When the oldest event that waits failed first, by receiver. */
  async oldest(session: Session): Promise<ReadonlyMap<string, number>> {
    const rows = await session.all<{ readonly name: string; readonly since: number }>(
      "SELECT r.name, MIN(d.first_failed_at) AS since FROM event_delivery d JOIN event_receiver r ON r.id = d.receiver_id WHERE d.state = 'waiting' GROUP BY r.name",
    );
    return new Map(rows.map(({ name, since }) => [name, Number(since)]));
  }
}

/** The place of an event in its tenant's feed, as a text. */
export function placeOf({ version, position }: { readonly version: number; readonly position: number }): string {
  return `${version}.${position}`;
}

function place(receiverId: string, { tenantId, version, position }: FeedEvent): readonly SqlValue[] {
  return [tenantId, receiverId, version, position];
}

function fromRow(row: Row): Delivery {
  return {
    ...{ id: row.id, state: row.state, attempts: row.attempts, error: row.error },
    event: JSON.parse(row.event) as FeedEvent,
    firstFailedAt: Number(row.first_failed_at),
    nextAttemptAt: Number(row.next_attempt_at),
  };
}
