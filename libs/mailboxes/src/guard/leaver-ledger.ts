import { type CounterMove, databaseTimeSql, type Session, type TenantId, type Write } from '@cleanmail/database';
import type { OutboxEvent } from '@cleanmail/journal';

/** A leaver who is counted when its mailbox is written. */
export interface CountedLeaver {
  /** The database's time. */
  readonly at: number;
  /** Written only while the tenant has had fewer leavers than this; null for one that is held, which none are too many for. */
  readonly below: number | null;
  /** What other services must hear besides. */
  readonly events: readonly OutboxEvent[];
}

/** The leavers of a tenant within the last hour. */
export interface LeaverHour {
  /** The database's time. */
  readonly now: number;
  /** The number of the last leaver before that hour. */
  readonly since: number;
  /** Seats in use when the first leaver of the hour came; 0 when there was none. */
  readonly seats: number;
}

const hour = 3_600_000;

/** Numbers have no holes and times go with them, so the newest row before the hour tells how many came since. */
const readHour = (now: string) => `
  SELECT p.now, p.since, n.seats FROM (
    SELECT ${now} AS now, COALESCE((SELECT seq FROM mail_leaver WHERE tenant_id = ? AND at <= ${now} - ${hour} ORDER BY at DESC, seq DESC LIMIT 1), 0) AS since
  ) p LEFT JOIN mail_leaver n ON n.tenant_id = ? AND n.seq = p.since + 1`;
const readHours = { mysql: readHour(databaseTimeSql.mysql), sqlite: readHour(databaseTimeSql.sqlite) } as const;

/** In the order of the numbers also where clocks of nodes differ, unless a clock was set back by more than that. */
const insertLeaver = `
  INSERT INTO mail_leaver (tenant_id, seq, at, seats)
  SELECT c.tenant_id, c.leavers, CASE WHEN p.at > ? AND p.at <= ? THEN p.at ELSE ? END, c.seats_used - ?
    FROM tenant_mail_counter c LEFT JOIN mail_leaver p ON p.tenant_id = c.tenant_id AND p.seq = c.leavers - 1
   WHERE c.tenant_id = ?`;

/** Two index look-ups, however many leavers there were. */
export async function leaverHour(tenant: TenantId, session: Session): Promise<LeaverHour> {
  const row = await session.first<{ readonly now: number; readonly since: number; readonly seats: number | null }>(
    readHours[session.dialect],
    [tenant, tenant],
  );
  return { now: Number(row?.now ?? Number.NaN), since: Number(row?.since ?? 0), seats: row?.seats ?? 0 };
}

/** The move of the tenant's counter row with the leaver counted in it. */
export function withLeaver(move: CounterMove, leaver: CountedLeaver | undefined): CounterMove {
  if (leaver === undefined) {
    return move;
  }
  const counted = { ...move, set: `${move.set}, leavers = leavers + 1` };
  return leaver.below === null
    ? counted
    : { ...counted, when: `${move.when} AND leavers < ?`, whenValues: [...move.whenValues, leaver.below] };
}

/** The statement that writes the leaver down who was just counted; `seats` is what its change did to them. */
export function leaverWrite(tenant: TenantId, { at, seats }: { readonly at: number; readonly seats: number }): Write {
  return { statement: insertLeaver, parameters: [at, at + hour, at, seats, tenant] };
}
