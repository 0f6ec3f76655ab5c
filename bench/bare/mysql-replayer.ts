import mysql, { type Pool, type PoolConnection } from 'mysql2';
import { mysqlResults, type Results, type Value } from '../record/statement-tap.js';
import type { ReplayContext } from './bindings.js';
import { type PreparedScript, type PreparedStatement, type Replayer, requireSameMatches } from './replayer.js';

/** As many as the service has. */
const poolSize = 10;
const attempts = 8;
const deadlock = 1213;
const settings =
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'";

/** mysql2's own pool, prepared statements, and nothing else. */
export class MysqlReplayer implements Replayer {
  private readonly pool: Pool;

  constructor(url: string) {
    this.pool = mysql.createPool({
      uri: url,
      connectionLimit: poolSize,
      multipleStatements: true,
      charset: 'utf8mb4',
      timezone: 'Z',
      supportBigNumbers: true,
      maxPreparedStatements: 400,
    });
    this.pool.on('connection', (connection) => void connection.query(settings));
  }

  async run(script: PreparedScript, context: ReplayContext): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.withConnection((connection) => replay(connection, script, context));
      } catch (error) {
        if ((error as { errno?: number }).errno !== deadlock || attempt === attempts) throw error;
        context.results.length = 0;
      }
    }
  }

  rows(sql: string, values: readonly Value[]): Promise<Results[number]> {
    return this.withConnection(async (connection) => (await send(connection, sql, values, true))[0] ?? []);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.pool.end(() => resolve()));
  }

  private withConnection<T>(use: (connection: PoolConnection) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) => {
        if (error !== null) return reject(error);
        use(connection)
          .then(resolve, reject)
          .finally(() => connection.release());
      });
    });
  }
}

async function replay(connection: PoolConnection, { steps }: PreparedScript, context: ReplayContext): Promise<void> {
  const running: Promise<void>[] = [];
  try {
    for (const [index, step] of steps.entries()) {
      if (!step.isPipelined) await Promise.all(running.splice(0));
      running.push(one(connection, step, context, index));
    }
    await Promise.all(running);
  } catch (error) {
    await Promise.allSettled(running);
    await send(connection, 'ROLLBACK', [], false);
    throw error;
  }
}

async function one(
  connection: PoolConnection,
  step: PreparedStatement,
  context: ReplayContext,
  index: number,
): Promise<void> {
  const results = await send(connection, step.sql, step.valuesOf(context), step.isExecuted);
  context.results[index] = results;
  requireSameMatches(step, results);
}

function send(
  connection: PoolConnection,
  sql: string,
  values: readonly Value[],
  isExecuted: boolean,
): Promise<Results> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, result: unknown) =>
      error === null ? resolve(mysqlResults(result)) : reject(error);
    if (isExecuted) connection.execute(sql, values as (string | number | null)[], done);
    else connection.query(sql, values as (string | number | null)[], done);
  });
}
