import './node-version.mjs';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, serverOptions, startPrivateServer, waitForGreeting } from './database-server.mjs';
import { FOLDER, isPrepared, prepareRootfs, ROOTFS, runProgram, TEMPLATE } from './mysql-rootfs.mjs';
import { PrepareError, runCommand } from './prepare.mjs';

const RUNNING = join(FOLDER, 'running.json');
const DEFAULT_PORT = 3307;
const USAGE = `Usage: node scripts/mysql-server.mjs prepare | start [port, else ${DEFAULT_PORT}] | stop`;

/** Why the prepared MySQL cannot be started here, or undefined when it can. */
export function whyNotStartable() {
  if (!isPrepared()) return 'no MySQL server found (as root on Debian: node scripts/mysql-server.mjs prepare)';
  return process.getuid?.() === 0 ? undefined : 'the prepared MySQL server needs root (it runs in a chroot)';
}

/** Starts the prepared MySQL on a free port with an empty database; it ends with `stop()` or with this process. */
export async function startPreparedMysql() {
  return startPrivateServer(copyTemplate(await freePort()));
}

/** The options that every MySQL of the tests runs with; `data` is its folder. */
export function mysqlOptions(data, port) {
  const own = ['--mysqlx=OFF', '--secure-file-priv=NULL', '--innodb-redo-log-capacity=64M'];
  return [...serverOptions(data, port), ...own];
}

/** A fresh copy of the initialised data, and the command that serves it from inside the chroot. */
function copyTemplate(port) {
  const data = `/var/lib/mysql-${port}-${process.pid}`;
  const folder = join(ROOTFS, data);
  runProgram('cp', ['-a', '--reflink=auto', join(ROOTFS, TEMPLATE), folder]);
  const command = ['chroot', ROOTFS, '/usr/sbin/mysqld', ...mysqlOptions(data, port), '--user=mysql', '--tmpdir=/tmp'];
  return { command, port, folder, log: join(folder, 'error.log') };
}

async function start(port) {
  const problem = whyNotStartable();
  if (problem !== undefined) throw new PrepareError(problem);
  if (existsSync(RUNNING)) throw new PrepareError('A MySQL server was started before; stop it first.');
  const { command, folder } = copyTemplate(port);
  const server = spawn(command[0], command.slice(1), { detached: true, stdio: 'ignore' });
  let hasEnded = false;
  server.once('exit', () => (hasEnded = true));
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(RUNNING, JSON.stringify({ pid: server.pid, folder }));
  try {
    console.log(`MySQL ${await waitForGreeting(port, () => hasEnded)} answers at mysql://root@127.0.0.1:${port}`);
  } catch (error) {
    await stop();
    throw new PrepareError(`MySQL: ${error.message}`);
  }
  server.unref();
}

async function stop() {
  if (!existsSync(RUNNING)) throw new PrepareError('No MySQL server was started here.');
  const { pid, folder } = JSON.parse(readFileSync(RUNNING, 'utf8'));
  if (isMysql(pid)) process.kill(pid, 'SIGTERM');
  while (isMysql(pid)) await wait(100);
  rmSync(folder, { recursive: true, force: true });
  rmSync(RUNNING);
}

function isMysql(pid) {
  try {
    const [, name, state] = /\((.*)\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name === 'mysqld' && state !== 'Z';
  } catch {
    return false;
  }
}

async function main([action, port]) {
  if (action === 'prepare') return prepareRootfs();
  if (action === 'start') return start(Number(port ?? DEFAULT_PORT));
  if (action === 'stop') return stop();
  throw new PrepareError(USAGE);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(() => main(process.argv.slice(2)));
