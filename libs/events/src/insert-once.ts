import type { Session } from '@cleanmail/database';

/** Begins an INSERT that passes over rows that are there. */
export function insertOnce({ dialect }: Pick<Session, 'dialect'>): string {
  return dialect === 'sqlite' ? 'INSERT OR IGNORE' : 'INSERT IGNORE';
}

/** As many question marks as values, for a list. */
export function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
