import { runAll, type Session, type TenantId } from '@cleanmail/database';
import type { MailSettings } from './mail-policy.js';
import type { Mailbox } from './mailbox.js';

/** Mailboxes before and after a change, as far as their seats are concerned. */
export interface SeatChange {
  readonly before: Mailbox | undefined;
  readonly after: Mailbox;
}

const insertInterval = 'INSERT INTO seat_interval (tenant_id, mailbox_id, from_at, to_at) VALUES (?, ?, ?, ?)';
/** The clocks of nodes differ: a seat may be taken again at an instant that is in the ledger already. */
const closeInterval = {
  mysql: `${insertInterval} ON DUPLICATE KEY UPDATE to_at = GREATEST(to_at, VALUES(to_at))`,
  sqlite: `${insertInterval} ON CONFLICT DO UPDATE SET to_at = MAX(to_at, excluded.to_at)`,
} as const;

/** The mailbox with the time since when it has its seat. Taking one costs no statement of its own. */
export function withSeatTime({ before, after }: SeatChange, now: number): Mailbox {
  return { ...after, seatSince: after.seat ? (before?.seatSince ?? now) : null };
}

/** Enters seats that ended into the ledger that billing reads, in the transaction of the change. */
export async function writeSeatIntervals(
  tenant: TenantId,
  session: Session,
  changes: readonly SeatChange[],
  now: number,
): Promise<void> {
  const writes = changes.flatMap(({ before, after }) => {
    const since = before?.seatSince ?? now;
    return before?.seat === true && !after.seat && since < now
      ? [{ statement: closeInterval[session.dialect], parameters: [tenant, after.id, since, now] }]
      : [];
  });
  await runAll(session, writes);
}

/** What a unit of work does to the tenant's seats, and what must still be true of them when it is written. */
export interface SeatMove {
  readonly delta: number;
  /** Mailboxes that took a seat beyond a soft limit. */
  readonly overLimit: readonly Mailbox[];
  readonly when: string;
  readonly whenValues: readonly number[];
}

const sameSettings = 'settings_version = ?';

/**
 * The condition under which a change may be written as it was decided: the settings are those that it saw, a seat was
 * free if it took one, and none was if it left a mailbox waiting. Where that does not hold, the unit is run again.
 */
export function seatMove(settings: MailSettings, changes: readonly SeatChange[]): SeatMove {
  const taken = changes.filter(({ before, after }) => after.seat && before?.seat !== true);
  const left = changes.filter(({ before, after }) => !after.seat && before?.seat === true);
  const delta = taken.length - left.length;
  const { seatLimit, seatPolicy, seatsUsed, version } = settings;
  const unlimited = { delta, overLimit: [], when: sameSettings, whenValues: [version] };
  if (seatLimit === null) {
    return unlimited;
  }
  if (delta > 0 && (seatPolicy === 'hard' || seatsUsed + delta <= seatLimit)) {
    return {
      ...unlimited,
      when: `${sameSettings} AND seats_used + ? <= ?`,
      whenValues: [version, delta, seatLimit],
    };
  }
  if (delta > 0) {
    const overLimit = taken.slice(-Math.max(1, seatsUsed + delta - seatLimit)).map(({ after }) => after);
    return {
      ...unlimited,
      overLimit,
      when: `${sameSettings} AND seats_used + ? > ?`,
      whenValues: [version, delta, seatLimit],
    };
  }
  return changes.some(({ before, after }) => isWaiting(after) && (before === undefined || !isWaiting(before)))
    ? { ...unlimited, when: `${sameSettings} AND seats_used + ? >= ?`, whenValues: [version, delta, seatLimit] }
    : unlimited;
}

/** Whether a mailbox waits for a seat, so that it must have been true that there was none. */
function isWaiting({ status, statusReason }: Mailbox): boolean {
  return status === 'pending' && statusReason === 'seat_limit';
}
