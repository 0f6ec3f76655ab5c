import { setImmediate } from 'node:timers/promises';

/**
 * To be awaited between the transactions of a long piece of work. The embedded database answers within microtasks, so
 * that a loop of nothing but transactions would keep the whole process from its requests.
 */
export async function letOthersIn(): Promise<void> {
  await setImmediate();
}
