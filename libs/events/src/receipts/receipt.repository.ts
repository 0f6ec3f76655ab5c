import { runAll, type Session, type SqlValue, type TenantId, type Write } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import type { FeedEvent } from '../feed/feed-event.js';
import { insertOnce, marks } from '../insert-once.js';
import type { Receiver } from '../receiver.js';
import type { ReceiptState } from './receipt.js';

/** A row of one receiver's receipt. */
export interface ReceiptRow {
  readonly version: number;
  readonly position: number;
  readonly receiver_id: string;
  readonly receiver_name: string;
  readonly event_id: string;
  readonly type: string;
  readonly mailbox_id: string | null;
  readonly user_id: string | null;
  readonly requested_at: number;
  readonly delivered_at: number | null;
  readonly acknowledged_at: number | null;
  readonly state: ReceiptState;
  readonly detail: string | null;
}

/** Which events of a tenant's leavers to list, newest first. */
export interface ReceiptQuery {
  readonly user?: string;
  readonly mailbox?: string;
  readonly before?: { readonly version: number; readonly position: number };
  readonly limit: number;
}

const columns =
  'tenant_id, version, position, receiver_id, receiver_name, event_id, type, mailbox_id, user_id, requested_at, delivered_at, acknowledged_at, state, detail';

/** Rows of receipts: one for each receiver of an event. */
@Injectable()
export class ReceiptRepository {
  /** Opens receipts of events that are about to be sent, so that an answer that comes early finds its row. */
  async open(
    session: Session,
    { id, name }: Pick<Receiver, 'id' | 'name'>,
    events: readonly FeedEvent[],
  ): Promise<void> {
    const statement = `${insertOnce(session)} INTO event_receipt (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, 'open', NULL)`;
    const writes = events.map((event): Write => {
      const { tenantId, version, position, type, mailboxId, userId, at } = event;
      const values: SqlValue[] = [tenantId, version, position, id, name, event.id, type, mailboxId, userId, at];
      return { statement, parameters: values };
    });
    if (writes.length > 0) {
      await runAll(session, writes);
    }
  }

  /** The event was delivered; what the receiver said of it before stays. */
  delivered(receiverId: string, event: FeedEvent, state: 'accepted' | 'done', now: number): Write {
    const isDone = state === 'done' ? now : null;
    // MySQL assigns from left to right, so that what reads the state comes before what sets it.
    return {
      statement:
        "UPDATE event_receipt SET acknowledged_at = CASE WHEN state = 'open' THEN ? ELSE acknowledged_at END, delivered_at = COALESCE(delivered_at, ?), state = CASE WHEN state = 'open' THEN ? ELSE state END WHERE tenant_id = ? AND version = ? AND position = ? AND receiver_id = ?",
      parameters: [isDone, now, state, event.tenantId, event.version, event.position, receiverId],
    };
  }

  /** Whether the receiver has a receipt of the event, and whether that changed: what is done stays done. */
  async acknowledge(
    session: Session,
    receiverId: string,
    eventId: string,
    { state, detail, now }: { readonly state: 'done' | 'failed'; readonly detail: string | null; readonly now: number },
  ): Promise<boolean> {
    const found = await session.first<{ readonly state: ReceiptState }>(
      'SELECT state FROM event_receipt WHERE receiver_id = ? AND event_id = ?',
      [receiverId, eventId],
    );
    if (found !== undefined) {
      await session.run(
        "UPDATE event_receipt SET state = ?, detail = ?, acknowledged_at = ? WHERE receiver_id = ? AND event_id = ? AND state <> 'done' AND state <> ?",
        [state, detail, now, receiverId, eventId, state],
      );
    }
    return found !== undefined;
  }

  /** Versions and positions of events with receipts. */
  async places(
    tenant: TenantId,
    session: Session,
    query: ReceiptQuery,
  ): Promise<readonly Pick<ReceiptRow, 'version' | 'position'>[]> {
    const conditions = ['tenant_id = ?'];
    const parameters: SqlValue[] = [tenant];
    const where = (condition: string, ...values: SqlValue[]) => {
      conditions.push(condition);
      parameters.push(...values);
    };
    if (query.user !== undefined) where('user_id = ?', query.user);
    if (query.mailbox !== undefined) where('mailbox_id = ?', query.mailbox);
    if (query.before !== undefined) {
      const { version, position } = query.before;
      where('(version < ? OR (version = ? AND position < ?))', version, version, position);
    }
    return session.list(
      `SELECT DISTINCT version, position FROM event_receipt WHERE ${conditions.join(' AND ')} ORDER BY version DESC, position DESC LIMIT ${Math.trunc(query.limit)}`,
      parameters,
    );
  }

  async ofVersions(tenant: TenantId, session: Session, versions: readonly number[]): Promise<readonly ReceiptRow[]> {
    return versions.length === 0
      ? []
      : session.list<ReceiptRow>(
          `SELECT ${columns} FROM event_receipt WHERE tenant_id = ? AND version IN (${marks(versions)}) ORDER BY receiver_name`,
          [tenant, ...versions],
        );
  }

  /** Ends some receipts that were asked for before a time; answers how many. */
  async endBefore(session: Session, before: number, limit: number): Promise<number> {
    const rows = await session.all<ReceiptRow & { readonly tenant_id: string }>(
      `SELECT tenant_id, version, position, receiver_id FROM event_receipt WHERE requested_at < ? ORDER BY requested_at LIMIT ${limit}`,
      [before],
    );
    const statement =
      'DELETE FROM event_receipt WHERE tenant_id = ? AND version = ? AND position = ? AND receiver_id = ?';
    const writes = rows.map((row) => ({
      statement,
      parameters: [row.tenant_id, row.version, row.position, row.receiver_id],
    }));
    return writes.length === 0 ? 0 : (await runAll(session, writes)).reduce((sum, count) => sum + count, 0);
  }
}
