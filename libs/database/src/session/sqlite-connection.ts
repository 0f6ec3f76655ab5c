import type BetterSqlite3 from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { ConnectionSource, UnitOutcome } from './connection-source.js';
import { SerialQueue } from './serial-queue.js';
import type { Session } from './session.js';
import { SqliteSession } from './sqlite-session.js';

/** The one connection of the embedded database, lent to one session or unit of work at a time. */
export class SqliteConnection implements ConnectionSource {
  readonly dialect = 'sqlite';
  private readonly queue = new SerialQueue();
  private readonly statements = new Map<string, BetterSqlite3.Statement<unknown[]>>();

  private constructor(private readonly database: BetterSqlite3.Database) {}

  /** Takes over the connection of an initialised DataSource. */
  static on(dataSource: DataSource): SqliteConnection {
    const { databaseConnection } = dataSource.driver as unknown as {
      readonly databaseConnection: BetterSqlite3.Database;
    };
    return new SqliteConnection(databaseConnection);
  }

  withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.queue.run(() => work(this.session()));
  }

  withTransaction<T>(work: (session: Session) => Promise<T>): Promise<UnitOutcome<T>> {
    return this.queue.run(async () => {
      // IMMEDIATE: the write lock is waited for here, not failed on half-way.
      this.database.exec('BEGIN IMMEDIATE');
      try {
        const result = await work(this.session());
        this.database.exec('COMMIT');
        return { result };
      } catch (error) {
        if (this.database.inTransaction) {
          this.database.exec('ROLLBACK');
        }
        throw error;
      }
    });
  }

  settled(): Promise<void> {
    return this.queue.run(async () => undefined);
  }

  private session(): Session {
    return new SqliteSession(this.database, this.statements);
  }
}
