import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigurationError, type DatabaseLocation, parseDatabaseUrl } from '@cleanmail/config';
import { createConnection } from 'mysql2/promise';
import { DataSource } from 'typeorm';
import { Database } from './database.js';
import { type DatabaseOptions, dataSourceOptions } from './data-source-options.js';
import { MysqlConnections } from './session/mysql-connections.js';
import { SqliteConnection } from './session/sqlite-connection.js';

const unknownDatabase = 1049;

/**
 * Connects to the database; one that does not exist yet is created, unless it is opened read-only. Migrations are the
 * caller's next step.
 * @throws ConfigurationError naming DATABASE_URL when it cannot be reached.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { location } = options;
  try {
    if (location.kind === 'sqlite' && options.readOnly !== true) {
      createPrivateFile(location.path);
    }
    const dataSource = await connect(options);
    const connections =
      location.kind === 'sqlite' ? SqliteConnection.on(dataSource) : await MysqlConnections.on(dataSource, options);
    return new Database(dataSource, connections);
  } catch (error) {
    throw new ConfigurationError([
      { variable: 'DATABASE_URL', problem: connectProblem(location, error), example: example(location) },
    ]);
  }
}

/**
 * Connects another service to the database of this one: `sqlite:PATH` or `mysql://user:password@host:port/database`. It
 * makes and migrates nothing, writes nothing, and needs SELECT on the tables that are read and no other grant.
 * @throws ConfigurationError naming DATABASE_URL when the URL is none, or the database is not there.
 */
export async function openDatabaseForReading(
  databaseUrl: string,
  { poolSize }: Pick<DatabaseOptions, 'poolSize'> = {},
): Promise<Database> {
  const size = poolSize === undefined ? {} : { poolSize };
  return openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [], readOnly: true, ...size });
}

/** People's data is for the service's own user alone; SQLite gives its other files the mode of this one. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

async function connect(options: DatabaseOptions): Promise<DataSource> {
  try {
    return await new DataSource(dataSourceOptions(options)).initialize();
  } catch (error) {
    const { location, readOnly = false } = options;
    if (readOnly || location.kind !== 'mysql' || (error as { errno?: number }).errno !== unknownDatabase) {
      throw error;
    }
    await createMysqlDatabase(location);
    return new DataSource(dataSourceOptions(options)).initialize();
  }
}

async function createMysqlDatabase({
  host,
  port,
  user,
  password,
  database,
}: Extract<DatabaseLocation, { kind: 'mysql' }>): Promise<void> {
  const connection = await createConnection({ host, port, user, password, connectTimeout: 5000 });
  try {
    await connection.query(`CREATE DATABASE IF NOT EXISTS \`${database.replaceAll('`', '``')}\` CHARACTER SET utf8mb4`);
  } finally {
    await connection.end();
  }
}

function connectProblem(location: DatabaseLocation, error: unknown): string {
  const reason = error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code : String(error);
  if (location.kind === 'sqlite') {
    return reason?.includes('better-sqlite3') === true || reason?.includes('bindings') === true
      ? 'the embedded database could not be installed on this machine (it needs python3, make and a C++ compiler); use MySQL or MariaDB'
      : `the file ${location.path} cannot be opened (${reason})`;
  }
  return `${location.host}:${location.port} cannot be used (${reason})`;
}

function example(location: DatabaseLocation): string {
  return location.kind === 'sqlite'
    ? 'mysql://user:password@127.0.0.1:3306/cleanmail'
    : 'mysql://user:password@host:3306/cleanmail';
}
