// How fast Postfix finds recipients, by each kind of map: `npm run bench:postfix -- --recipients 1000000 --rounds 15`. Needs
// MariaDB at TEST_MARIADB_URL and Debian's postfix, postfix-mysql, postfix-lmdb and postfix-cdb; everything stays on this machine.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseDatabaseUrl } from '@cleanmail/config';
import { openMigratedDatabase } from '@cleanmail/database';
import cliProgress from 'cli-progress';
import mysql from 'mysql2/promise';
import { freePort } from '../../scripts/database-server.mjs';
import { recipeFiles } from '../support/postfix/recipes.js';
import { ROOT } from '../support/root.js';
import { scratchDatabase } from './paging/scratch-database.js';
import { type MeasuredMap, measureLookups, median } from './postfix/measure-lookups.js';
import { addressOf, seedRecipients } from './postfix/seed-recipients.js';

const { values } = parseArgs({
  options: {
    recipients: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '15' },
    lookups: { type: 'string', default: '20000' },
  },
});
const [total, rounds, lookups] = [Number(values.recipients), Number(values.rounds), Number(values.lookups)];
if (![total, rounds, lookups].every((value) => Number.isSafeInteger(value) && value > 0)) {
  throw new Error('--recipients, --rounds and --lookups are whole numbers above 0');
}

const serverUrl = process.env['TEST_MARIADB_URL'] ?? 'mysql://root@127.0.0.1:3306/';
const scratch = await scratchDatabase(serverUrl);
const folder = mkdtempSync(join(tmpdir(), 'cleanmail-bench-postfix-'));
const dropAll = async () => {
  rmSync(folder, { recursive: true, force: true });
  await scratch.drop();
};
process.once('SIGINT', () => void dropAll().finally(() => process.exit(130)));
try {
  await seed();
  await bench();
} finally {
  await dropAll();
}

async function seed(): Promise<void> {
  const database = await openMigratedDatabase({ location: parseDatabaseUrl(scratch.url), entities: [], poolSize: 1 });
  await database.close();
  const connection = await mysql.createConnection(scratch.url);
  const bar = new cliProgress.SingleBar({ format: 'rows {bar} {value}/{total}', clearOnComplete: true });
  bar.start(total, 0, {});
  try {
    await seedRecipients(connection, total, (done) => bar.update(done));
  } finally {
    bar.stop();
    await connection.end();
  }
}

async function bench(): Promise<void> {
  writeFileSync(join(folder, 'main.cf'), 'compatibility_level = 3.6\n');
  const recipe = recipeFiles('A');
  const onBare = (text: string) => text.replaceAll('mail_recipient', 'bare_recipient');
  const [recipients, access] = ['recipients', 'access'].map(
    (name) => recipe.get(`/etc/postfix/cleanmail/${name}.cf`) ?? '',
  ) as [string, string];
  const pairs = [
    [mysqlMap('mysql: recipients.cf', recipients), mysqlMap('mysql: recipients.cf, bare table', onBare(recipients))],
    [mysqlMap('mysql: access.cf', access), mysqlMap('mysql: access.cf, bare table', onBare(access))],
  ] as const;
  const exported = [await exportedMap('lmdb'), await exportedMap('cdb')];
  const server = await recipientServer();
  const maps = [...pairs.flat(), server, ...exported];
  try {
    await measureLookups(folder, maps, { rounds, lookups, total });
  } finally {
    await server.stop();
  }
  print(maps);
  for (const [map, bare] of pairs) compare(map, bare);
  compare(server, pairs[0][0]);
}

function compare(map: MeasuredMap, other: MeasuredMap): void {
  const ratio = median(map.rates.map((rate, round) => rate / (other.rates[round] ?? Number.NaN)));
  process.stdout.write(`${map.title} is ${ratio.toFixed(2)} of ${other.title} (median of the rounds)\n`);
}

/** A map file of the documentation, on the database of the benchmark. */
function mysqlMap(title: string, text: string): MeasuredMap {
  const { hostname, port, username, password, pathname } = new URL(scratch.url);
  const settings = { hosts: `inet:${hostname}:${port}`, user: username, password, dbname: pathname.slice(1) };
  const changed = Object.entries(settings).reduce(
    (all, [name, value]) => all.replace(new RegExp(`^${name} =.*$`, 'm'), `${name} = ${value}`),
    text,
  );
  const file = join(folder, `${title.replaceAll(/\W+/g, '-')}.cf`);
  writeFileSync(file, changed);
  return { title, map: `mysql:${file}`, rates: [] };
}

/** Exports by the command, and says how long it took and what memory its process came to. */
async function exportedMap(format: string): Promise<MeasuredMap> {
  const out = join(folder, format);
  mkdirSync(out);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'apps/cli/bin/cleanmail.js'), ...exportTo(format, out)], {
    env: { ...process.env, DATABASE_URL: scratch.url },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, residentMegabytes(child.pid))), 50);
  const [code] = (await once(child, 'close')) as [number];
  clearInterval(watch);
  if (code !== 0) throw new Error(`the export as ${format} failed`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`export as ${format}: ${seconds} s, ${most.toFixed(0)} MB at most\n`);
  return { title: `${format}: exported`, map: `${format}:${join(out, 'recipients')}`, rates: [] };
}

/** Starts the recipient server, and waits until it knows the last address that was written. */
async function recipientServer(): Promise<MeasuredMap & { stop(): Promise<void> }> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'apps/cli/bin/cleanmail.js'), 'recipients', 'serve'], {
    env: {
      ...process.env,
      ...{ DATABASE_URL: scratch.url, DATA_DIR: folder, LOG_LEVEL: 'warn' },
      ...{ RECIPIENTS_PORT: String(port), RECIPIENTS_STATUS_PORT: String(await freePort()) },
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  const map = `socketmap:inet:127.0.0.1:${port}:recipients`;
  const known = () => spawnSync('postmap', ['-c', folder, '-q', addressOf(total - 1), map]).status === 0;
  while (!known()) {
    if (child.exitCode !== null) throw new Error('the recipient server ended');
    await delay(200);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const memory = residentMegabytes(child.pid).toFixed(0);
  process.stdout.write(`recipient server: all recipients after ${seconds} s, ${memory} MB\n`);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { title: 'socketmap: recipients', map, rates: [], stop };
}

function exportTo(format: string, out: string): readonly string[] {
  return ['export', 'recipients', '--format', format, '--out', out];
}

function residentMegabytes(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function print(maps: readonly MeasuredMap[]): void {
  process.stdout.write(`\n${total} recipients, ${lookups} look-ups a round, median of ${rounds} rounds:\n`);
  for (const { title, rates } of maps) {
    process.stdout.write(`  ${median(rates).toFixed(0).padStart(8)} a second  ${title}\n`);
  }
}
