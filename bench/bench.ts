import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import cliProgress from 'cli-progress';
import { type BenchServer, findBenchServer } from './dataset/bench-server.js';
import { type Compared, compareServers } from './measure/compare-servers.js';
import { growthFigure, memoryFigures, startFigure } from './measure/figures.js';
import { nodesFigure } from './measure/nodes-figure.js';
import { BenchOptionError, type BenchOptions, readOptions, usage, worldSizes } from './options.js';
import { profileOperation } from './profile/profile-operation.js';
import { type Recording, recordScripts } from './record/record-scripts.js';
import { comparison } from './report/compare.js';
import { type BenchReport, engineOf, machine, type OtherFigure } from './report/report.js';
import { reportTable } from './report/table.js';
import { root } from './root.js';
import { type OnProgress, Preparation, type World, type WorldSize } from './world.js';

/** People of the tenant in which the service is recorded; each operation uses up some. */
const recordingPeople = 200;

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(usage);
  else await bench(options);
} catch (error) {
  if (!(error instanceof BenchOptionError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}

async function bench(options: BenchOptions): Promise<void> {
  const server = await findBenchServer(options.engine);
  try {
    if (options.clean) await server.clean();
    else await run(options, server);
  } finally {
    await server.stop();
  }
}

async function run(options: BenchOptions, server: BenchServer): Promise<void> {
  const databaseUrl = await server.databaseUrl(options.sizeName);
  try {
    const { world, recordings } = await prepare(databaseUrl, options);
    if (options.profile === undefined) await report(options, server, await measure(options, server, world, recordings));
    else await profileOperation(options, options.profile, { world, recordings });
  } finally {
    await tidyUp(databaseUrl);
  }
}

async function report(options: BenchOptions, server: BenchServer, compared: Compared): Promise<void> {
  const { size, sizeName, pace, jsonFile, compareFile } = options;
  const now: BenchReport = {
    format: 1,
    measuredAt: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    ...engineOf(server),
    size: sizeName,
    people: size.people,
    rounds: pace.rounds,
    roundSeconds: pace.roundSeconds,
    connections: pace.connections,
    ...compared,
  };
  process.stdout.write(`\n${reportTable(now)}`);
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(now, null, 2)}\n`);
  if (compareFile !== undefined) {
    const before = JSON.parse(readFileSync(compareFile, 'utf8')) as BenchReport;
    process.stdout.write(`\n${comparison(before, now)}`);
  }
}

async function measure(
  options: BenchOptions,
  server: BenchServer,
  world: World,
  recordings: readonly Recording[],
): Promise<Compared> {
  const { operations, pace, withFigures, nodes } = options;
  const compared = await compareServers({ world, pace, operations, recordings, withFigures });
  const figures: OtherFigure[] = [...compared.figures];
  if (withFigures) {
    figures.push(...(await memoryFigures(world.databaseUrl, world)), await startFigure(world.databaseUrl, pace));
    if (options.size.people > worldSizes['1k'].people) figures.push(await growth(server, world, options));
  }
  if (nodes > 1) figures.push(await nodesFigure(world, pace, nodes));
  return { operations: compared.operations, figures };
}

async function growth(server: BenchServer, world: World, { pace }: BenchOptions): Promise<OtherFigure> {
  const databaseUrl = await server.databaseUrl('1k');
  try {
    const size = { ...worldSizes['1k'], others: 0, scratchPeople: 1 };
    return await growthFigure(world, await withPreparation(databaseUrl, (each, show) => each.world(size, show)), pace);
  } finally {
    await tidyUp(databaseUrl);
  }
}

async function prepare(
  databaseUrl: string,
  { size, operations, profile }: { readonly size: WorldSize } & Pick<BenchOptions, 'operations' | 'profile'>,
): Promise<{ readonly world: World; readonly recordings: readonly Recording[] }> {
  return withPreparation(databaseUrl, async (preparation, show) => {
    const world = await preparation.world(size, show);
    const small = await preparation.scratch(recordingPeople, show);
    const stage = { scimUrl: preparation.service.scimUrl, connection: preparation.connection };
    const recordings = await recordScripts(
      { ...stage, world: { ...world, scratch: small, others: [small] } },
      profile === undefined ? operations : [profile],
    );
    return { world, recordings };
  });
}

async function tidyUp(databaseUrl: string): Promise<void> {
  await withPreparation(databaseUrl, (preparation) => preparation.dropScratch());
}

async function withPreparation<T>(
  databaseUrl: string,
  use: (preparation: Preparation, show: OnProgress) => Promise<T>,
): Promise<T> {
  const preparation = await Preparation.open(databaseUrl);
  const bar = new cliProgress.SingleBar({ format: '{what} {bar} {value}/{total}', clearOnComplete: true });
  let shown: string | undefined;
  const show: OnProgress = (what, done, of) => {
    if (shown === what) bar.update(done, { what });
    else bar.start(of, done, { what });
    shown = done >= of ? undefined : what;
    if (done >= of) bar.stop();
  };
  try {
    return await use(preparation, show);
  } finally {
    bar.stop();
    await preparation.close();
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
