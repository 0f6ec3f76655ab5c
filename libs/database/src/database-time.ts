import type { Session } from './session/session.js';

/** The time of the database as SQL, in milliseconds since 1970, UTC; for a statement that uses it. */
export const databaseTimeSql = {
  sqlite: "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
  // Not UNIX_TIMESTAMP(NOW(3)), which reads local time and is ambiguous in the hour that summer time repeats.
  mysql: "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000",
} as const;

/**
 * The time of the database in milliseconds since 1970, UTC: the one clock that all nodes share. What is due is decided
 * by it alone, never by the clock of a node.
 */
export async function databaseTime(session: Session): Promise<number> {
  const row = await session.first<{ readonly now: number }>(`SELECT ${databaseTimeSql[session.dialect]} AS now`);
  return Number(row?.now ?? Number.NaN);
}

const tolerance = 5000;

/**
 * A node's time as it may be written into a deadline: its own, unless its clock is more than five seconds off; then the
 * database's. A deadline of a node that lives in another year would make a clock end data far too early.
 */
export async function soundTime(session: Session, nodeTime: number): Promise<number> {
  const now = await databaseTime(session);
  return Math.abs(now - nodeTime) > tolerance ? now : nodeTime;
}
