import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import type { EngineName } from '../options.js';
import { root } from '../root.js';

/** A database server to measure on. */
export interface BenchServer {
  readonly engine: EngineName;
  readonly version: string;
  /** How sure a commit is, as it was found. */
  readonly durability: string;
  /** The URL of the database that is kept for worlds of this size. */
  databaseUrl(sizeName: string): Promise<string>;
  /** Deletes what earlier runs have kept. */
  clean(): Promise<void>;
  stop(): Promise<void>;
}

const keptFolder = process.env['BENCH_FOLDER'] ?? join(root, '.cache/bench');
const namePrefix = 'cleanmail_bench_';

/** The embedded database, the server that answers at the variable or the usual port, or one that is started privately. */
export async function findBenchServer(engine: EngineName): Promise<BenchServer> {
  if (engine === 'sqlite') return embedded();
  const asked = process.env[engine === 'mariadb' ? 'TEST_MARIADB_URL' : 'TEST_MYSQL_URL'];
  const usual = `mysql://root@127.0.0.1:${engine === 'mariadb' ? 3306 : 3307}`;
  const url = asked ?? ((await answers(usual, engine)) ? usual : undefined);
  return url === undefined ? startPrivately(engine) : onServer(engine, url, async () => undefined);
}

async function embedded(): Promise<BenchServer> {
  const { default: Sqlite } = await import('better-sqlite3');
  const database = new Sqlite(':memory:');
  const version = String(database.prepare('SELECT sqlite_version()').pluck().get());
  database.close();
  return {
    engine: 'sqlite',
    version,
    durability: 'WAL, synchronous=FULL: every commit is on the disk',
    databaseUrl: async (sizeName) => `sqlite:${join(keptFolder, `${sizeName}.db`)}`,
    clean: () => rm(keptFolder, { recursive: true, force: true }),
    stop: async () => undefined,
  };
}

async function answers(url: string, engine: EngineName): Promise<boolean> {
  try {
    const version = await versionOf(url);
    return version.includes('MariaDB') === (engine === 'mariadb');
  } catch {
    return false;
  }
}

async function startPrivately(engine: EngineName): Promise<BenchServer> {
  const { findMariadb, findMysql, startMariadb, startMysql } =
    await import('../../test/support/engines/native-servers.mjs');
  const program = engine === 'mariadb' ? findMariadb() : findMysql();
  if (program === undefined) throw new Error(`no ${engine} answers and none is installed to be started; see --engine`);
  const server = await (engine === 'mariadb' ? startMariadb(program) : startMysql(program));
  return onServer(engine, `mysql://root@127.0.0.1:${server.port}`, () => server.stop());
}

async function onServer(engine: EngineName, url: string, stop: () => Promise<void>): Promise<BenchServer> {
  return {
    engine,
    version: await versionOf(url),
    durability: await durabilityOf(url),
    databaseUrl: async (sizeName) => {
      const database = `${namePrefix}${sizeName}`;
      await query(url, `CREATE DATABASE IF NOT EXISTS ${database} CHARACTER SET utf8mb4`);
      return new URL(database, url.endsWith('/') ? url : `${url}/`).href;
    },
    clean: async () => {
      const kept = await query(url, `SHOW DATABASES LIKE '${namePrefix.replaceAll('_', '\\_')}%'`);
      for (const name of kept.map((row) => String(Object.values(row)[0]))) await query(url, `DROP DATABASE ${name}`);
    },
    stop,
  };
}

async function versionOf(url: string): Promise<string> {
  const [row] = await query(url, 'SELECT VERSION() AS version');
  return String(row?.['version']);
}

async function durabilityOf(url: string): Promise<string> {
  const [row] = await query(
    url,
    'SELECT @@innodb_flush_log_at_trx_commit AS flush, @@log_bin AS binlog, @@sync_binlog AS sync, @@innodb_buffer_pool_size DIV 1048576 AS pool',
  );
  const { flush, binlog, sync, pool } = (row ?? {}) as Readonly<Record<string, number>>;
  const commit = Number(flush) === 1 ? 'every commit is on the disk' : 'NOT durable: a power loss drops commits';
  const log = Number(binlog) === 1 ? `on, sync_binlog=${String(sync)}` : 'off';
  return `innodb_flush_log_at_trx_commit=${String(flush)} (${commit}), binary log ${log}, buffer pool ${String(pool)} MB`;
}

async function query(url: string, statement: string): Promise<readonly mysql.RowDataPacket[]> {
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 5000 });
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(statement);
    return rows;
  } finally {
    await connection.end();
  }
}
