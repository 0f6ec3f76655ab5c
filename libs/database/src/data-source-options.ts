import type { DatabaseLocation } from '@cleanmail/config';
import type BetterSqlite3 from 'better-sqlite3';
import type { DataSourceOptions, EntityTarget } from 'typeorm';
import { migrations } from './migrations/index.js';
import { statementTimeout } from './session/asked-statement.js';
import { WriteLockFirst } from './write-lock-first.js';

type EntityClass = Extract<EntityTarget<unknown>, new (...parameters: never[]) => unknown>;

/** What a DataSource is made from; `entities` come from the libs that own them. */
export interface DatabaseOptions {
  readonly location: DatabaseLocation;
  readonly entities: readonly EntityClass[];
  /** Connections to MySQL; the embedded database has exactly one. */
  readonly poolSize?: number;
  /** Nothing is made, migrated or written: the engine itself refuses it. */
  readonly readOnly?: boolean;
}

/** Requests that may wait for a connection before further ones are answered 503. */
const waitingRequests = 500;

/** TypeORM's options for either engine. `synchronize` is off everywhere: migrations alone change the schema. */
export function dataSourceOptions({
  location,
  entities,
  poolSize = 10,
  readOnly = false,
}: DatabaseOptions): DataSourceOptions {
  const shared = {
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each' as const,
    synchronize: false,
    logging: false,
  } satisfies Partial<DataSourceOptions>;
  if (location.kind === 'sqlite') {
    return {
      ...shared,
      type: 'better-sqlite3',
      database: location.path,
      timeout: 5000,
      readonly: readOnly,
      subscribers: [WriteLockFirst],
      prepareDatabase: readOnly ? prepareMemory : prepareEmbedded,
    };
  }
  const { host, port, user, password, database } = location;
  return {
    ...shared,
    // Also for MariaDB: under `mariadb` TypeORM would map other column types, and migrations would stop being portable.
    type: 'mysql',
    host,
    port,
    username: user,
    password,
    database,
    charset: 'utf8mb4',
    // For statements that are sent together; a prepared one is one statement all the same.
    multipleStatements: true,
    timezone: 'Z',
    connectTimeout: 5000,
    // Instants and counters stay below 2^53, so they come as numbers.
    supportBigNumbers: true,
    bigNumberStrings: false,
    poolSize,
    maxQueryExecutionTime: statementTimeout,
    enableQueryTimeout: true,
    isolationLevel: 'READ COMMITTED',
    extra: { queueLimit: waitingRequests, enableKeepAlive: true, maxPreparedStatements: 200 },
  };
}

function prepareEmbedded(database: BetterSqlite3.Database): void {
  database.pragma('journal_mode = WAL');
  // better-sqlite3 builds with NORMAL in WAL mode, under which a power loss drops acknowledged commits.
  database.pragma('synchronous = FULL');
  prepareMemory(database);
}

function prepareMemory(database: BetterSqlite3.Database): void {
  database.pragma('temp_store = MEMORY');
  database.pragma('cache_size = -16000');
}
