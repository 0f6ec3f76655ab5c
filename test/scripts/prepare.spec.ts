import { mkdirSync, mkdtempSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isBuilt, isInstalled, markBuilt, markInstalled, removeOrphans } from '../../scripts/stamps.mjs';

const required = {
  'libs/one': { version: '0.1.0' },
  'node_modules/@project/one': { resolved: 'libs/one', link: true },
  'node_modules/needed': { version: '1.0.0', integrity: 'sha512-a' },
};
const installed = {
  ...required,
  'node_modules/native': { version: '2.0.0', integrity: 'sha512-b', optional: true },
};
const locked = { '': { name: 'project' }, ...installed };

let root: string;

const write = (file: string, content: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
};
const writePackages = (file: string, packages: object): void => write(file, JSON.stringify({ packages }));
const recordInstalled = (packages: object): void => writePackages('node_modules/.package-lock.json', packages);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cleanmail-prepare-'));
  writePackages('package-lock.json', locked);
});

afterEach(() => rmSync(root, { recursive: true }));

describe(isInstalled.name, () => {
  it('should be false before the first installation', () => {
    expect(isInstalled(root)).toBe(false);
  });

  it('should be true when npm installed what the lock file names', () => {
    recordInstalled(installed);
    markInstalled(root);
    expect(isInstalled(root)).toBe(true);
  });

  it('should accept packages that somebody installed by hand', () => {
    recordInstalled(installed);
    expect(isInstalled(root)).toBe(true);
  });

  it('should accept an optional package that could not be compiled', () => {
    recordInstalled(required);
    expect(isInstalled(root)).toBe(true);
  });

  it.each([
    ['a package is missing', { ...installed, 'node_modules/needed': undefined }],
    ['a version differs', { ...installed, 'node_modules/needed': { version: '1.0.1', integrity: 'sha512-a' } }],
    ['the content differs', { ...installed, 'node_modules/needed': { version: '1.0.0', integrity: 'sha512-z' } }],
    [
      'a package is there that the lock file no longer names',
      { ...installed, 'node_modules/old': { version: '1.0.0' } },
    ],
  ])('should be false when %s', (_case, packages) => {
    recordInstalled(packages);
    expect(isInstalled(root)).toBe(false);
  });

  it('should be false when the packages were compiled for another Node', () => {
    recordInstalled(installed);
    write('node_modules/.cleanmail-node', 'linux-x64-1');
    expect(isInstalled(root)).toBe(false);
  });
});

describe(isBuilt.name, () => {
  beforeEach(() => {
    recordInstalled(installed);
    write('tsconfig.base.json', '{}');
    write('libs/one/package.json', '{}');
    write('libs/one/tsconfig.json', '{}');
    write('libs/one/src/index.ts', 'export const one = 1;');
    write('libs/one/dist/.tsbuildinfo', '{}');
    markBuilt(root);
  });

  it('should be true while nothing changes', () => {
    expect(isBuilt(root)).toBe(true);
  });

  it('should not mind a changed spec, which is not built', () => {
    write('libs/one/src/index.spec.ts', 'changed');
    expect(isBuilt(root)).toBe(true);
  });

  it.each([
    ['a source changed', 'libs/one/src/index.ts'],
    ['a source was added', 'libs/one/src/deep/two.ts'],
    ['the settings of a package changed', 'libs/one/tsconfig.json'],
    ['the exports of a package changed', 'libs/one/package.json'],
    ['the common settings changed', 'tsconfig.base.json'],
    ['other packages were installed', 'node_modules/.package-lock.json'],
  ])('should be false when %s', (_case, file) => {
    write(file, '{"changed":true}');
    expect(isBuilt(root)).toBe(false);
  });

  it('should be false when a source was deleted', () => {
    rmSync(join(root, 'libs/one/src/index.ts'));
    expect(isBuilt(root)).toBe(false);
  });

  it('should be false when the output is gone', () => {
    rmSync(join(root, 'libs/one/dist'), { recursive: true });
    expect(isBuilt(root)).toBe(false);
  });
});

describe(removeOrphans.name, () => {
  it('should delete the output of deleted sources and nothing else', () => {
    write('libs/one/tsconfig.json', '{}');
    write('libs/one/src/migrations/kept.ts', '');
    const kept = ['.tsbuildinfo', 'migrations/kept.js', 'migrations/kept.js.map', 'migrations/kept.d.ts', 'page.html'];
    const orphans = ['migrations/gone.js', 'migrations/gone.js.map', 'migrations/gone.d.ts'];
    for (const file of [...kept, ...orphans]) write(`libs/one/dist/${file}`, '');
    removeOrphans(root);
    const left = [...kept, ...orphans].filter((file) => existsSync(join(root, 'libs/one/dist', file)));
    expect(left).toEqual(kept);
  });
});
