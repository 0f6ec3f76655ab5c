import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe } from '@jest/globals';
import mysql from 'mysql2/promise';

/** A database engine that this run tests on; `url` names its server, without a database. */
export interface TestEngine {
  readonly name: 'sqlite' | 'mariadb' | 'mysql';
  readonly version: string;
  readonly url: string;
}

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
  const url = new URL(engine.url);
  url.pathname = name;
  return url.href;
}

/**
 * Verifies a database that `createDatabaseUrl` made, as `cleanmail verify` does, and removes it. Tests that break rows
 * on purpose, or write rows past the services, say so in `unverified`.
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
