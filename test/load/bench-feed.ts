import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseDatabaseUrl } from '@cleanmail/config';
import { asTenantId, type Database, openMigratedDatabase, type SqlValue, type TenantId } from '@cleanmail/database';
import cliProgress from 'cli-progress';
import { SocketmapClient } from '../support/socketmap-client.js';
import { scratchDatabase } from './paging/scratch-database.js';

const { values } = parseArgs({
  options: {
    recipients: { type: 'string', default: '1000000' },
    changes: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '5' },
    engine: { type: 'string', default: process.env['TEST_MARIADB_URL'] === undefined ? 'sqlite' : 'mariadb' },
  },
});
const [recipients, changes, seconds] = [Number(values.recipients), Number(values.changes), Number(values.seconds)];
if (
  ![recipients, changes, seconds].every((value) => Number.isSafeInteger(value) && value > 0) ||
  changes > recipients
) {
  throw new Error(
    '--recipients, --changes and --seconds are whole numbers above 0, and not more changes than recipients',
  );
}
const serverUrl = { mariadb: process.env['TEST_MARIADB_URL'], mysql: process.env['TEST_MYSQL_URL'] }[values.engine];

const tenants = 10;
const rowsPerVersion = 25;
const rowsPerStatement = 500;
const statementsPerTransaction = 20;
const perTenant = Math.ceil(recipients / tenants);
const tenantOf = (number: number): TenantId =>
  asTenantId(`00000000-0000-7000-8000-${String(Math.floor(number / perTenant)).padStart(12, '0')}`);
const keyOf = (number: number) => `firstname.lastname${number}@tenant${Math.floor(number / perTenant)}.example`;
const versionOf = (number: number) => 1 + Math.floor((number % perTenant) / rowsPerVersion);

interface Gateway {
  readonly port: number;
  readonly statusUrl: string;
  readonly child: ChildProcess;
}

await bench();

async function bench(): Promise<void> {
  const scratch = await scratchDatabase(serverUrl);
  const folder = mkdtempSync(join(tmpdir(), 'cleanmail-bench-feed-'));
  const database = await openMigratedDatabase({ location: parseDatabaseUrl(scratch.url), entities: [], poolSize: 2 });
  let gateway: Gateway | undefined;
  try {
    await load(database);
    const startedAt = performance.now();
    gateway = await startGateway(scratch.url, folder);
    const ready = await untilReady(gateway, startedAt);
    print(`${values.engine}: ${recipients} recipients of ${tenants} tenants`);
    print(`  first snapshot in memory after ${(ready / 1000).toFixed(1)} s; ${await memory(gateway)}`);
    for (const clients of [1, 4]) print(`  ${clients} client(s): ${await lookups(gateway, clients)} lookups a second`);
    print(`  ${await visible(database, gateway)}`);
    print(`  ${changes} changes: ${await catchUp(database, gateway)}`);
    const stoppedAt = performance.now();
    await stop(gateway);
    print(`  snapshot on disk ${((performance.now() - stoppedAt) / 1000).toFixed(1)} s after SIGTERM`);
    const again = performance.now();
    gateway = await startGateway(scratch.url, folder);
    print(
      `  answers again, from disk, after ${((await untilReady(gateway, again)) / 1000).toFixed(1)} s; ${await memory(gateway)}`,
    );
  } finally {
    if (gateway !== undefined) await stop(gateway);
    await database.close();
    await scratch.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load(database: Database): Promise<void> {
  const bar = new cliProgress.SingleBar({ format: 'rows {bar} {value}/{total}', clearOnComplete: true });
  bar.start(recipients, 0, {});
  for (let number = 0; number < recipients; number += perTenant) await addTenant(database, number);
  for (let first = 0; first < recipients; first += rowsPerStatement * statementsPerTransaction) {
    await database.write(async (session) => {
      for (
        let at = first;
        at < Math.min(recipients, first + rowsPerStatement * statementsPerTransaction);
        at += rowsPerStatement
      ) {
        const numbers = Array.from({ length: Math.min(rowsPerStatement, recipients - at) }, (_, index) => at + index);
        const rows = numbers.map(() => '(?, ?, ?, ?, ?, ?, ?)').join(', ');
        await session.list(
          `INSERT INTO mail_recipient (address_key, tenant_id, mailbox_id, primary_key, action, version, changed_at) VALUES ${rows}`,
          numbers.flatMap(rowOf),
        );
      }
    });
    bar.update(Math.min(recipients, first + rowsPerStatement * statementsPerTransaction));
  }
  bar.stop();
}

function rowOf(number: number): SqlValue[] {
  const id = `00000000-0000-7000-9000-${String(number).padStart(12, '0')}`;
  return [keyOf(number), tenantOf(number), id, keyOf(number), 'accept', versionOf(number), 1];
}

async function addTenant(database: Database, number: number): Promise<void> {
  const tenant = tenantOf(number);
  const name = keyOf(number).split('@')[1] ?? '';
  await database.write(async (session) => {
    await session.run('INSERT INTO tenant_mail_counter (tenant_id, feed_version) VALUES (?, ?)', [
      tenant,
      versionOf(perTenant - 1),
    ]);
    await session.run(
      "INSERT INTO mail_domain (tenant_id, id, name_ascii, name_unicode, status, created_at, unknown_recipient_policy, subaddressing) VALUES (?, ?, ?, ?, 'verified', 1, 'reject', 'plus')",
      [tenant, tenant, name, name],
    );
  });
}

/** The real command in a process of its own. */
async function startGateway(databaseUrl: string, folder: string): Promise<Gateway> {
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    RECIPIENTS_PORT: '0',
    RECIPIENTS_STATUS_PORT: '0',
    LOG_LEVEL: 'warn',
  };
  const child = spawn(process.execPath, ['apps/cli/bin/cleanmail.js', 'recipients', 'serve'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Read to its end: the server also says something when it stops.
  const told = new Promise<readonly string[]>((resolve) => {
    child.stdout.on('data', (text) => resolve(/inet:[^:]+:(\d+):.*at (http\S+)/.exec(String(text)) ?? []));
  });
  const [, port = '', statusUrl = ''] = await told;
  return { child, port: Number(port), statusUrl };
}

async function stop({ child }: Gateway): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function untilReady({ statusUrl }: Gateway, startedAt: number): Promise<number> {
  while (!(await fetch(`${statusUrl}/health/ready`)).ok) await delay(50);
  return performance.now() - startedAt;
}

async function memory({ statusUrl }: Gateway): Promise<string> {
  const text = await (await fetch(`${statusUrl}/metrics`)).text();
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]) / 1024 / 1024);
  return `${megabytes('process_resident_memory_bytes')} MB resident, ${megabytes('nodejs_heap_size_used_bytes')} MB of heap, ${megabytes('nodejs_external_memory_bytes')} MB beside it`;
}

