/** A receiver's own way out of this node: so many events at once, and each piece of work only once at a time. */
export class Lane {
  private readonly running = new Map<string, Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private inUse = 0;
  /** Attempts that failed since the last one that was answered well. */
  failuresInARow = 0;

  constructor(public concurrency: number) {}

  /** How many pieces of work of a kind are begun; keys start with their kind. */
  count(kind: string): number {
    return [...this.running.keys()].filter((key) => key.startsWith(kind)).length;
  }

  /** Begins a piece of work unless it is at it; false then. */
  begin(key: string, work: () => Promise<void>): boolean {
    if (this.running.has(key)) {
      return false;
    }
    this.running.set(
      key,
      work().finally(() => this.running.delete(key)),
    );
    return true;
  }

  /** Waits until one of the lane's places is free, and keeps it for as long as the work takes. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.inUse >= this.concurrency) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.inUse += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) {
        this.inUse -= 1;
      } else {
        next();
      }
    }
  }

  /** Resolves when nothing is begun any more. */
  async settled(): Promise<void> {
    while (this.running.size > 0) {
      await Promise.allSettled(this.running.values());
    }
  }
}
