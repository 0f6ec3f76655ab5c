import { databaseTime, type Session } from '@cleanmail/database';
import type { ClockTally } from './clock-job.js';

/** How a job's last run went, and whether it runs now. Times are milliseconds since 1970, UTC, of the database. */
export interface ClockStatus extends ClockTally {
  readonly name: string;
  readonly isRunning: boolean;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly durationMs: number | null;
  readonly outcome: 'done' | 'failed' | 'stopped' | null;
  readonly error: string | null;
}

interface Row extends ClockTally {
  readonly name: string;
  readonly lease_until: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly duration_ms: number | null;
  readonly outcome: ClockStatus['outcome'];
  readonly error: string | null;
}

/** A node that was killed loses a job after this time, in milliseconds. */
const lease = 60_000;

const insertOnce = {
  sqlite: 'INSERT OR IGNORE INTO clock_job (name, lease_until, done, skipped, failed) VALUES (?, 0, 0, 0, 0)',
  mysql: 'INSERT IGNORE INTO clock_job (name, lease_until, done, skipped, failed) VALUES (?, 0, 0, 0, 0)',
} as const;

/** Rows of clock jobs: a lease on database time for each, so that nodes do not do the same work side by side. */
export class ClockRepository {
  /** Leases that are longer than any node takes, and runs in the future, are of a clock that was set back. */
  async take(
    session: Session,
    name: string,
    holder: string,
    { every }: { readonly every: number },
  ): Promise<number | undefined> {
    await session.run(insertOnce[session.dialect], [name]);
    const now = await databaseTime(session);
    const taken = await session.run(
      'UPDATE clock_job SET holder = ?, lease_until = ?, started_at = ? WHERE name = ? AND (lease_until <= ? OR lease_until > ?) AND (started_at IS NULL OR started_at > ? OR started_at <= ?)',
      [holder, now + lease, now, name, now, now + lease, now, now - every],
    );
    return taken === 1 ? now : undefined;
  }

  /** False when another node has the job. */
  async renew(session: Session, name: string, holder: string): Promise<boolean> {
    const until = (await databaseTime(session)) + lease;
    return (
      (await session.run('UPDATE clock_job SET lease_until = ? WHERE name = ? AND holder = ?', [
        until,
        name,
        holder,
      ])) === 1
    );
  }

  async finish(
    session: Session,
    { name, holder, durationMs }: { readonly name: string; readonly holder: string; readonly durationMs: number },
    { done, skipped, failed }: ClockTally,
    { outcome, error }: Pick<ClockStatus, 'outcome' | 'error'>,
  ): Promise<void> {
    await session.run(
      'UPDATE clock_job SET holder = NULL, lease_until = 0, finished_at = ?, duration_ms = ?, outcome = ?, done = ?, skipped = ?, failed = ?, error = ? WHERE name = ? AND holder = ?',
      [await databaseTime(session), Math.round(durationMs), outcome, done, skipped, failed, error, name, holder],
    );
  }

  async list(session: Session): Promise<ReadonlyMap<string, ClockStatus>> {
    const now = await databaseTime(session);
    const rows = await session.all<Row>(
      'SELECT name, lease_until, started_at, finished_at, duration_ms, outcome, done, skipped, failed, error FROM clock_job',
    );
    return new Map(rows.map((row) => [row.name, fromRow(row, now)]));
  }
}

function fromRow(row: Row, now: number): ClockStatus {
  const { name, outcome, error, done, skipped, failed } = row;
  return {
    ...{ name, outcome, error, done, skipped, failed },
    isRunning: row.lease_until > now && row.lease_until <= now + lease,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    durationMs: row.duration_ms,
  };
}

/** How long a run may go on before it should renew its lease, in milliseconds. */
export const renewalInterval = lease / 3;
