import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const NODE_STAMP = 'node_modules/.cleanmail-node';
const BUILD_STAMP = 'node_modules/.cleanmail-build';
const NPM_RECORD = 'node_modules/.package-lock.json';

/** What a compiled dependency is bound to: platform, processor and the version of Node's binary interface. */
const thisNode = `${process.platform}-${process.arch}-${process.versions.modules}`;

/**
 * True when node_modules holds what the lock file names and was not installed for another Node. Optional packages may be
 * missing: npm leaves out those of other platforms and those that could not be compiled.
 */
export function isInstalled(root) {
  const installed = readPackages(join(root, NPM_RECORD));
  const locked = readPackages(join(root, 'package-lock.json'));
  if (installed === undefined || locked === undefined) return false;
  const madeFor = readText(join(root, NODE_STAMP));
  if (madeFor !== undefined && madeFor !== thisNode) return false;
  const isPresent = ([path, entry]) =>
    path === '' || (path in installed ? isSame(installed[path], entry) : entry.optional === true);
  return Object.entries(locked).every(isPresent) && Object.keys(installed).every((path) => path in locked);
}

/** Records for which Node the packages were installed. */
export function markInstalled(root) {
  writeFileSync(join(root, NODE_STAMP), thisNode);
}

/** True when every package has been built from exactly the sources, settings and dependencies that stand there now. */
export function isBuilt(root) {
  const built = packageFolders(root).every((folder) => existsSync(join(folder, 'dist/.tsbuildinfo')));
  return built && readText(join(root, BUILD_STAMP)) === sourceHash(root);
}

/** Records what was built. */
export function markBuilt(root) {
  writeFileSync(join(root, BUILD_STAMP), sourceHash(root));
}

/** Deletes build output whose source is gone; `tsc -b` leaves it, and a renamed migration would run twice. */
export function removeOrphans(root) {
  for (const folder of packageFolders(root)) {
    const dist = join(folder, 'dist');
    for (const file of filesBelow(dist)) {
      const stem = /^(.+?)(\.js|\.js\.map|\.d\.ts)$/.exec(relative(dist, file))?.[1];
      if (stem !== undefined && !existsSync(join(folder, 'src', `${stem}.ts`))) rmSync(file);
    }
  }
}

function sourceHash(root) {
  const hash = createHash('sha256');
  const settings = ['tsconfig.json', 'tsconfig.base.json', NPM_RECORD].map((name) => join(root, name));
  const sources = packageFolders(root).flatMap((folder) => [
    join(folder, 'package.json'),
    join(folder, 'tsconfig.json'),
    ...filesBelow(join(folder, 'src')).filter((file) => !file.endsWith('.spec.ts')),
  ]);
  for (const file of [...settings, ...sources]) {
    hash.update(`${relative(root, file)}\0${readText(file) ?? ''}\0`);
  }
  return hash.digest('hex');
}

function packageFolders(root) {
  return ['libs', 'apps']
    .map((name) => join(root, name))
    .filter((parent) => existsSync(parent))
    .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
    .filter((folder) => existsSync(join(folder, 'tsconfig.json')))
    .sort();
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function isSame(installed, locked) {
  return (
    installed.version === locked.version && installed.integrity === locked.integrity && installed.link === locked.link
  );
}

function readPackages(file) {
  const text = readText(file);
  return text === undefined ? undefined : JSON.parse(text).packages;
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
