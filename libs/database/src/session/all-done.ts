import type { Session, Write } from './session.js';

/**
 * Waits for statements that were asked for together, all of them to their end: none may still run when the transaction
 * is given up. Answers what each answered. @throws what the first one of them threw.
 */
export async function allDone<T extends readonly unknown[]>(
  statements: T,
): Promise<{ -readonly [Each in keyof T]: Awaited<T[Each]> }> {
  const outcomes = await Promise.allSettled(statements);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') {
      throw outcome.reason;
    }
    return outcome.value;
  }) as { -readonly [Each in keyof T]: Awaited<T[Each]> };
}

/** Asks for writes together; answers how many rows each of them matched. */
export function runAll(session: Session, writes: readonly Write[]): Promise<number[]> {
  return allDone(writes.map(({ statement, parameters }) => session.run(statement, parameters)));
}
