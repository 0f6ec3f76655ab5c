import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { addressOf } from './seed-recipients.js';

/** A map under measurement; `rates` are look-ups a second, one a round. */
export interface MeasuredMap {
  readonly title: string;
  readonly map: string;
  readonly rates: number[];
}

/** Asks the maps in turn, in another order each round, for the same addresses in random order. */
export async function measureLookups(
  configuration: string,
  maps: readonly MeasuredMap[],
  { rounds, lookups, total }: { readonly rounds: number; readonly lookups: number; readonly total: number },
): Promise<void> {
  for (let round = -1; round < rounds; round += 1) {
    const keys = Array.from({ length: lookups }, () => addressOf(Math.floor(Math.random() * total)));
    for (const { map, rates } of round % 2 === 0 ? maps : [...maps].reverse()) {
      const rate = await lookUpAll(configuration, map, keys);
      // The first round warms up.
      if (round >= 0) rates.push(rate);
    }
  }
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Look-ups a second of one `postmap` that is asked everything on its standard input. @throws Error when one is not found. */
async function lookUpAll(configuration: string, map: string, keys: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn('postmap', ['-c', configuration, '-q', '-', map], { stdio: ['pipe', 'pipe', 'inherit'] });
  let found = 0;
  child.stdout.on('data', (chunk: Buffer) => (found += chunk.filter((byte) => byte === 10).length));
  child.stdin.end(`${keys.join('\n')}\n`);
  await once(child, 'close');
  if (found !== keys.length) throw new Error(`${map} found ${found} of ${keys.length} recipients`);
  return (keys.length * 1000) / (performance.now() - startedAt);
}
