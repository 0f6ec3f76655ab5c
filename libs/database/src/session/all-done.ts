/**
 * Waits for statements that were handed to one connection without waiting for each other, all of them to their end: none
 * may still run when the transaction is given up. @throws what the first one of them threw.
 */
export async function allDone(statements: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(statements);
  await Promise.all(statements);
}
