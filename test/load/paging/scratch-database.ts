import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';

/** An empty database of a benchmark's own. */
export interface ScratchDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes one in a temporary folder, or on the server of this URL. */
export async function scratchDatabase(serverUrl: string | undefined): Promise<ScratchDatabase> {
  if (serverUrl === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'cleanmail-bench-'));
    return {
      url: `sqlite:${join(folder, 'cleanmail.db')}`,
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  const name = `cleanmail_bench_${randomBytes(6).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = name;
  await onServer(serverUrl, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return { url: url.href, drop: () => onServer(serverUrl, `DROP DATABASE IF EXISTS ${name}`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const connection = await mysql.createConnection(url);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
