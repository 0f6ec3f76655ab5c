import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 20;

/**
 * Asks again and again until the answer is accepted, and gives it back with the milliseconds that it took. Throws with
 * the last answer when the time is over; for states that announce themselves by no event.
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  accept: (answer: T) => boolean,
  withinMs: number,
): Promise<{ readonly answer: T; readonly afterMs: number }> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await ask();
    const afterMs = performance.now() - startedAt;
    if (accept(answer)) return { answer, afterMs };
    if (afterMs > withinMs) throw new Error(`not within ${withinMs} ms; the last answer was ${JSON.stringify(answer)}`);
    await delay(pollMs);
  }
}
