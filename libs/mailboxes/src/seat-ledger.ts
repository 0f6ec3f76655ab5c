import { newId, type Session, type TenantId } from '@cleanmail/database';
import type { MailSettings } from './mail-policy.js';
import type { Mailbox } from './mailbox.js';

/** Mailboxes before and after a change, as far as their seats are concerned. */
export interface SeatChange {
  readonly before: Mailbox | undefined;
  readonly after: Mailbox;
}

const openInterval = 'INSERT INTO seat_interval (tenant_id, id, mailbox_id, from_at) VALUES (?, ?, ?, ?)';
/** A node's clock may be behind that of the node which opened the interval. */
const closeInterval =
  'UPDATE seat_interval SET to_at = CASE WHEN from_at > ? THEN from_at ELSE ? END WHERE tenant_id = ? AND open_key = ?';

/** Opens and closes the intervals of the ledger that billing reads, in the transaction of the change. */
export async function writeSeatIntervals(
  tenant: TenantId,
  session: Session,
  changes: readonly SeatChange[],
  now: number,
): Promise<void> {
  for (const { before, after } of changes) {
    if (before?.seat === true && !after.seat) {
      await session.run(closeInterval, [now, now, tenant, after.id]);
    } else if (before?.seat !== true && after.seat) {
      await session.run(openInterval, [tenant, newId(), after.id, now]);
    }
  }
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
