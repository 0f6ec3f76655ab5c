const minute = 60_000;
const hour = 60 * minute;

/** How long to wait after each failed attempt, the schedule that Standard Webhooks recommend. */
const delays: readonly number[] = [
  5000,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** From the first failure on, in milliseconds: what cannot be tried again within is dead. */
export const patience = 84 * hour;

const jitter = 0.1;

/**
 * When to try again after so many failed attempts; undefined when the event is to be given up. The wait varies by a
 * tenth, so that what failed together does not come back together.
 */
export function nextAttempt(
  attempts: number,
  { firstFailedAt, now }: { readonly firstFailedAt: number; readonly now: number },
  random: () => number = Math.random,
): number | undefined {
  const delay = delays[Math.min(attempts, delays.length) - 1] ?? 0;
  const next = now + Math.round(delay * (1 - jitter + 2 * jitter * random()));
  return next > firstFailedAt + patience ? undefined : next;
}
