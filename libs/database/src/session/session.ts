import type { TenantId } from '../tenant-id.js';

/** A value that can be bound to a statement on every engine. */
export type SqlValue = string | number | boolean | null;

/** A statement that writes, with its values. */
export interface Write {
  readonly statement: string;
  readonly parameters: readonly SqlValue[];
}

/** The two families of SQL the service speaks; `mysql` is MySQL and MariaDB alike. */
export type Dialect = 'sqlite' | 'mysql';

/** A numeric column, never below 0, of one row: the tenant's, or the one of several that `key` and `around` pick. */
export interface Counter {
  readonly table: string;
  readonly column: string;
  /** Further columns of the primary key, with the row's values; the names come from the code. */
  readonly key?: Readonly<Record<string, SqlValue>>;
  /** Of the rows left over, which are ranges that do not overlap, the one around this value: `first` <= value < `end`. */
  readonly around?: { readonly first: string; readonly end: string; readonly value: SqlValue };
}

/** What moves in a counter's row together with the counter, and on which condition, as SQL on that row's columns. */
export interface CounterMove {
  /** Such as `seats_used = seats_used + ?`. */
  readonly set: string;
  readonly setValues: readonly SqlValue[];
  /** Such as `settings_version = ?`. */
  readonly when: string;
  readonly whenValues: readonly SqlValue[];
}

/**
 * Statements on one connection: inside {@link Database.write} they share a transaction, inside {@link Database.read}
 * each stands for itself. Rows come back as the driver makes them: strings, numbers (booleans as 0 or 1) and null.
 *
 * Statements that are asked for without waiting for each other run in that order and go to the server together, in one
 * round trip. When one of them fails, all of them may fail with its error, and which of the others ran is not known: inside
 * a transaction, which then ends, that makes no difference; outside of one, only reads may be asked for together.
 */
export interface Session {
  readonly dialect: Dialect;
  /** All rows of a statement that is kept prepared; its text must come from a small fixed set. */
  all<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  /** The first row of such a statement. */
  first<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row | undefined>;
  /**
   * The few rows that such a statement finds by an index, as reads of single resources do. Outside of a transaction it goes
   * to the server together with those of other requests.
   */
  lookUp<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  /** Runs such a statement; answers the number of rows that it matched (not: changed). */
  run(statement: string, parameters?: readonly SqlValue[]): Promise<number>;
  /**
   * Adds to a counter of one row and answers the new value, in one round trip; 0 also when there is no such row. The row
   * stays locked to the end of the transaction, so that values become visible in their order. With a move, 0 also says
   * that its condition did not hold and nothing was changed; its texts must come from a small fixed set.
   */
  increment(counter: Counter, tenant: TenantId, by: number, move?: CounterMove): Promise<number>;
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

/**
 * Written behind a table's name, has its rows read in the order of the primary key. Without it MySQL prefers to read all
 * ids of the tenant from a shorter index and to sort them.
 */
export function byPrimaryKey({ dialect }: { readonly dialect: Dialect }): string {
  return dialect === 'mysql' ? ' FORCE INDEX (PRIMARY)' : '';
}
