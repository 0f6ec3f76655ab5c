import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entities } from '@cleanmail/cli';
import { parseDatabaseUrl } from '@cleanmail/config';
import { migrate, openDatabase, schemaDrift } from '@cleanmail/database';
import mysql from 'mysql2/promise';

/** How many tables are described. */
export const entityCount = entities.length;

/**
 * Migrates a fresh database of an engine and compares it with the entities, reverts every migration to the empty schema,
 * and migrates again. Answers one sentence for everything that is not as it should be.
 */
export async function schemaProblems(engine) {
  const fresh = createDatabase(engine);
  try {
    const up = await withDatabase(fresh.url, entities, migrateAndCompare);
    await withDatabase(fresh.url, entities, revertAll);
    // Without entities, every table that is left is a difference.
    const left = await withDatabase(fresh.url, [], ({ dataSource }) => schemaDrift(dataSource));
    const again = await withDatabase(fresh.url, entities, migrateAndCompare);
    return [
      ...up,
      ...left.map((problem) => `after reverting all migrations: ${problem}`),
      ...again.map((problem) => `after migrating again: ${problem}`),
    ];
  } finally {
    await fresh.drop();
  }
}

async function migrateAndCompare(database) {
  const applied = (await migrate(database)).length;
  const expected = database.dataSource.migrations.length;
  const drift = await schemaDrift(database.dataSource);
  return applied === expected ? drift : [`${applied} of ${expected} migrations ran`, ...drift];
}

async function revertAll({ dataSource }) {
  for (let left = dataSource.migrations.length; left > 0; left -= 1) {
    await dataSource.undoLastMigration({ transaction: 'each' });
  }
}

async function withDatabase(url, described, work) {
  const database = await openDatabase({ location: parseDatabaseUrl(url), entities: described, poolSize: 2 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** The URL of a database that opening will create, and how to remove it. */
function createDatabase({ name, url }) {
  if (name === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'cleanmail-schema-'));
    return {
      url: `sqlite:${join(folder, 'cleanmail.db')}`,
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  const database = `cleanmail_schema_${randomBytes(6).toString('hex')}`;
  const drop = async () => {
    const connection = await mysql.createConnection(url);
    await connection.query('DROP DATABASE IF EXISTS ??', [database]);
    await connection.end();
  };
  return { url: Object.assign(new URL(url), { pathname: database }).href, drop };
}
