import { setTimeout as delay } from 'node:timers/promises';
import { openBenchConnection } from '../dataset/bench-connection.js';
import { resetGroup } from '../dataset/large-group.js';
import type { Operation } from '../operations/operation.js';
import { LoadProcess, startBare, startOurs } from '../processes/processes.js';
import type { Recording } from '../record/record-scripts.js';
import { figuresOf, type OperationFigures, type OtherFigure } from '../report/report.js';
import { benchSecrets } from '../secrets.js';
import type { World } from '../world.js';
import { requireSameAnswers } from './same-answers.js';
import { bulkFigure, pageFigures } from './figures.js';
import { type Arena, measureOperation, type Pace } from './sides.js';

/** Milliseconds after which nothing of a round is on its way any more. */
const settling = 500;

/** What is measured on both servers. */
export interface Comparison {
  readonly world: World;
  readonly pace: Pace;
  readonly operations: readonly Operation[];
  readonly recordings: readonly Recording[];
  readonly withFigures: boolean;
}

export interface Compared {
  readonly operations: readonly OperationFigures[];
  readonly figures: readonly OtherFigure[];
}

/** Starts the service and the bare server on the world's database and measures the operations on both. */
export async function compareServers(comparison: Comparison): Promise<Compared> {
  const { world, recordings, pace, withFigures } = comparison;
  const { databaseUrl, main, others, scratch } = world;
  const scripts = recordings.map(({ script }) => script);
  const domains = Object.fromEntries([main, ...others, scratch].map(({ id, domain }) => [id, domain]));
  const ours = await startOurs(databaseUrl);
  const bare = await startBare({ databaseUrl, pepper: benchSecrets.pepper, scripts, domains });
  const load = LoadProcess.start();
  const connection = await openBenchConnection(databaseUrl);
  const reset: Arena['reset'] = async ({ group }) => {
    if (group === 'group') {
      // Requests whose answers nobody waited for at the end of the round are still being carried out.
      await delay(settling);
      await resetGroup(connection, main, world.group);
    }
    return group === 'group';
  };
  try {
    const arena: Arena = { load, origins: { ours: ours.origin, bare: bare.origin }, world, pace, reset };
    for (const operation of operationsThatRead(comparison)) await requireSameAnswers(arena, operation);
    const operations = await measureAll(arena, comparison);
    const bulk = withFigures ? [await bulkFigure(ours, world, pace)] : [];
    return { operations, figures: [...pageFigures(operations), ...bulk] };
  } finally {
    await Promise.all([load.stop(), ours.stop(), bare.stop(), connection.close()]);
  }
}

function operationsThatRead({ operations }: Comparison): readonly Operation[] {
  return operations.filter(({ group }) => group === 'look-up' || group === 'list');
}

async function measureAll(arena: Arena, { operations, recordings }: Comparison): Promise<readonly OperationFigures[]> {
  const figures: OperationFigures[] = [];
  for (const operation of operations) {
    const startedAt = performance.now();
    const rounds = await measureOperation(arena, operation);
    const measured = figuresOf(operation, rounds, workOf(operation, recordings));
    figures.push(measured);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    process.stderr.write(`${operation.title}: ours ÷ bare ${measured.ratio.toFixed(2)} (${seconds} s)\n`);
  }
  return figures;
}

/** Of an operation with several scripts, the mean of them. */
function workOf(
  { scripts }: Operation,
  recordings: readonly Recording[],
): { readonly statements: number; readonly roundTrips: number } {
  const own = recordings.filter(({ script }) => scripts.includes(script.operation)).map(({ script }) => script);
  const mean = (count: (script: (typeof own)[number]) => number) =>
    Math.round((own.reduce((total, script) => total + count(script), 0) / own.length) * 10) / 10;
  return {
    statements: mean(({ statements }) => statements.length),
    roundTrips: mean(({ statements }) => statements.filter(({ isPipelined }) => !isPipelined).length),
  };
}
