import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lockFile = new URL('../../package-lock.json', import.meta.url);
const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

/** The folders in which Node looks for a dependency of the package at this path, nearest first. */
function lookupFolders(path: string): string[] {
  const steps = path.split('/');
  const ancestors = steps.map((_step, index) => steps.slice(0, steps.length - index).join('/'));
  return [...ancestors.map((folder) => `${folder}/node_modules`), 'node_modules'];
}

describe('package-lock.json', () => {
  it('should name the packages of every platform, or npm ci refuses it', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !lookupFolders(path).some((folder) => `${folder}/${name}` in packages))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
