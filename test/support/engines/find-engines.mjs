import { createRequire } from 'node:module';
import mysql from 'mysql2/promise';
import { startPreparedMysql, whyNotStartable } from '../../../scripts/mysql-server.mjs';
import { findMariadb, findMysql, startMariadb, startMysql } from './native-servers.mjs';

/**
 * Finds or starts every engine that this machine can run. A server that was asked for by URL must answer (throws
 * otherwise); any other engine that is not there is listed under `missing` with the reason. `TEST_ENGINES=sqlite,mariadb`
 * limits the search. Returns what to stop in `servers`.
 */
export async function findEngines() {
  const finders = { sqlite: findSqlite, mariadb: findMariadbEngine, mysql: findMysqlEngine };
  const wanted = process.env.TEST_ENGINES?.split(',') ?? Object.keys(finders);
  const found = { engines: [], missing: [], servers: [] };
  const outcomes = await Promise.allSettled(
    Object.entries(finders).map(async ([name, find]) => {
      if (!wanted.includes(name)) throw new NotHere(`left out by TEST_ENGINES=${process.env.TEST_ENGINES}`);
      const { server, ...engine } = await find();
      if (server !== undefined) found.servers.push(server);
      return { name, ...engine };
    }),
  );
  const failures = [];
  outcomes.forEach(({ value, reason }, index) => {
    const name = Object.keys(finders)[index];
    if (value !== undefined) found.engines.push(value);
    else if (reason instanceof NotHere) found.missing.push({ name, reason: reason.message });
    else failures.push(reason);
  });
  if (failures.length > 0) {
    await Promise.all(found.servers.map((server) => server.stop()));
    throw failures[0];
  }
  return found;
}

/** Why an engine that nobody asked for by URL cannot run here. */
class NotHere extends Error {}

async function findSqlite() {
  try {
    const Database = createRequire(import.meta.url)('better-sqlite3');
    const database = new Database(':memory:');
    const version = database.prepare('SELECT sqlite_version()').pluck().get();
    database.close();
    return { version, url: 'sqlite:' };
  } catch (error) {
    throw new NotHere(`better-sqlite3 could not be installed or loaded: ${error.message.split('\n')[0]}`);
  }
}

async function findMariadbEngine() {
  const asked = process.env.TEST_MARIADB_URL;
  if (asked) return checkUrl('TEST_MARIADB_URL', asked, (version) => version.includes('MariaDB'));
  const program = findMariadb();
  if (program === undefined) throw new NotHere('no MariaDB server found (Debian: apt-get install mariadb-server)');
  return startOrExplain(() => startMariadb(program));
}

async function findMysqlEngine() {
  const asked = process.env.TEST_MYSQL_URL;
  if (asked) return checkUrl('TEST_MYSQL_URL', asked, (version) => !version.includes('MariaDB'));
  const program = findMysql();
  if (program !== undefined) return startOrExplain(() => startMysql(program));
  const problem = whyNotStartable();
  if (problem !== undefined) throw new NotHere(problem);
  return startOrExplain(startPreparedMysql);
}

async function startOrExplain(start) {
  let server;
  try {
    server = await start();
  } catch (error) {
    throw new NotHere(`found, but it could not be started: ${error.message}`);
  }
  return { version: server.version, url: `mysql://root@127.0.0.1:${server.port}`, server };
}

/** A server that was asked for must answer, and be what it was named as. */
async function checkUrl(variable, url, isIt) {
  let connection;
  try {
    connection = await mysql.createConnection({ uri: url, connectTimeout: 10_000 });
  } catch (error) {
    throw new Error(`${variable}: no database answers there: ${error.message || error.code}`);
  }
  const [[{ version }]] = await connection.query('SELECT VERSION() AS version');
  await connection.end();
  if (!isIt(version))
    throw new Error(`${variable}: the server there is ${version}, which belongs to the other variable`);
  return { version, url };
}
