import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseDatabaseUrl } from '@cleanmail/config';
import { openMigratedDatabase } from '@cleanmail/database';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';

/** Tables that say what a database is, not what is in it. */
const kept = new Set(['schema_migration', 'migration_lease']);
/** Emptying more rows takes longer than making a database anew. */
const mostRows = 5000;

/** Migrates a new database; its connection is closed again. */
export async function migrated(url: string): Promise<string> {
  const database = await openMigratedDatabase({ location: parseDatabaseUrl(url), entities: [], poolSize: 1 });
  await database.close();
  return url;
}

/** A copy of the one embedded database that this run has migrated, in a folder of its own. */
export async function copyOfMigrated(runFolder: string): Promise<string> {
  const template = join(runFolder, 'migrated.db');
  const file = join(await mkdtemp(join(runFolder, 'sqlite-')), 'cleanmail.db');
  try {
    await copyFile(template, file);
  } catch {
    await migrated(`sqlite:${file}`);
    // Workers that come here at once each make one; the last one stays.
    await copyFile(file, `${file}.template`);
    await rename(`${file}.template`, template);
  }
  return `sqlite:${file}`;
}

/**
 * Migrated databases of a server that suites of this run have given back, empty again: migrating takes a server seconds,
 * emptying some milliseconds. A file in the run's folder stands for each, and who can rename it has the database.
 */
export class ReturnedDatabases {
  constructor(private readonly folder: string) {}

  async take(): Promise<string | undefined> {
    await mkdir(this.folder, { recursive: true });
    for (const name of await readdir(this.folder)) {
      const isMine = await rename(join(this.folder, name), join(dirname(this.folder), `taken-${name}`)).then(
        () => true,
        () => false,
      );
      if (isMine) {
        await rm(join(dirname(this.folder), `taken-${name}`));
        return name;
      }
    }
    return undefined;
  }

  /** False when the database had better be dropped: it holds too much, or somebody is still connected to it. */
  async giveBack(url: string): Promise<boolean> {
    const name = new URL(url).pathname.slice(1);
    const connection = await mysql.createConnection(url);
    try {
      if (!(await isFree(connection, name)) || !(await empty(connection, name))) return false;
    } finally {
      await connection.end();
    }
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, name), '');
    return true;
  }
}

async function isFree(connection: Connection, name: string): Promise<boolean> {
  // Not out of information_schema, which on MySQL fails on characters that others' statements may have.
  const [rows] = await connection.query<RowDataPacket[]>('SHOW PROCESSLIST');
  return !rows.some((row) => row['db'] === name && row['Id'] !== connection.threadId);
}

async function empty(connection: Connection, name: string): Promise<boolean> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'",
    [name],
  );
  await connection.query('SET SESSION foreign_key_checks = 0');
  for (const table of rows.map((row) => String(row['name'])).filter((each) => !kept.has(each))) {
    const [result] = await connection.query<mysql.ResultSetHeader>(`DELETE FROM ?? LIMIT ${mostRows}`, [table]);
    if (result.affectedRows === mostRows) return false;
  }
  return true;
}
