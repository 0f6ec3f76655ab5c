import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { scimCall } from '../dataset/admin-calls.js';
import { nameOf } from '../dataset/names.js';
import { person } from '../dataset/person.js';
import { LoadProcess, type ServerProcess, startOurs } from '../processes/processes.js';
import type { OperationFigures, OtherFigure } from '../report/report.js';
import type { World } from '../world.js';
import type { Pace } from './sides.js';
import { median, spread } from './statistics.js';

const scimBase = '/api/v3/scim2';
const bulkSchema = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const mostOfBulk = 1000;
const walkPage = 500;

/** A figure with what it is to be; says whether it is reached. */
export function figure(wanted: Omit<OtherFigure, 'isReached'>): OtherFigure {
  const { value, atMost, atLeast } = wanted;
  if (atMost === undefined && atLeast === undefined) return wanted;
  return { ...wanted, isReached: value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity) };
}

/** How a page's latency at the end compares with that at the start, from what was measured of the pages. */
export function pageFigures(operations: readonly OperationFigures[]): readonly OtherFigure[] {
  const p50 = (name: string) => operations.find(({ operation }) => operation === name)?.ours.p50;
  return (['cursor', 'index'] as const).flatMap((kind) => {
    const [first, last] = [p50(`list-${kind}-first`), p50(`list-${kind}-last`)];
    if (first === undefined || last === undefined) return [];
    const atMost = kind === 'cursor' ? 1.1 : 2;
    return [
      figure({
        name: `page-${kind}`,
        title: `${kind} page at the end ÷ at the start, p50`,
        value: last / first,
        unit: '',
        atMost,
      }),
    ];
  });
}

/** People a second by Bulk ÷ by single POSTs, each on one connection, in turn. */
export async function bulkFigure(ours: ServerProcess, { scratch }: World, pace: Pace): Promise<OtherFigure> {
  const count = pace.rounds === 1 ? 50 : mostOfBulk;
  const rounds = Math.min(3, pace.rounds);
  const url = `${ours.origin}${scimBase}`;
  const { token, domain } = scratch;
  const ratios: number[] = [];
  let next = 0;
  const people = () => Array.from({ length: count }, () => person(nameOf('bu', (next += 1)), domain));
  for (let round = 0; round < rounds; round += 1) {
    const bulk = await perSecond(count, async () => {
      const Operations = people().map((data, index) => ({ method: 'POST', path: '/Users', bulkId: `b${index}`, data }));
      const body = { schemas: [bulkSchema], Operations };
      const { text } = await scimCall({ method: 'POST', url: `${url}/Bulk`, token, body }, 200);
      const made = text.split('"201"').length - 1;
      if (made !== count) throw new Error(`Bulk made ${made} of ${count}: ${text.slice(0, 300)}`);
    });
    const single = await perSecond(count, async () => {
      for (const body of people()) await scimCall({ method: 'POST', url: `${url}/Users`, token, body }, 201);
    });
    ratios.push(bulk / single);
  }
  return figure({
    name: 'bulk',
    title: `Bulk of ${count} POSTs ÷ ${count} single POSTs, users a second`,
    value: median(ratios),
    unit: '',
    atLeast: 3,
    note: `one connection; ± ${(spread(ratios) * 100).toFixed(0)} %`,
  });
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (count * 1000) / (performance.now() - startedAt);
}

/** Memory of a service that nobody uses, and at the most while a client walks all people by cursor. */
export async function memoryFigures(databaseUrl: string, { main }: World): Promise<readonly OtherFigure[]> {
  const ours = await startOurs(databaseUrl);
  try {
    await delay(1000);
    const idle = await residentMegabytes(ours.pid);
    let most = idle;
    let cursor: string | undefined = '';
    let seen = 0;
    while (cursor !== undefined) {
      const url = `${ours.origin}${scimBase}/Users?count=${walkPage}&cursor=${cursor}`;
      const { text } = await scimCall({ method: 'GET', url, token: main.token }, 200);
      const page = JSON.parse(text) as { readonly nextCursor?: string; readonly Resources: readonly unknown[] };
      seen += page.Resources.length;
      cursor = page.nextCursor;
      most = Math.max(most, await residentMegabytes(ours.pid));
    }
    if (seen !== main.people) throw new Error(`the walk saw ${seen} of ${main.people} people`);
    const walked = `memory above idle while a client walks ${main.people} users`;
    return [
      figure({ name: 'memory-idle', title: 'memory of the service, idle', value: idle, unit: ' MB', atMost: 150 }),
      figure({ name: 'memory-walk', title: walked, value: most - idle, unit: ' MB', atMost: 50 }),
    ];
  } finally {
    await ours.stop();
  }
}

/** Resident memory of a process, from /proc where there is one. */
async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const kilobytes = status === undefined ? await residentByPs(pid) : /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
  return Number(kilobytes) / 1024;
}

async function residentByPs(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return stdout.trim();
}

/** From the start of the process until it says that it is ready, on a migrated database. */
export async function startFigure(databaseUrl: string, pace: Pace): Promise<OtherFigure> {
  const times: number[] = [];
  for (let round = 0; round < Math.min(3, pace.rounds); round += 1) {
    const ours = await startOurs(databaseUrl);
    times.push(ours.readyAfter / 1000);
    await ours.stop();
  }
  return figure({
    name: 'start',
    title: 'start to ready, migrated database',
    value: median(times),
    unit: ' s',
    atMost: 2,
  });
}

/** p50 of the filter by userName in a world ÷ in one of 1,000 people, at the same fixed rate in turn. */
export async function growthFigure(large: World, small: World, pace: Pace): Promise<OtherFigure> {
  const load = LoadProcess.start();
  const servers = { large: await startOurs(large.databaseUrl), small: await startOurs(small.databaseUrl) };
  const worlds = { large, small };
  const latencies = { large: [] as number[], small: [] as number[] };
  const next = { large: 0, small: 0 };
  try {
    for (let round = -1; round < pace.rounds; round += 1) {
      for (const which of round % 2 === 0 ? (['large', 'small'] as const) : (['small', 'large'] as const)) {
        const { p50, used } = await load.run({
          kind: 'open',
          origin: servers[which].origin,
          operation: 'filter-hit',
          side: 'ours',
          world: worlds[which],
          firstSequence: next[which],
          seconds: pace.roundSeconds,
          connections: pace.connections,
          rate: 100,
        });
        next[which] += used;
        if (round >= 0) latencies[which].push(p50);
      }
    }
  } finally {
    await Promise.all([load.stop(), servers.large.stop(), servers.small.stop()]);
  }
  return figure({
    name: 'growth',
    title: `filter by userName, p50 at ${large.main.people} users ÷ at ${small.main.people}`,
    value: median(latencies.large) / median(latencies.small),
    unit: '',
    atMost: 1.2,
    note: `${median(latencies.large).toFixed(2)} ms, ${median(latencies.small).toFixed(2)} ms at 100 requests a second`,
  });
}
