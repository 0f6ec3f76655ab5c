import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { BenchReport } from '../../bench/report/report.js';
import { ensureBuilt } from '../support/built-command.js';
import { ROOT } from '../support/root.js';
import { newFolder } from '../support/service-process.js';

const number = expect.any(Number) as unknown as number;
const side = { perSecond: number, p50: number, p99: number };

describe('npm run bench', () => {
  it('should print a table and write its figures', async () => {
    await ensureBuilt();
    const folder = newFolder();
    const file = join(folder, 'figures.json');
    const options = ['--quick', '--size', 'tiny', '--engine', 'sqlite', '--ops', 'filter-hit,post', '--json', file];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(ROOT, 'bench/bench.ts'), ...options],
      { cwd: ROOT, encoding: 'utf8', env: { ...process.env, BENCH_FOLDER: folder } },
    );
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining('ours ÷ bare') as unknown as string,
    });
    expect(stdout).toContain('filter by userName, found');
    const report = JSON.parse(readFileSync(file, 'utf8')) as BenchReport;
    expect(report).toMatchObject({ format: 1, engine: 'sqlite', size: 'tiny', people: 200, figures: [] });
    expect(report.operations.map(({ operation }) => operation)).toEqual(['filter-hit', 'post']);
    for (const figures of report.operations) {
      expect(figures).toMatchObject({ ours: side, bare: side, ratio: number, spread: number });
      expect(figures.ours.perSecond).toBeGreaterThan(0);
      expect(figures.bare.perSecond).toBeGreaterThan(0);
      expect(figures.statements).toBeGreaterThanOrEqual(figures.roundTrips);
    }
  });
});
