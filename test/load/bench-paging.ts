import { parseArgs } from 'node:util';
import cliProgress from 'cli-progress';
import { benchEngine } from './paging/bench-engine.js';
import type { PageTiming } from './paging/measure-pages.js';
import { scratchDatabase } from './paging/scratch-database.js';

const { values } = parseArgs({
  options: { users: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '50' } },
});
const [users, rounds] = [Number(values.users), Number(values.rounds)];
if (![users, rounds].every((value) => Number.isSafeInteger(value) && value > 0)) {
  throw new Error('--users and --rounds are whole numbers above 0');
}

const servers = {
  SQLite: undefined,
  MariaDB: process.env['TEST_MARIADB_URL'],
  MySQL: process.env['TEST_MYSQL_URL'],
};
for (const [engine, serverUrl] of Object.entries(servers)) {
  if (engine === 'SQLite' || serverUrl !== undefined) {
    await bench(engine, serverUrl);
  }
}

async function bench(engine: string, serverUrl: string | undefined): Promise<void> {
  const scratch = await scratchDatabase(serverUrl);
  const dropAndExit = () => void scratch.drop().finally(() => process.exit(130));
  process.once('SIGINT', dropAndExit).once('SIGTERM', dropAndExit);
  const bar = new cliProgress.SingleBar({ format: `${engine} {bar} {value}/{total} users`, clearOnComplete: true });
  bar.start(users, 0, {});
  try {
    print(engine, await benchEngine(scratch.url, { users, rounds, onProgress: (done) => bar.update(done) }));
  } finally {
    bar.stop();
    await scratch.drop();
    process.off('SIGINT', dropAndExit).off('SIGTERM', dropAndExit);
  }
}

function print(engine: string, timings: readonly PageTiming[]): void {
  const [first] = timings;
  const lines = timings.map(
    ({ startIndex, http, baseline }) =>
      `  startIndex ${String(startIndex).padStart(8)}: ${http.toFixed(2)} ms, bare rows ${baseline.toFixed(2)} ms ` +
      `(${(http / baseline).toFixed(1)} times), ${(http / (first?.http ?? http)).toFixed(2)} times the first page`,
  );
  process.stdout.write(`\n${engine}, ${users} users, median of ${rounds}:\n${lines.join('\n')}\n`);
}
