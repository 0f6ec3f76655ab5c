import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Database } from './database.js';
import type { DatabaseOptions } from './data-source-options.js';
import { newId } from './new-id.js';
import { openDatabase } from './open-database.js';

const leaseMilliseconds = 60_000;
const pollMilliseconds = 200;

/** Whether every migration of this version has run on the database. */
export async function isMigrated({ dataSource }: Database): Promise<boolean> {
  const hasPending = () => dataSource.showMigrations();
  // TypeORM makes its table of migrations here when it finds none; of two processes that do so at once, one fails.
  return !(await hasPending().catch(hasPending));
}

/**
 * Connects to the database and brings its schema up to this version.
 * @throws ConfigurationError naming DATABASE_URL when it cannot be reached.
 */
export async function openMigratedDatabase(options: DatabaseOptions): Promise<Database> {
  const database = await openDatabase(options);
  try {
    await migrate(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Runs the migrations that are missing and answers their names. Any number of nodes may call this at once: one of
 * them migrates under a lease, the others wait until it is done. A node that was killed meanwhile loses the lease
 * after a minute, and the next one goes on where it stopped.
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  if (await isMigrated(database)) {
    return [];
  }
  const { dataSource } = database;
  await createLeaseTable(dataSource);
  const holder = newId();
  while (!(await takeLease(database, holder))) {
    await delay(pollMilliseconds);
    if (await isMigrated(database)) {
      return [];
    }
  }
  const renewal = setInterval(() => void takeLease(database, holder).catch(() => undefined), leaseMilliseconds / 3);
  try {
    return (await dataSource.runMigrations({ transaction: 'each' })).map(({ name }) => name);
  } finally {
    clearInterval(renewal);
    await database.read((session) =>
      session.run('UPDATE migration_lease SET expires_at = 0 WHERE id = 1 AND holder = ?', [holder]),
    );
  }
}

async function createLeaseTable(dataSource: DataSource): Promise<void> {
  await dataSource.query(
    'CREATE TABLE IF NOT EXISTS migration_lease (id int NOT NULL, holder varchar(36) NOT NULL, expires_at bigint NOT NULL, PRIMARY KEY (id))',
  );
}

/** Takes or renews the lease, on the database's clock; whoever waits for it only reads. */
async function takeLease(database: Database, holder: string): Promise<boolean> {
  const now =
    database.dialect === 'sqlite' ? "CAST(strftime('%s', 'now') AS integer) * 1000" : 'UNIX_TIMESTAMP() * 1000';
  const ignore = database.dialect === 'sqlite' ? 'INSERT OR IGNORE' : 'INSERT IGNORE';
  return database.read(async (session) => {
    const held = `SELECT 1 AS held FROM migration_lease WHERE id = 1 AND holder <> ? AND expires_at >= ${now}`;
    if ((await session.first(held, [holder])) !== undefined) {
      return false;
    }
    await session.run(`${ignore} INTO migration_lease (id, holder, expires_at) VALUES (1, '', 0)`);
    const taken = await session.run(
      `UPDATE migration_lease SET holder = ?, expires_at = ${now} + ${leaseMilliseconds} WHERE id = 1 AND (holder = ? OR expires_at < ${now})`,
      [holder, holder],
    );
    return taken === 1;
  });
}
