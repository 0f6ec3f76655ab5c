import type { Pool, PoolConnection } from 'mysql2';
import type { DataSource } from 'typeorm';
import { driverErrorKind } from '../driver-errors.js';
import { asError, type ConnectionSource, type UnitOutcome } from './connection-source.js';
import { GatheredLookUps } from './gathered-look-ups.js';
import { MysqlReads } from './mysql-reads.js';
import { MysqlSession } from './mysql-session.js';
import type { Session } from './session.js';

/**
 * READ COMMITTED: under the default level, plain inserts of different rows deadlock on gap locks.
 * Waiting for a row lock ends before the statement's own time does, so that it can be told from a server that hangs.
 * Sorting sees the whole of the longest key column, which is 640 characters of up to four bytes.
 */
const sessionSettings = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', innodb_lock_wait_timeout = 3, lock_wait_timeout = 10, max_sort_length = 4096",
];

const readOnlySettings = [...sessionSettings, 'SET SESSION TRANSACTION READ ONLY'];

/** Sessions on mysql2's pool. Every new connection is given the service's settings before its first statement. */
export class MysqlConnections implements ConnectionSource {
  readonly dialect = 'mysql';

  private readonly lookUps = new GatheredLookUps((use) => this.withConnection(use));

  private constructor(private readonly pool: Pool) {}

  /** Takes over the pool of an initialised DataSource, with the connections that it has opened already. */
  static async on(
    dataSource: DataSource,
    { readOnly = false }: { readonly readOnly?: boolean } = {},
  ): Promise<MysqlConnections> {
    const { pool } = dataSource.driver as unknown as { readonly pool: Pool };
    const apply = (connection: PoolConnection) =>
      applySettings(connection, readOnly ? readOnlySettings : sessionSettings);
    pool.on('connection', apply);
    const connections = new MysqlConnections(pool);
    await connections.withConnection(async (first) => apply(first));
    return connections;
  }

  async withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    let lent: Promise<PoolConnection> | undefined;
    let session: Promise<MysqlSession> | undefined;
    const own = () => (session ??= (lent = this.connect()).then((connection) => new MysqlSession(connection)));
    try {
      return await work(new MysqlReads(this.lookUps, own));
    } catch (error) {
      await lent?.then((connection) => giveUpIfBroken(connection, error));
      throw error;
    } finally {
      (await lent)?.release();
    }
  }

  async withTransaction<T>(work: (session: Session) => Promise<T>): Promise<UnitOutcome<T>> {
    return this.withConnection(async (connection) => {
      const session = new MysqlSession(connection, 'START TRANSACTION');
      let result: T;
      try {
        result = await work(session);
      } catch (error) {
        if (session.end()) {
          await rollBack(connection, error);
        }
        throw error;
      }
      if (!session.end()) {
        return { result };
      }
      try {
        await command(connection, 'COMMIT');
        return { result };
      } catch (error) {
        if (driverErrorKind(error) !== 'connection') {
          throw error;
        }
        connection.destroy();
        return { result, commitError: asError(error) };
      }
    });
  }

  /** Nothing to wait for: a connection of the pool says goodbye behind the statement that it is running. */
  async settled(): Promise<void> {}

  private async withConnection<T>(use: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    try {
      return await use(connection);
    } catch (error) {
      giveUpIfBroken(connection, error);
      throw error;
    } finally {
      connection.release();
    }
  }

  private connect(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) => (error === null ? resolve(connection) : reject(error)));
    });
  }
}

/** A statement that timed out may still be running on the connection. */
function giveUpIfBroken(connection: PoolConnection, error: unknown): void {
  if (driverErrorKind(error) === 'connection') {
    connection.destroy();
  }
}

function applySettings(connection: PoolConnection, settings: readonly string[]): void {
  for (const setting of settings) {
    connection.query(setting, (error) => {
      if (error !== null) {
        connection.destroy();
      }
    });
  }
}

/** Behind a statement that got no answer a ROLLBACK would get none either: giving the connection up is one as well. */
async function rollBack(connection: PoolConnection, cause: unknown): Promise<void> {
  if (driverErrorKind(cause) === 'connection') {
    connection.destroy();
  } else {
    await command(connection, 'ROLLBACK').catch(() => connection.destroy());
  }
}

function command(connection: PoolConnection, statement: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query({ sql: statement, timeout: 10_000 }, (error) => (error === null ? resolve() : reject(error)));
  });
}
