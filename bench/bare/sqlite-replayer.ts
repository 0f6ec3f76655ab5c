import Sqlite from 'better-sqlite3';
import type { Results, Row, Value } from '../record/statement-tap.js';
import type { ReplayContext } from './bindings.js';
import { type PreparedScript, type PreparedStatement, type Replayer, requireSameMatches } from './replayer.js';

/** better-sqlite3 on one connection with the service's settings. It answers at once, so requests need no queue. */
export class SqliteReplayer implements Replayer {
  private readonly database: Sqlite.Database;
  private readonly statements = new Map<string, Sqlite.Statement<unknown[]>>();

  constructor(path: string) {
    this.database = new Sqlite(path, { timeout: 10_000 });
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'temp_store = MEMORY', 'cache_size = -16000']) {
      this.database.pragma(pragma);
    }
  }

  async run({ steps }: PreparedScript, context: ReplayContext): Promise<void> {
    try {
      for (const [index, step] of steps.entries()) {
        const results = this.send(step, step.valuesOf(context));
        context.results[index] = results;
        requireSameMatches(step, results);
      }
    } catch (error) {
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  async rows(sql: string, values: readonly Value[]): Promise<Results[number]> {
    return this.prepared(sql).all(...values) as Row[];
  }

  async close(): Promise<void> {
    this.database.close();
  }

  private send({ sql, method }: PreparedStatement, values: readonly Value[]): Results {
    if (method === 'exec') {
      this.database.exec(sql);
      return [[]];
    }
    const statement = this.prepared(sql);
    if (method === 'run') return [[{ affectedRows: statement.run(...values).changes }]];
    if (method === 'all') return [statement.all(...values) as Row[]];
    const row = statement.get(...values) as Row | undefined;
    return [row === undefined ? [] : [row]];
  }

  private prepared(sql: string): Sqlite.Statement<unknown[]> {
    const known = this.statements.get(sql) ?? this.database.prepare<unknown[]>(sql);
    this.statements.set(sql, known);
    return known;
  }
}
