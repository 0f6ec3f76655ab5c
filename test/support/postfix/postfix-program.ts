import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe } from '@jest/globals';
import { noteForSummary } from '../summary-notes.js';

const master = '/usr/lib/postfix/sbin/master';

const packages = { mysql: 'postfix-mysql', lmdb: 'postfix-lmdb', cdb: 'postfix-cdb' } as const;

/** A map type that Debian has in a package of its own. */
export type PackagedMap = keyof typeof packages;

/** What of Debian's Postfix these tests need and this machine lacks, in words; undefined when all is there. */
export function missingPostfix(types: readonly PackagedMap[]): string | undefined {
  if (!existsSync(master)) return 'Postfix is not installed (Debian: postfix)';
  if (process.getuid?.() !== 0) return 'only root can start Postfix';
  const known = readFileSync('/etc/postfix/dynamicmaps.cf', 'utf8');
  const missing = types.filter((type) => !known.includes(`\n${type}\t`));
  return missing.length === 0 ? undefined : missing.map((type) => `${packages[type]} is not installed`).join(', ');
}

/** A `describe` that is skipped where Postfix is missing; the reason stands in the last lines of the test run. */
export function describeWithPostfix(name: string, types: readonly PackagedMap[], suite: () => void): void {
  const missing = missingPostfix(types);
  if (missing !== undefined) noteForSummary(`Postfix: NOT RUN: ${name}: ${missing}`);
  (missing === undefined ? describe : describe.skip)(name, suite);
}

/** Starts Postfix's master process with a folder of configuration; it ends by itself after some minutes, whatever happens. */
export function startMaster(configuration: string): { readonly pid: number; readonly ended: Promise<unknown> } {
  const child = spawn(master, ['-c', configuration, '-d', '-e', '900'], { stdio: 'ignore', detached: true });
  child.unref();
  if (child.pid === undefined) throw new Error(`${master} does not start`);
  return { pid: child.pid, ended: once(child, 'exit') };
}

/** Asks a map for keys as `postmap -q -` does: `key TAB value` of each key that is there. */
export function postmapQuery(configuration: string, map: string, keys: readonly string[]): readonly string[] {
  const { stdout, stderr, status } = spawnSync('/usr/sbin/postmap', ['-c', configuration, '-q', '-', map], {
    input: keys.join('\n'),
    encoding: 'utf8',
  });
  if (status === null || stderr !== '') throw new Error(`postmap: ${stderr}`);
  return stdout.split('\n').filter((line) => line !== '');
}
