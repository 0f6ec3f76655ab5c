import { databaseTime, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { type FeedEvent, outboxColumns, type OutboxRow, toFeedEvent } from '../feed/feed-event.js';
import { insertOnce, marks } from '../insert-once.js';
import { type Receiver, resetType } from '../receiver.js';

/** Where a receiver is in a tenant's feed. */
export interface StreamPlace {
  readonly version: number;
  /** What is up to this version has ended. */
  readonly horizon: number;
  /** The version that the feed has reached. */
  readonly latest: number;
}

/** How the holder of a stream moves its cursor. */
export interface StreamMove {
  readonly holder: string;
  readonly from: number;
  readonly to: number;
  /** Whether the holder keeps the lease. */
  readonly keeps: boolean;
}

/** Events behind a place, of whole versions; `upTo` is the last of these, also of events that are not wanted. */
export interface StreamBatch {
  readonly events: readonly FeedEvent[];
  readonly upTo: number;
  readonly hasMore: boolean;
}

/** A node that was killed loses a stream after this time, in milliseconds. */
export const streamLease = 30_000;
/** A lease that ends later than this from now was taken before the clock was set back; two nodes read the time moments apart. */
const longest = 2 * streamLease;

const takeLease =
  'UPDATE event_cursor SET holder = ?, lease_until = ? WHERE tenant_id = ? AND receiver_id = ? AND (lease_until <= ? OR lease_until > ? OR holder = ?)';
const noFeed = { version: 0, feed_horizon: 0, feed_version: 0 };
const freeLease = '(k.lease_until IS NULL OR k.lease_until <= ? OR k.lease_until > ?)';

/** Cursors of receivers: a row for each receiver and tenant, with the lease of the node that delivers from there. */
@Injectable()
export class StreamRepository {
  /** Tenants, behind one, whose feed has more than the receiver was given and that no node is at. */
  async behind(
    session: Session,
    { id, tenants }: Pick<Receiver, 'id' | 'tenants'>,
    { after, limit, now }: { readonly after: string; readonly limit: number; readonly now: number },
  ): Promise<readonly TenantId[]> {
    if (tenants?.length === 0) {
      return [];
    }
    const only = tenants === null ? '' : ` AND c.tenant_id IN (${marks(tenants)})`;
    const values: SqlValue[] = [id, after, now, now + longest, ...(tenants ?? [])];
    const rows = await session.list<{ readonly tenant_id: TenantId }>(
      `SELECT c.tenant_id FROM tenant_mail_counter c LEFT JOIN event_cursor k ON k.tenant_id = c.tenant_id AND k.receiver_id = ? WHERE c.tenant_id > ? AND c.feed_version > COALESCE(k.version, 0) AND ${freeLease}${only} ORDER BY c.tenant_id LIMIT ${Math.trunc(limit)}`,
      values,
    );
    return rows.map(({ tenant_id: tenant }) => tenant);
  }

  /** Takes the lease of a stream, in statements that each stand for themselves; false when another node has it. */
  async take(tenant: TenantId, session: Session, receiverId: string, holder: string): Promise<boolean> {
    const now = await databaseTime(session);
    const values = [holder, now + streamLease, tenant, receiverId, now, now + longest, holder];
    if ((await session.run(takeLease, values)) === 1) {
      return true;
    }
    const added = await session.run(
      `${insertOnce(session)} INTO event_cursor (tenant_id, receiver_id, version, holder, lease_until) VALUES (?, ?, 0, NULL, 0)`,
      [tenant, receiverId],
    );
    return added === 1 && (await session.run(takeLease, values)) === 1;
  }

  async place(tenant: TenantId, session: Session, receiverId: string): Promise<StreamPlace> {
    const row = await session.first<{
      readonly version: number | null;
      readonly feed_horizon: number;
      readonly feed_version: number;
    }>(
      'SELECT k.version, c.feed_horizon, c.feed_version FROM tenant_mail_counter c LEFT JOIN event_cursor k ON k.tenant_id = c.tenant_id AND k.receiver_id = ? WHERE c.tenant_id = ?',
      [receiverId, tenant],
    );
    const { version, feed_horizon: horizon, feed_version: latest } = row ?? noFeed;
    return { version: Number(version ?? 0), horizon: Number(horizon), latest: Number(latest) };
  }

  /** False when another node has the stream, or it was moved. */
  async renew(tenant: TenantId, session: Session, receiverId: string, holder: string): Promise<boolean> {
    const until = (await databaseTime(session)) + streamLease;
    const renewed = await session.run(
      'UPDATE event_cursor SET lease_until = ? WHERE tenant_id = ? AND receiver_id = ? AND holder = ?',
      [until, tenant, receiverId, holder],
    );
    return renewed === 1;
  }

  async release(tenant: TenantId, session: Session, receiverId: string, holder: string): Promise<void> {
    await session.run(
      'UPDATE event_cursor SET holder = NULL, lease_until = 0 WHERE tenant_id = ? AND receiver_id = ? AND holder = ?',
      [tenant, receiverId, holder],
    );
  }

  /** False when the stream was taken over or moved meanwhile; nothing may be written then. The lease is kept or given back. */
  async advance(
    tenant: TenantId,
    session: Session,
    receiverId: string,
    { holder, from, to, keeps }: StreamMove,
  ): Promise<boolean> {
    const moved = await session.run(
      `UPDATE event_cursor SET version = ?${keeps ? '' : ', holder = NULL, lease_until = 0'} WHERE tenant_id = ? AND receiver_id = ? AND holder = ? AND version = ?`,
      [to, tenant, receiverId, holder, from],
    );
    return moved === 1;
  }

  /**
   * The next events of a feed behind a place. Of a place behind the horizon it is first told that there is a hole.
   * A version is never torn: the last one is left to the next batch unless it is whole.
   */
  async next(
    tenant: TenantId,
    session: Session,
    { version, horizon }: StreamPlace,
    limit: number,
  ): Promise<StreamBatch> {
    const from = Math.max(version, horizon);
    const rows = await session.list<OutboxRow>(
      `SELECT ${outboxColumns} FROM outbox_event WHERE tenant_id = ? AND version > ? ORDER BY version, position LIMIT ${Math.trunc(limit) + 1}`,
      [tenant, from],
    );
    const hasMore = rows.length > limit;
    const torn = hasMore ? rows.at(-1)?.version : undefined;
    const whole = rows.filter((row) => row.version !== torn);
    const kept = whole.length > 0 || torn === undefined ? whole : await this.version(tenant, session, torn);
    const events = kept.map((row) => toFeedEvent(tenant, row));
    return {
      events: version < horizon ? [resetEvent(tenant, horizon), ...events] : events,
      upTo: events.at(-1)?.version ?? from,
      hasMore,
    };
  }

  private version(tenant: TenantId, session: Session, version: number): Promise<readonly OutboxRow[]> {
    return session.all<OutboxRow>(
      `SELECT ${outboxColumns} FROM outbox_event WHERE tenant_id = ? AND version = ? ORDER BY position`,
      [tenant, version],
    );
  }
}

/** It has the same id whenever it is told of the same horizon. */
function resetEvent(tenant: TenantId, horizon: number): FeedEvent {
  return {
    ...{ id: `reset-${horizon}-${tenant}`, type: resetType, tenantId: tenant, version: horizon, position: 0 },
    ...{ mailboxId: null, userId: null, requestId: null, at: Date.now(), data: {} },
  };
}
