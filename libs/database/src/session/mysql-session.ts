import type { PoolConnection, QueryError, QueryResult, ResultSetHeader } from 'mysql2';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { TenantId } from '../tenant-id.js';
import { counterRow, nearestFirst } from './counter-row.js';
import type { Counter, CounterMove, Session, SqlValue, Write } from './session.js';

/** No statement of a request may run longer, in milliseconds; the connection is given up afterwards. */
export const statementTimeout = 5000;

/** A session on one pooled connection of mysql2, with server-side prepared statements. */
export class MysqlSession implements Session {
  readonly dialect = 'mysql';

  constructor(
    private readonly connection: PoolConnection,
    private readonly runner: QueryRunner,
  ) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  async all<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return (await this.execute(statement, parameters)) as unknown as Row[];
  }

  async first<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    return (await this.all<Row>(statement, parameters))[0];
  }

  async run(statement: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return ((await this.execute(statement, parameters)) as ResultSetHeader).affectedRows;
  }

  /** Statements of one packet cannot be prepared: their values are escaped here, as those of {@link list} are. */
  async runAll(writes: readonly Write[]): Promise<readonly number[]> {
    const [first, ...others] = writes;
    if (first === undefined || others.length === 0) {
      return first === undefined ? [] : [await this.run(first.statement, first.parameters)];
    }
    const text = writes.map(({ statement }) => statement).join(';');
    const results = await this.list<ResultSetHeader>(
      text,
      writes.flatMap(({ parameters }) => parameters),
    );
    return results.map(({ affectedRows }) => affectedRows);
  }

  async increment(counter: Counter, tenant: TenantId, by: number, move?: CounterMove): Promise<number> {
    const { table, column } = counter;
    const { sql, parameters } = counterRow(counter, tenant, move);
    const set = `${column} = LAST_INSERT_ID(GREATEST(${column} + ?, 0))${move === undefined ? '' : `, ${move.set}`}`;
    const statement = `UPDATE ${table} SET ${set} WHERE ${sql}${nearestFirst(counter)}`;
    const values = [by, ...(move?.setValues ?? []), ...parameters];
    const { affectedRows, insertId } = (await this.execute(statement, values)) as ResultSetHeader;
    return affectedRows === 0 ? 0 : insertId;
  }

  list<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.connection.query({ sql: statement, values: [...parameters], timeout: statementTimeout }, (error, rows) =>
        error === null ? resolve(rows as unknown as Row[]) : reject(error),
      );
    });
  }

  private execute(statement: string, parameters: readonly SqlValue[]): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      const done = (error: QueryError | null, result: QueryResult) =>
        error === null ? resolve(result) : reject(error);
      this.connection.execute({ sql: statement, values: [...parameters], timeout: statementTimeout }, done);
    });
  }
}
