import type { EntityManager } from 'typeorm';
import type { TenantId } from '../tenant-id.js';

/** A value that can be bound to a statement on every engine. */
export type SqlValue = string | number | boolean | null;

/** The two families of SQL the service speaks; `mysql` is MySQL and MariaDB alike. */
export type Dialect = 'sqlite' | 'mysql';

/** A numeric column of a table that has one row a tenant. */
export interface Counter {
  readonly table: string;
  readonly column: string;
}

/**
 * Statements on one connection: inside {@link Database.write} they share a transaction, inside {@link Database.read}
 * each stands for itself. Rows come back as the driver makes them: strings, numbers (booleans as 0 or 1) and null.
 */
export interface Session {
  readonly dialect: Dialect;
  /** TypeORM on the same connection and in the same transaction, for statements that are not on a hot path. */
  readonly manager: EntityManager;
  /** All rows of a prepared statement; its text must come from a small fixed set. */
  all<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  /** The first row of a prepared statement. */
  first<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row | undefined>;
  /** Runs a prepared statement; answers the number of rows that it matched (not: changed). */
  run(statement: string, parameters?: readonly SqlValue[]): Promise<number>;
  /**
   * Adds to a counter of one tenant's row and answers the new value, in one round trip. The row stays locked to the end
   * of the transaction, so that values become visible in their order.
   */
  increment(counter: Counter, tenant: TenantId, by: number): Promise<number>;
  /** All rows of a statement whose text is made from a request's filter: never kept as a prepared one. */
  list<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
}

/** ` FOR UPDATE` where the engine has row locks; SQLite runs one unit of work at a time anyway. */
export function forUpdate(session: Session): string {
  return session.dialect === 'mysql' ? ' FOR UPDATE' : '';
}

/** Like {@link forUpdate}, for rows that must stay as they are while others may do the same. */
export function forShare(session: Session): string {
  return session.dialect === 'mysql' ? ' LOCK IN SHARE MODE' : '';
}
