import './node-version.mjs';
import { spawn } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isBuilt, isInstalled, markBuilt, markInstalled, removeOrphans } from './stamps.mjs';

/** The project's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const REMINDER_MS = 20_000;

/** Installs and builds what is not up to date; throws `PrepareError` with one readable line when that fails. */
export async function prepare() {
  if (isInstalled(ROOT) && isBuilt(ROOT)) return;
  await withLock(join(ROOT, '.cache/prepare.lock'), async () => {
    if (!isInstalled(ROOT)) await install();
    if (!isBuilt(ROOT)) await build();
  });
}

/** Runs a command of this project: its own failures become one line and exit code 1, never a stack trace. */
export async function runCommand(command) {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** A failure whose message is all that the person at the terminal needs. */
export class PrepareError extends Error {}

async function install() {
  const first = !existsSync(join(ROOT, 'node_modules'));
  console.log(
    `Installing packages (${first ? 'first start only' : 'the lock file or Node has changed'}; compiling the embedded ` +
      'database can take about two minutes where no prebuilt binary can be fetched) …',
  );
  const since = Date.now();
  const reminder = setInterval(() => console.log(`  still installing (${seconds(since)}) …`), REMINDER_MS);
  // A production NODE_ENV or an "omit" setting must not leave out the compiler or the embedded database.
  const code = await runNpm([
    'ci',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
  ]);
  clearInterval(reminder);
  if (code !== 0) {
    throw new PrepareError(
      `The packages could not be installed: npm ci ended with ${code}; npm's reason stands above.`,
    );
  }
  markInstalled(ROOT);
  console.log(`Installed in ${seconds(since)}.`);
  if (!existsSync(join(ROOT, 'node_modules/better-sqlite3'))) {
    console.log(
      'The embedded database could not be compiled here. MySQL and MariaDB work without it; to have it, install',
    );
    console.log('python3, make and a C++ compiler, and run npm ci.');
  }
}

async function build() {
  console.log('Building …');
  const since = Date.now();
  removeOrphans(ROOT);
  const code = await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b']);
  if (code !== 0)
    throw new PrepareError(`The build failed: tsc -b ended with ${code}; the compiler's messages stand above.`);
  markBuilt(ROOT);
  console.log(`Built in ${seconds(since)}.`);
}

/** Runs npm without a shell: the npm that runs us, else the one that came with this Node, else the one on PATH. */
function runNpm(args) {
  const script = [
    process.env.npm_execpath,
    join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
    join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js'),
  ].find((file) => file?.endsWith('npm-cli.js') && existsSync(file));
  return script === undefined ? run('npm', args) : run(process.execPath, [script, ...args]);
}

/** Runs a program in the project's folder on this terminal; answers its exit code or the signal that ended it. */
function run(program, args) {
  const env = { ...process.env, SCARF_ANALYTICS: 'false' };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', (error) => reject(new PrepareError(`${program} could not be started: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
}

/** Lets one process at a time prepare the folder; a lock left behind by a process that is gone is taken over. */
async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  while (!tryLock(file)) {
    if (!told) console.log('Waiting for another command that is installing or building here …');
    told = true;
    await wait(250);
  }
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** The lock appears with its holder's id already in it (a link is made at once), so nobody reads it half written. */
function tryLock(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw new PrepareError(`${file} cannot be made: ${error.message}`);
    if (!isRunning(readHolder(file))) rmSync(file, { force: true });
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

function readHolder(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function isRunning(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function seconds(since) {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(prepare);
