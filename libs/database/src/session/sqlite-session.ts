import type BetterSqlite3 from 'better-sqlite3';
import type { TenantId } from '../tenant-id.js';
import { counterRow, nearestFirst } from './counter-row.js';
import type { Counter, CounterMove, Session, SqlValue } from './session.js';

/** A session on the one connection of the embedded database; its statements are kept prepared. */
export class SqliteSession implements Session {
  readonly dialect = 'sqlite';

  constructor(
    private readonly database: BetterSqlite3.Database,
    private readonly statements: Map<string, BetterSqlite3.Statement<unknown[]>>,
  ) {}

  async all<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.prepared(statement).all(...bindable(parameters)) as Row[];
  }

  lookUp<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row[]> {
    return this.all(statement, parameters);
  }

  async first<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    return this.prepared(statement).get(...bindable(parameters)) as Row | undefined;
  }

  async run(statement: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return this.prepared(statement).run(...bindable(parameters)).changes;
  }

  async increment(counter: Counter, tenant: TenantId, by: number, move?: CounterMove): Promise<number> {
    const { table, column, around } = counter;
    const { sql, parameters } = counterRow(counter, tenant, move);
    const row =
      around === undefined ? sql : `rowid = (SELECT rowid FROM ${table} WHERE ${sql}${nearestFirst(counter)})`;
    const set = `${column} = MAX(${column} + ?, 0)${move === undefined ? '' : `, ${move.set}`}`;
    const statement = `UPDATE ${table} SET ${set} WHERE ${row} RETURNING ${column} AS value`;
    const values = [by, ...(move?.setValues ?? []), ...parameters];
    return (await this.first<{ value: number }>(statement, values))?.value ?? 0;
  }

  async list<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.database.prepare(statement).all(...bindable(parameters)) as Row[];
  }

  private prepared(statement: string): BetterSqlite3.Statement<unknown[]> {
    const known = this.statements.get(statement);
    if (known !== undefined) {
      return known;
    }
    const prepared = this.database.prepare<unknown[]>(statement);
    this.statements.set(statement, prepared);
    return prepared;
  }
}

/** better-sqlite3 binds no booleans. */
function bindable(parameters: readonly SqlValue[]): (string | number | null)[] {
  return parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value));
}
