import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import mysql from 'mysql2/promise';
import { running } from './engines/running.mjs';

/** Stops the servers of this run and removes what its suites left behind, on servers of others too. */
export default async function globalTeardown() {
  const started = running.servers.map(({ port }) => `mysql://root@127.0.0.1:${port}`);
  const lent = running.engines.filter(({ url }) => url.startsWith('mysql:') && !started.includes(url));
  await Promise.all([...running.servers.map((server) => server.stop()), ...lent.map(({ url }) => dropLeftovers(url))]);
  rmSync(running.folder, { recursive: true, force: true });
}

async function dropLeftovers(url) {
  const connection = await mysql.createConnection(url);
  const [rows] = await connection.query('SHOW DATABASES LIKE ?', [`${databasePrefix()}%`]);
  for (const row of rows) await connection.query('DROP DATABASE ??', Object.values(row));
  await connection.end();
}

/** The databases of a run carry the random part of its folder's name. */
function databasePrefix() {
  return basename(running.folder).replaceAll('-', '_').replaceAll('_', '\\_');
}
