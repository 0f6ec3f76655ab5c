import type BetterSqlite3 from 'better-sqlite3';
import type { DataSource, QueryRunner } from 'typeorm';
import type { ConnectionSource, UnitOutcome } from './connection-source.js';
import { SerialQueue } from './serial-queue.js';
import type { Session } from './session.js';
import { SqliteSession } from './sqlite-session.js';

/** The one connection of the embedded database, lent to one session or unit of work at a time. */
export class SqliteConnection implements ConnectionSource {
  readonly dialect = 'sqlite';
  private readonly queue = new SerialQueue();
  private readonly statements = new Map<string, BetterSqlite3.Statement<unknown[]>>();

  constructor(private readonly dataSource: DataSource) {}

  withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.queue.run(() => this.withRunner((database, runner) => work(this.session(database, runner))));
  }

  withTransaction<T>(work: (session: Session) => Promise<T>): Promise<UnitOutcome<T>> {
    return this.queue.run(() =>
      this.withRunner(async (database, runner) => {
        // IMMEDIATE: the write lock is waited for here, not failed on half-way.
        database.exec('BEGIN IMMEDIATE');
        try {
          const result = await work(this.session(database, runner));
          database.exec('COMMIT');
          return { result };
        } catch (error) {
          if (database.inTransaction) {
            database.exec('ROLLBACK');
          }
          throw error;
        }
      }),
    );
  }

  settled(): Promise<void> {
    return this.queue.run(async () => undefined);
  }

  private async withRunner<T>(use: (database: BetterSqlite3.Database, runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner('master');
    const database = (await runner.connect()) as BetterSqlite3.Database;
    return use(database, runner);
  }

  private session(database: BetterSqlite3.Database, runner: QueryRunner): Session {
    return new SqliteSession(database, runner, this.statements);
  }
}
