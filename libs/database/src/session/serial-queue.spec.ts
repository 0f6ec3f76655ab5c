import { describe, expect, it } from '@jest/globals';
import { SerialQueue } from './serial-queue.js';

/** A task that tells when it begins and ends only when it is told to. */
function controlled(name: string, log: string[]) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const task = async () => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ends`);
    return name;
  };
  return { task, end: () => end() };
}

describe(SerialQueue.name, () => {
  it('should begin a task only when the one before has ended', async () => {
    const queue = new SerialQueue();
    const log: string[] = [];
    const [first, second] = [controlled('first', log), controlled('second', log)];
    second.end();
    const results = [queue.run(first.task), queue.run(second.task)];
    await new Promise(setImmediate);
    expect(log).toEqual(['first begins']);
    first.end();
    expect(await Promise.all(results)).toEqual(['first', 'second']);
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('should keep the order in which a hundred tasks came', async () => {
    const queue = new SerialQueue();
    const order: number[] = [];
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    await Promise.all(
      numbers.map((number) =>
        queue.run(async () => {
          await new Promise(setImmediate);
          order.push(number);
        }),
      ),
    );
    expect(order).toEqual(numbers);
  });

  it('should go on after a task that fails, and tell only its own caller', async () => {
    const queue = new SerialQueue();
    const failing = queue.run(() => Promise.reject(new Error('failed')));
    const next = queue.run(async () => 'next');
    await expect(failing).rejects.toThrow('failed');
    expect(await next).toBe('next');
  });

  it('should go on after a task that throws at once', async () => {
    const queue = new SerialQueue();
    const failing = queue.run(() => {
      throw new Error('thrown');
    });
    await expect(failing).rejects.toThrow('thrown');
    expect(await queue.run(async () => 'next')).toBe('next');
  });
});
