import type { Session, SqlValue } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { insertOnce, marks } from './insert-once.js';
import type { ReceiverFormat, ReceiverStatus, SealedReceiver } from './receiver.js';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  readonly format: ReceiverFormat;
  readonly status: ReceiverStatus;
  readonly tenants: string | null;
  readonly types: string | null;
  readonly secret: string;
  readonly former_secret: string | null;
  readonly former_until: number | null;
  readonly concurrency: number;
  readonly failing_since: number | null;
  readonly not_before: number;
  readonly created_at: number;
  readonly updated_at: number;
}

/** A receiver that is delivered to, with what waits for it. */
export interface DueReceiver {
  readonly receiver: SealedReceiver;
  /** Rows that wait for another attempt, and when the first of them is due. */
  readonly waiting: number;
  readonly nextAt: number | null;
  /** The sum of the versions of all feeds: the same number as before says that nothing has happened. */
  readonly versions: string;
}

const columns =
  'id, name, url, format, status, tenants, types, secret, former_secret, former_until, concurrency, failing_since, not_before, created_at, updated_at';
const waitingOf = "FROM event_delivery d WHERE d.receiver_id = r.id AND d.state = 'waiting'";
const due = `SELECT ${columns}, (SELECT COUNT(*) ${waitingOf}) AS waiting, (SELECT MIN(d.next_attempt_at) ${waitingOf}) AS next_at,
    (SELECT SUM(c.feed_version) FROM tenant_mail_counter c) AS versions
  FROM event_receiver r WHERE r.status = 'active' AND r.url IS NOT NULL`;

/** Rows of receivers. They belong to no tenant: a receiver may be limited to some. */
@Injectable()
export class ReceiverRepository {
  async insert(session: Session, receiver: SealedReceiver): Promise<void> {
    const values = toColumns(receiver);
    await session.run(`INSERT INTO event_receiver (${columns}) VALUES (${marks(values)})`, values);
  }

  async update(session: Session, receiver: SealedReceiver): Promise<void> {
    const [id = null, ...values] = toColumns(receiver);
    const set = columns
      .split(', ')
      .slice(1)
      .map((column) => `${column} = ?`);
    await session.run(`UPDATE event_receiver SET ${set.join(', ')} WHERE id = ?`, [...values, id]);
  }

  /** Ends the receiver with its cursors and what waits; its receipts stay. */
  async delete(session: Session, id: string): Promise<void> {
    for (const table of ['event_delivery', 'event_cursor']) {
      await session.run(`DELETE FROM ${table} WHERE receiver_id = ?`, [id]);
    }
    await session.run('DELETE FROM event_receiver WHERE id = ?', [id]);
  }

  async find(session: Session, id: string, lock = ''): Promise<SealedReceiver | undefined> {
    const row = await session.first<Row>(`SELECT ${columns} FROM event_receiver WHERE id = ?${lock}`, [id]);
    return row === undefined ? undefined : fromRow(row);
  }

  async list(session: Session): Promise<readonly SealedReceiver[]> {
    const rows = await session.all<Row>(`SELECT ${columns} FROM event_receiver ORDER BY name`);
    return rows.map(fromRow);
  }

  /** Everything that a node must know to see whether there is something to do: one statement, however many tenants. */
  async due(session: Session): Promise<readonly DueReceiver[]> {
    const rows = await session.all<
      Row & { readonly waiting: number; readonly next_at: number | null; readonly versions: unknown }
    >(due);
    return rows.map((row) => ({
      receiver: fromRow(row),
      waiting: Number(row.waiting),
      nextAt: row.next_at === null ? null : Number(row.next_at),
      versions: String(row.versions),
    }));
  }

  /** Writes down where the receiver begins in feeds that it has no cursor of; without one it begins at their start. */
  async startAt(
    session: Session,
    receiverId: string,
    column: 'feed_version' | 'feed_horizon',
    { only, not }: { readonly only: readonly string[] | null; readonly not: readonly string[] },
  ): Promise<void> {
    const conditions = [
      ...(only === null ? [] : [`c.tenant_id IN (${marks(only)})`]),
      ...(not.length === 0 ? [] : [`c.tenant_id NOT IN (${marks(not)})`]),
    ];
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const statement = `${insertOnce(session)} INTO event_cursor (tenant_id, receiver_id, version, holder, lease_until) SELECT c.tenant_id, ?, c.${column}, NULL, 0 FROM tenant_mail_counter c${where}`;
    await session.run(statement, [receiverId, ...(only ?? []), ...not]);
  }

  /** Something was answered well: a receiver that had failed for a while is given what waits for it at once. */
  async recovered(session: Session, { id, failingSince }: SealedReceiver, now: number): Promise<void> {
    const changed = await session.run(
      'UPDATE event_receiver SET failing_since = NULL, not_before = 0 WHERE id = ? AND (failing_since IS NOT NULL OR not_before > 0)',
      [id],
    );
    if (changed > 0 && failingSince !== null && now - failingSince > 60_000) {
      await session.run(
        "UPDATE event_delivery SET next_attempt_at = ? WHERE receiver_id = ? AND state = 'waiting' AND next_attempt_at > ?",
        [now, id, now],
      );
    }
  }

  /** Nothing was answered well; true when that went on for so long that the receiver is now disabled. */
  async failed(
    session: Session,
    id: string,
    {
      now,
      notBefore,
      disableBefore,
    }: { readonly now: number; readonly notBefore: number; readonly disableBefore: number },
  ): Promise<boolean> {
    await session.run(
      'UPDATE event_receiver SET failing_since = COALESCE(failing_since, ?), not_before = CASE WHEN not_before > ? THEN not_before ELSE ? END WHERE id = ?',
      [now, notBefore, notBefore, id],
    );
    const disabled = await session.run(
      "UPDATE event_receiver SET status = 'disabled', updated_at = ? WHERE id = ? AND status = 'active' AND failing_since <= ?",
      [now, id, disableBefore],
    );
    return disabled === 1;
  }
}

function toColumns(receiver: SealedReceiver): readonly SqlValue[] {
  const { id, name, url, format, status, tenants, types, secret, formerSecret, formerUntil } = receiver;
  const list = (values: readonly string[] | null) => (values === null ? null : JSON.stringify(values));
  return [
    ...[id, name, url, format, status, list(tenants), list(types), secret, formerSecret, formerUntil],
    ...[receiver.concurrency, receiver.failingSince, receiver.notBefore, receiver.createdAt, receiver.updatedAt],
  ];
}

function fromRow(row: Row): SealedReceiver {
  const list = (text: string | null) => (text === null ? null : (JSON.parse(text) as readonly string[]));
  const { id, name, url, format, status, secret, concurrency } = row;
  return {
    ...{ id, name, url, format, status, secret, concurrency },
    tenants: list(row.tenants),
    types: list(row.types),
    formerSecret: row.former_secret,
    formerUntil: row.former_until,
    failingSince: row.failing_since,
    notBefore: row.not_before,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