function connectTo({ port }: Gateway): Promise<SocketmapClient> {
  return SocketmapClient.connect({ host: '127.0.0.1', port });
}

/** One question after the other on each connection; every fourth is for nobody. */
async function lookups(gateway: Gateway, clients: number): Promise<number> {
  const connections = await Promise.all(Array.from({ length: clients }, () => connectTo(gateway)));
  const until = performance.now() + seconds * 1000;
  const counts = await Promise.all(
    connections.map(async (client) => {
      let count = 0;
      for (; performance.now() < until; count += 1) {
        const number = (count * 7919) % recipients;
        const isKnown = count % 4 !== 3;
        const answer = await client.ask('recipients', isKnown ? keyOf(number) : `nobody.${keyOf(number)}`);
        if (answer !== (isKnown ? 'OK OK' : 'NOTFOUND ')) throw new Error(`the answer was ${answer}`);
      }
      return count;
    }),
  );
  await Promise.all(connections.map((client) => client.close()));
  return Math.round(counts.reduce((sum, count) => sum + count, 0) / seconds);
}

/** From COMMIT to the first answer that knows of it. */
async function visible(database: Database, gateway: Gateway): Promise<string> {
  const client = await connectTo(gateway);
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const number = round * 13;
    await change(database, number, number + 1, 'reject');
    const committedAt = performance.now();
    while ((await client.ask('recipients', keyOf(number))) !== 'NOTFOUND ') await delay(5);
    times.push(performance.now() - committedAt);
    await delay(Math.random() * 500);
  }
  await client.close();
  times.sort((a, b) => a - b);
  return `a change is visible after ${times[10]?.toFixed(0)} ms (median of 20), ${times.at(-1)?.toFixed(0)} ms at most`;
}

async function catchUp(database: Database, gateway: Gateway): Promise<string> {
  const client = await connectTo(gateway);
  for (let first = 0; first < changes; first += perTenant) {
    await change(database, first, Math.min(first + perTenant, changes), 'hold');
  }
  const committedAt = performance.now();
  while ((await client.ask('transport', keyOf(changes - 1))) !== 'OK quarantine:') await delay(5);
  const after = performance.now() - committedAt;
  await client.close();
  return `in the copy ${(after / 1000).toFixed(2)} s after COMMIT`;
}

/** Changes rows of one tenant, as many a version as a batch of the service has. */
async function change(database: Database, first: number, end: number, action: string): Promise<void> {
  const tenant = tenantOf(first);
  await database.write(async (session) => {
    const versions = Math.ceil((end - first) / rowsPerVersion);
    const last = await session.increment({ table: 'tenant_mail_counter', column: 'feed_version' }, tenant, versions);
    for (let at = first; at < end; at += 1000) {
      const numbers = Array.from({ length: Math.min(1000, end - at) }, (_, index) => at + index);
      const rows = numbers.map((number) => {
        const version = last - versions + 1 + Math.floor((number - first) / rowsPerVersion);
        return [
          keyOf(number),
          tenant,
          `00000000-0000-7000-9000-${String(number).padStart(12, '0')}`,
          keyOf(number),
          action,
          version,
          2,
        ];
      });
      await session.list(
        `REPLACE INTO mail_recipient (address_key, tenant_id, mailbox_id, primary_key, action, version, changed_at) VALUES ${rows.map(() => '(?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
        rows.flat(),
      );
    }
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
