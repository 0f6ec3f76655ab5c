import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe } from '@jest/globals';
import mysql from 'mysql2/promise';
import { copyOfMigrated, migrated, ReturnedDatabases } from './migrated-databases.js';

/** A database engine that this run tests on; `url` names its server, without a database. */
export interface TestEngine {
  readonly name: 'sqlite' | 'mariadb' | 'mysql';
  readonly version: string;
  readonly url: string;
}

/** Migrated databases of this suite by their URLs. */
const reusable = new Map<string, TestEngine>();

/** The engines that the global set-up found or started. */
export function availableEngines(): readonly TestEngine[] {
  const found = JSON.parse(fromSetup('CLEANMAIL_TEST_ENGINES')) as { readonly engines: readonly TestEngine[] };
  return found.engines;
}

/** Makes an empty database with a random name and returns its `DATABASE_URL`. Its character set is the server's default. */
export async function createDatabaseUrl(engine: TestEngine): Promise<string> {
  const runFolder = fromSetup('CLEANMAIL_TEST_FOLDER');
  if (engine.name === 'sqlite') return `sqlite:${join(await mkdtemp(join(runFolder, 'sqlite-')), 'cleanmail.db')}`;
  const name = `${basename(runFolder).replaceAll('-', '_')}_${randomBytes(6).toString('hex')}`;
  await query(engine.url, 'CREATE DATABASE ??', name);
  return databaseUrl(engine, name);
}

/** Makes a migrated database without rows, or takes one that another suite has dropped. */
export async function createMigratedDatabaseUrl(engine: TestEngine): Promise<string> {
  if (engine.name === 'sqlite') return copyOfMigrated(fromSetup('CLEANMAIL_TEST_FOLDER'));
  const name = await returnedTo(engine).take();
  const url = name === undefined ? await migrated(await createDatabaseUrl(engine)) : databaseUrl(engine, name);
  reusable.set(url, engine);
  return url;
}

/**
 * Verifies a database as `cleanmail verify` does, and removes it, or empties it for the next suite if it was migrated
 * here. Tests that break rows on purpose, or write rows past the services, say so in `unverified`.
 */
export async function dropDatabase(
  url: string,
  { unverified }: { readonly unverified?: string | undefined } = {},
): Promise<void> {
  try {
    if (unverified === undefined) {
      const { requireVerified } = await import('../verified-database.js');
      await requireVerified(url);
    }
  } finally {
    await removeDatabase(url);
  }
}

async function removeDatabase(url: string): Promise<void> {
  const engine = reusable.get(url);
  if (engine !== undefined && (await returnedTo(engine).giveBack(url))) return;
  if (url.startsWith('sqlite:')) return rm(dirname(url.slice('sqlite:'.length)), { recursive: true, force: true });
  const { pathname } = new URL(url);
  await query(url, 'DROP DATABASE IF EXISTS ??', pathname.slice(1));
}

/** A `describe` for each engine of this run, titled with the engine. */
export function describeEachEngine(name: string, suite: (engine: TestEngine) => void): void {
  for (const engine of availableEngines()) {
    describe(`${name} on ${engine.name} ${engine.version}`, () => suite(engine));
  }
}

function databaseUrl(engine: TestEngine, name: string): string {
  const url = new URL(engine.url);
  url.pathname = name;
  return url.href;
}

function returnedTo({ name }: TestEngine): ReturnedDatabases {
  return new ReturnedDatabases(join(fromSetup('CLEANMAIL_TEST_FOLDER'), `returned-${name}`));
}

async function query(url: string, sql: string, name: string): Promise<void> {
  const connection = await mysql.createConnection(url);
  try {
    await connection.query(sql, [name]);
  } finally {
    await connection.end();
  }
}

function fromSetup(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run the tests through Jest's global set-up.`);
  return value;
}
