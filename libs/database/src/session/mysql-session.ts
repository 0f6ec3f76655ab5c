import type { PoolConnection, ResultSetHeader } from 'mysql2';
import type { TenantId } from '../tenant-id.js';
import { type AskedStatement, sendStatements } from './asked-statement.js';
import { counterRow, nearestFirst } from './counter-row.js';
import type { Counter, CounterMove, Session, SqlValue } from './session.js';

/**
 * A session on one pooled connection of mysql2, which waits for the answer to each statement before it sends the next
 * one. So what is asked for in one go is sent as one text of several statements, the beginning of the transaction with
 * the first of them; one alone is a prepared statement on the server.
 */
export class MysqlSession implements Session {
  readonly dialect = 'mysql';
  private asked: AskedStatement[] = [];
  private isOver = false;

  /** `opening`, such as START TRANSACTION, is sent with the first statement. */
  constructor(
    private readonly connection: PoolConnection,
    private opening?: string,
  ) {}

  async all<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.ask<Row[]>(statement, parameters);
  }

  lookUp<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row[]> {
    return this.all(statement, parameters);
  }

  async first<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    return (await this.ask<Row[]>(statement, parameters))[0];
  }

  async run(statement: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return (await this.ask<ResultSetHeader>(statement, parameters)).affectedRows;
  }

  async increment(counter: Counter, tenant: TenantId, by: number, move?: CounterMove): Promise<number> {
    const { table, column } = counter;
    const { sql, parameters } = counterRow(counter, tenant, move);
    const set = `${column} = LAST_INSERT_ID(GREATEST(${column} + ?, 0))${move === undefined ? '' : `, ${move.set}`}`;
    const statement = `UPDATE ${table} SET ${set} WHERE ${sql}${nearestFirst(counter)}`;
    const values = [by, ...(move?.setValues ?? []), ...parameters];
    const { affectedRows, insertId } = await this.ask<ResultSetHeader>(statement, values);
    return affectedRows === 0 ? 0 : insertId;
  }

  async list<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.ask<Row[]>(statement, parameters, false);
  }

  /** Refuses what is asked for from now on: it would not be part of the transaction. Answers whether that was begun. */
  end(): boolean {
    this.isOver = true;
    return this.opening === undefined;
  }

  private ask<Result>(statement: string, parameters: readonly SqlValue[], isPrepared = true): Promise<Result> {
    if (this.isOver) {
      return Promise.reject(new Error('the unit of work is over'));
    }
    return new Promise<Result>((resolve, reject) => {
      const isFirst = this.asked.push({ statement, parameters, isPrepared, resolve: resolve as never, reject }) === 1;
      if (isFirst) {
        // Not queueMicrotask, which makes an asynchronous resource of its own each time.
        void Promise.resolve().then(() => this.send());
      }
    });
  }

  private send(): void {
    const { asked, opening } = this;
    this.asked = [];
    this.opening = undefined;
    const done = (error: unknown, results: readonly unknown[]) => {
      for (const [index, { resolve, reject }] of asked.entries()) {
        if (error === null) {
          resolve(results[index]);
        } else {
          reject(error);
        }
      }
    };
    sendStatements(this.connection, asked, done, opening);
  }
}
