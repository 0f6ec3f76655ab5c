import { InvalidArgumentError } from 'commander';

const day = 86_400_000;
const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: day };

/** A whole number from 1. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}

/** A whole number from 0. */
export function parseWholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 0.');
  return Number(text);
}

/** A number above 0. */
export function parseRate(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

/** An expiry as ISO 8601 instant, from an instant or a number of days from now. */
export function parseExpiry(text: string, now = Date.now()): string {
  const days = /^(\d{1,5})d?$/.exec(text)?.[1];
  const instant = days === undefined ? parseInstant(text) : now + Number(days) * day;
  if (instant === undefined)
    throw new InvalidArgumentError('Give days (90) or an ISO 8601 instant (2027-06-30T00:00:00Z).');
  if (instant <= now) throw new InvalidArgumentError('The expiry lies in the past.');
  return new Date(instant).toISOString();
}

/** A start as ISO 8601 instant, from an instant or a time before now such as 15m, 2h or 1d. */
export function parseSince(text: string, now = Date.now()): string {
  const ago = /^(\d{1,6})([smhd])$/.exec(text);
  const instant = ago === null ? parseInstant(text) : now - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0);
  if (instant === undefined) throw new InvalidArgumentError('Give a time ago (15m, 2h, 1d) or an ISO 8601 instant.');
  return new Date(instant).toISOString();
}

/** One character that parts fields; `tab` is one. */
export function parseDelimiter(text: string): string {
  const delimiter = text === 'tab' || text === '\\t' ? '\t' : text;
  if (delimiter.length !== 1 || /[\w"@\r\n]/.test(delimiter))
    throw new InvalidArgumentError('Give one character such as ; or "tab".');
  return delimiter;
}

/** Collects a repeatable option. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function parseInstant(text: string): number | undefined {
  const instant = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(instant) ? undefined : instant;
}
