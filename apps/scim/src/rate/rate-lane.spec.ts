import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { RateLane } from './rate-lane.js';

const RATE = 25;
const SPACING = 1000 / RATE;

/** Requests at their times, in milliseconds, and what each was told. */
async function sendAt(lane: RateLane, times: readonly number[], tenant = 'tenant'): Promise<readonly number[]> {
  const start = Date.now();
  const answers: number[] = [];
  for (const time of [...times].sort((a, b) => a - b)) {
    await jest.advanceTimersByTimeAsync(Math.max(0, start + time - Date.now()));
    answers.push(await lane.take(tenant));
  }
  return answers;
}

const steady = (count: number, jitter: (index: number) => number): readonly number[] =>
  Array.from({ length: count }, (_, index) => 1000 + index * SPACING + jitter(index));

describe(RateLane.name, () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each<[string, (index: number) => number]>([
    ['evenly', () => 0],
    ['late and early by turns, second by second', (index) => (Math.floor(index / RATE) % 2 === 0 ? 490 : -490)],
    ['late and early by turns, four seconds each', (index) => (Math.floor(index / (4 * RATE)) % 2 === 0 ? 490 : -490)],
    ['in volleys of ten', (index) => -(index % 10) * SPACING],
  ])('should never refuse a client that keeps to its rate %s', async (_how, jitter) => {
    const answers = await sendAt(new RateLane(RATE), steady(60 * RATE, jitter));
    expect(answers.filter((seconds) => seconds > 0)).toEqual([]);
  });

  it('should never refuse a client that keeps to its rate with any jitter below half a second', async () => {
    const jitters = fc.array(fc.integer({ min: -490, max: 490 }), { minLength: 10 * RATE, maxLength: 10 * RATE });
    await fc.assert(
      fc.asyncProperty(jitters, async (jitter) => {
        const answers = await sendAt(
          new RateLane(RATE),
          steady(jitter.length, (index) => jitter[index] ?? 0),
        );
        return answers.every((seconds) => seconds === 0);
      }),
      { numRuns: 30 },
    );
  });

  it('should hold a flood to two seconds’ share at once and a quarter above the rate for long', async () => {
    const lane = new RateLane(RATE);
    const flood = await sendAt(
      lane,
      Array.from({ length: 40_000 }, (_, index) => index),
    );
    const admitted = (from: number, to: number) => flood.slice(from, to).filter((seconds) => seconds === 0).length;
    expect(admitted(0, 1000)).toBe(2 * RATE);
    expect(admitted(0, 40_000)).toBeLessThanOrEqual(1.25 * RATE * 40 + RATE);
    expect(admitted(0, 40_000)).toBeGreaterThanOrEqual(RATE * 40);
  });

  it('should name a time after which there is room, whenever it refuses', async () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 100, maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(gaps, async (all) => {
        const lane = new RateLane(RATE);
        for (const gap of all) {
          await jest.advanceTimersByTimeAsync(gap);
          const seconds = await lane.take('tenant');
          if (seconds === 0) continue;
          expect([Number.isInteger(seconds), seconds <= 4]).toEqual([true, true]);
          await jest.advanceTimersByTimeAsync(seconds * 1000);
          expect(await lane.take('tenant')).toBe(0);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('should keep tenants apart', async () => {
    const lane = new RateLane(RATE);
    const flood = await sendAt(lane, Array<number>(200).fill(0), 'loud');
    expect(flood.filter((seconds) => seconds === 0)).toHaveLength(2 * RATE);
    expect(await lane.take('quiet')).toBe(0);
  });
});
