import { types } from 'node:util';
import type { Dialect, Session } from './session.js';

/** What came of a unit of work; with `commitError` nobody knows yet whether it was committed. */
export interface UnitOutcome<T> {
  readonly result: T;
  readonly commitError?: Error;
}

/** Where sessions come from: a pool of MySQL connections, or the one connection of the embedded database. */
export interface ConnectionSource {
  readonly dialect: Dialect;
  withSession<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Rolls back and throws when the work throws; an error of COMMIT itself comes back as `commitError`. */
  withTransaction<T>(work: (session: Session) => Promise<T>): Promise<UnitOutcome<T>>;
  /** Resolves when the work that was begun so far has ended, so that closing cuts none of it. */
  settled(): Promise<void>;
}

/** An error's own object, whatever was thrown. */
export function asError(thrown: unknown): Error {
  return types.isNativeError(thrown) ? thrown : new Error(String(thrown));
}
