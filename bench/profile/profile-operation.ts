import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { openBenchConnection } from '../dataset/bench-connection.js';
import type { Operation } from '../operations/operation.js';
import type { BenchOptions } from '../options.js';
import { singleStatements } from '../plans/single-statements.js';
import { LoadProcess, startOurs } from '../processes/processes.js';
import type { Recording } from '../record/record-scripts.js';
import { root } from '../root.js';
import type { World } from '../world.js';
import { analysedPlan } from './analysed-plan.js';

const profileSeconds = 5;
const folder = join(root, '.cache/bench/profiles');

/** What one operation's time is spent on: a CPU profile of the service under load, and its statements with their plans. */
export async function profileOperation(
  { engine, sizeName, pace }: BenchOptions,
  operation: Operation,
  { world, recordings }: { readonly world: World; readonly recordings: readonly Recording[] },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const name = `${operation.name}-${engine}-${sizeName}`;
  const profile = join(folder, `${name}.cpuprofile`);
  const { perSecond, p50 } = await profiled(operation, world, { profile, connections: pace.connections });
  const plans = join(folder, `${name}.sql.txt`);
  writeFileSync(plans, await statementsAndPlans(world.databaseUrl, recordings));
  process.stdout.write(
    `${operation.title}: ${perSecond.toFixed(0)} requests a second while profiled, p50 ${p50.toFixed(2)} ms\n` +
      `${relative(process.cwd(), profile)}: open in Chrome's developer tools or on speedscope.app as a flame graph\n` +
      `${relative(process.cwd(), plans)}: the statements of one request, with their plans\n`,
  );
}

async function profiled(
  operation: Operation,
  world: World,
  { profile, connections }: { readonly profile: string; readonly connections: number },
) {
  const made = await mkdtemp(join(tmpdir(), 'cleanmail-profile-'));
  const ours = await startOurs(world.databaseUrl, { node: ['--cpu-prof', `--cpu-prof-dir=${made}`] });
  const load = LoadProcess.start();
  try {
    const result = await load.run({
      kind: 'closed',
      origin: ours.origin,
      operation: operation.name,
      side: 'ours',
      world,
      firstSequence: 0,
      seconds: profileSeconds,
      connections,
    });
    return result;
  } finally {
    await load.stop();
    await ours.stop();
    const [file] = readdirSync(made);
    if (file !== undefined) copyFileSync(join(made, file), profile);
    await rm(made, { recursive: true, force: true });
  }
}

async function statementsAndPlans(databaseUrl: string, recordings: readonly Recording[]): Promise<string> {
  const connection = await openBenchConnection(databaseUrl);
  try {
    const parts: string[] = [];
    for (const { script, statements } of recordings) {
      parts.push(`=== ${script.operation}: sent, one line a round trip or more\n`);
      parts.push(...statements.map(({ sql, isPipelined }) => `${isPipelined ? '+' : '-'} ${sql.trim()}`), '');
      for (const statement of singleStatements(statements)) parts.push(await analysedPlan(connection, statement));
    }
    return `${parts.join('\n')}\n`;
  } finally {
    await connection.close();
  }
}
