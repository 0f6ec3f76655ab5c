/**
 * Runs tasks one at a time, in the order they came. All access to the embedded database goes through one of these:
 * its driver has a single connection, on which a second request's statement would join the first one's transaction.
 */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.tail.then(task);
    this.tail = result.catch(() => undefined);
    return result;
  }
}
