import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBuilt } from '../../scripts/stamps.mjs';
import { eventually } from './eventually.js';
import { ROOT } from './root.js';

const buildLimitMs = 180_000;

/**
 * Sees to it that processes run what stands in the sources now. `npm test` has built before; when Jest is run by
 * itself, the first worker that asks builds, and the others wait for it.
 */
export async function ensureBuilt(): Promise<void> {
  if (isBuilt(ROOT)) return;
  const folder = join(process.env['CLEANMAIL_TEST_FOLDER'] ?? '', 'build');
  const outcome = join(folder, 'outcome.txt');
  if (isFirst(folder)) writeFileSync(outcome, build());
  await eventually(async () => existsSync(outcome), Boolean, buildLimitMs);
  const problem = readFileSync(outcome, 'utf8');
  if (problem !== '') throw new Error(`tsc -b failed: ${problem}`);
}

/** What the compiler complains of; empty when the build is good. */
function build(): string {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-b'], { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? '' : stdout;
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
