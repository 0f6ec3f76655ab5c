import { setTimeout as delay } from 'node:timers/promises';

/** Runs `work` for every item, at most `limit` at once; stops taking items when the signal is aborted. */
export async function forEachConcurrently<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      signal.throwIfAborted();
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

/** Spaces requests evenly so that no more than `perSecond` start in a second. */
export class Pacer {
  private nextStart = 0;

  constructor(private readonly perSecond: number) {}

  async turn(signal: AbortSignal): Promise<void> {
    if (!Number.isFinite(this.perSecond)) return;
    const now = performance.now();
    const start = Math.max(now, this.nextStart);
    this.nextStart = start + 1000 / this.perSecond;
    if (start > now) await delay(start - now, undefined, { signal });
  }
}
