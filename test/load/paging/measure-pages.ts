import type { Database } from '@cleanmail/database';
import type { ScimList } from '../../conformance/client/scim-types.js';
import type { TenantClient } from '../../conformance/client/tenant-client.js';

export const pageSize = 100;

/** Median milliseconds of one page over HTTP, and of its bare rows by primary key on the service's driver. */
export interface PageTiming {
  readonly startIndex: number;
  readonly http: number;
  readonly baseline: number;
}

/** What is listed: all `ids` of the tenant in their order. */
export interface SeededTenant {
  readonly database: Database;
  readonly client: TenantClient;
  readonly ids: readonly string[];
}

/**
 * Reads pages at the start, in the middle and at the end, by turns so that whatever else the machine does hits all alike.
 * @throws when a page does not hold exactly the users of its place.
 */
export async function measurePages(seeded: SeededTenant, rounds: number): Promise<readonly PageTiming[]> {
  const total = seeded.ids.length;
  const starts = [1, Math.max(1, Math.floor(total / 2)), Math.max(1, total - pageSize + 1)];
  const samples = starts.map((startIndex) => ({ startIndex, http: [] as number[], baseline: [] as number[] }));
  for (let round = -3; round < rounds; round += 1) {
    for (const { startIndex, http, baseline } of samples) {
      const times = [await timed(() => readPage(seeded, startIndex)), await timed(() => readRows(seeded, startIndex))];
      // The first rounds fill caches and prepare statements.
      if (round >= 0) {
        http.push(times[0] ?? 0);
        baseline.push(times[1] ?? 0);
      }
    }
  }
  return samples.map(({ startIndex, http, baseline }) => ({
    startIndex,
    http: median(http),
    baseline: median(baseline),
  }));
}

async function readPage({ client, ids }: SeededTenant, startIndex: number): Promise<void> {
  const answer = await client.send('GET', `/Users?startIndex=${startIndex}&count=${pageSize}`);
  const list = answer.body as ScimList;
  const found = list.Resources.map(({ id }) => id).join();
  const wanted = ids.slice(startIndex - 1, startIndex - 1 + pageSize).join();
  if (answer.status !== 200 || list.totalResults !== ids.length || found !== wanted) {
    throw new Error(`the page at ${startIndex} is wrong: ${answer.status}, totalResults ${list.totalResults}`);
  }
}

async function readRows({ database, client, ids }: SeededTenant, startIndex: number): Promise<void> {
  const rows = await database.read((session) =>
    session.all(`SELECT * FROM scim_user WHERE tenant_id = ? AND id >= ? ORDER BY id LIMIT ${pageSize}`, [
      client.tenant.id,
      ids[startIndex - 1] ?? '',
    ]),
  );
  if (rows.length !== Math.min(pageSize, ids.length - startIndex + 1)) {
    throw new Error(`the baseline read ${rows.length} rows`);
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
