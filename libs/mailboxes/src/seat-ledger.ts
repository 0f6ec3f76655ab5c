import { Database, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { MailPolicies } from './mail-policies.js';
import { type MailPolicy, readMailPolicy } from './mail-policy.js';

/** How many seats a tenant has, uses and lacks. */
export interface SeatUsage {
  readonly used: number;
  /** null: any number. */
  readonly limit: number | null;
  readonly policy: MailPolicy['seatPolicy'];
  /** Seats in use beyond the limit. */
  readonly over: number;
  /** Mailboxes that wait for a seat. */
  readonly waiting: number;
}

/** A time in which a mailbox occupied a seat; `to` is null while it does. Milliseconds since 1970, UTC. */
export interface SeatInterval {
  /** The mailbox and the beginning; it stays when the seat ends. */
  readonly id: string;
  readonly mailboxId: string;
  readonly from: number;
  readonly to: number | null;
}

/** A time from (inclusive) to (exclusive). */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** The most seats that were in use at once in a month. */
export interface MonthlyPeak {
  /** Such as `2026-11`, UTC. */
  readonly month: string;
  readonly peak: number;
}

/** How many seats a tenant may use, and what happens beyond it. */
export interface SeatLimit {
  /** null: any number. */
  readonly limit: number | null;
  /** Left out, it stays as it is. */
  readonly policy?: MailPolicy['seatPolicy'];
}

/** Ended intervals, and seats in use, that touch a period from the second to the first of the values behind the tenant. */
const ended = 'FROM seat_interval WHERE tenant_id = ? AND from_at < ? AND to_at > ?';
const inUse = 'FROM mailbox_account WHERE tenant_id = ? AND seat_since < ?';
/** What ends and begins in the same moment is one step: a seat that passes on is never counted twice. */
const peakOfPeriod = `
  SELECT MAX(level) AS peak FROM (
    SELECT SUM(delta) OVER (ORDER BY at) AS level FROM (
      SELECT at, SUM(delta) AS delta FROM (
        SELECT CASE WHEN from_at < ? THEN ? ELSE from_at END AS at, 1 AS delta ${ended}
        UNION ALL
        SELECT CASE WHEN seat_since < ? THEN ? ELSE seat_since END AS at, 1 AS delta ${inUse}
        UNION ALL
        SELECT to_at AS at, -1 AS delta ${ended} AND to_at < ?
      ) AS steps GROUP BY at
    ) AS moments
  ) AS levels`;

/** Both kinds in the order of their keys, each limited by itself so that neither is read to its end. */
function pageOfIntervals(limit: number): string {
  const page = (columns: string, from: string, [mailbox, since]: readonly [string, string]) =>
    `SELECT * FROM (SELECT ${columns} ${from} AND ${mailbox} >= ? AND (${mailbox} > ? OR ${since} > ?) ORDER BY ${mailbox}, ${since} LIMIT ${limit}) AS ${since}_page`;
  return `
    ${page('mailbox_id, from_at, to_at', ended, ['mailbox_id', 'from_at'])}
    UNION ALL
    ${page('id AS mailbox_id, seat_since AS from_at, NULL AS to_at', inUse, ['id', 'seat_since'])}
    ORDER BY mailbox_id, from_at LIMIT ${limit}`;
}

/** Seats of tenants: how many are used, who had one when, and how many there may be. What billing asks and sets. */
@Injectable()
export class SeatLedger {
  constructor(
    private readonly database: Database,
    private readonly policies: MailPolicies,
  ) {}

  async usage(tenant: TenantId): Promise<SeatUsage> {
    return this.database.read(async (session) => {
      const { seatLimit: limit, seatPolicy: policy, seatsUsed: used } = await readMailPolicy(tenant, session);
      const row = await session.first<{ readonly n: number }>(
        "SELECT COUNT(*) AS n FROM mailbox_address_wish WHERE tenant_id = ? AND reason = 'seat_limit' AND role = 'primary'",
        [tenant],
      );
      return {
        used,
        limit,
        policy,
        over: limit === null ? 0 : Math.max(0, used - limit),
        waiting: Number(row?.n ?? 0),
      };
    });
  }

  /**
   * Sets how many seats a tenant may use; nobody loses one that is in use, and who waits for one gets it now. Answers the
   * usage afterwards. @throws InvalidMailPolicyError
   */
  async setLimit(tenant: TenantId, actor: Actor, { limit, policy }: SeatLimit): Promise<SeatUsage> {
    await this.policies.change(tenant, actor, { seatLimit: limit, seatPolicy: policy });
    return this.usage(tenant);
  }

  /** The most seats that were in use at once in the month (UTC) around an instant. */
  async peak(tenant: TenantId, instant: number): Promise<number> {
    const month = { from: monthStart(instant, 0), to: monthStart(instant, 1) };
    return this.database.read((session) => readPeak(tenant, session, month));
  }

  /** The peaks of the months that the period touches, oldest first. */
  async peaks(tenant: TenantId, period: Period): Promise<readonly MonthlyPeak[]> {
    return this.database.read(async (session) => {
      const peaks: MonthlyPeak[] = [];
      for (const month of monthsOf(period)) {
        peaks.push({ month: monthName(month.from), peak: await readPeak(tenant, session, month) });
      }
      return peaks;
    });
  }

  /** Intervals that touch the period, by mailbox and time; `after` is the id of the last one of the page before. */
  async intervals(
    tenant: TenantId,
    { from, to }: Period,
    { after = '', limit }: { readonly after?: string; readonly limit: number },
  ): Promise<readonly SeatInterval[]> {
    const [mailbox = '', since = '0'] = after.split(':');
    const start: SqlValue[] = [mailbox, mailbox, Number(since)];
    const rows = await this.database.read((session) =>
      session.all<{ readonly mailbox_id: string; readonly from_at: number; readonly to_at: number | null }>(
        pageOfIntervals(Math.trunc(limit)),
        [tenant, to, from, ...start, tenant, to, ...start],
      ),
    );
    return rows.map(({ mailbox_id: mailboxId, from_at: begin, to_at: end }) => ({
      id: `${mailboxId}:${begin}`,
      mailboxId,
      from: begin,
      to: end,
    }));
  }
}

async function readPeak(tenant: TenantId, session: Session, { from, to }: Period): Promise<number> {
  const range: SqlValue[] = [tenant, to, from];
  const row = await session.first<{ readonly peak: number | string | null }>(peakOfPeriod, [
    ...[from, from, ...range],
    ...[from, from, tenant, to],
    ...[...range, to],
  ]);
  return Number(row?.peak ?? 0);
}

/** The calendar months, UTC, that the period touches. */
function monthsOf({ from, to }: Period): readonly Period[] {
  const months: Period[] = [];
  for (let start = monthStart(from, 0); start < to; start = monthStart(start, 1)) {
    months.push({ from: start, to: monthStart(start, 1) });
  }
  return months;
}

/** The beginning of the month of an instant, or of a month some months later. */
export function monthStart(instant: number, later: number): number {
  const date = new Date(instant);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later);
}

function monthName(instant: number): string {
  return new Date(instant).toISOString().slice(0, 7);
}
