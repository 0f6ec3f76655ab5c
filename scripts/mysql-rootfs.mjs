import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { debianArchives } from './debian-sources.mjs';
import { PrepareError, ROOT } from './prepare.mjs';

/** Where the MySQL of the tests lives; ignored by git and by every tool. */
export const FOLDER = join(ROOT, '.cache/mysql');

/** A small Debian of the `sid` suite, which packages MySQL (the stable suites have MariaDB only). */
export const ROOTFS = join(FOLDER, 'rootfs');

/** Inside `ROOTFS`: an initialised data folder that every start copies. */
export const TEMPLATE = '/var/lib/mysql-template';

/** True when MySQL is installed and initialised. */
export function isPrepared() {
  return existsSync(join(ROOTFS, TEMPLATE, 'mysql.ibd'));
}

/** Installs and initialises MySQL in `ROOTFS` (root on Debian; half a minute the first time, nothing afterwards). */
export function prepareRootfs() {
  if (!isPrepared()) install();
  console.log(`Prepared: ${runProgram('chroot', [ROOTFS, '/usr/sbin/mysqld', '--version']).trim()}`);
}

/** Runs a program to its end and returns its output; throws PrepareError with its last words when it fails. */
export function runProgram(program, args, variables = {}) {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  const env = { ...process.env, PATH: path, DEBIAN_FRONTEND: 'noninteractive', ...variables };
  const { status, error, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error !== undefined) throw new PrepareError(`${program} could not be started: ${error.message}`);
  if (status === 0) return stdout;
  const words = `${stderr}\n${stdout}`.trim().split('\n');
  throw new PrepareError(`${program} failed: ${words.findLast((line) => /^E:|error/i.test(line)) ?? words.at(-1)}`);
}

function install() {
  if (process.getuid?.() !== 0)
    throw new PrepareError('Preparing MySQL needs root: it installs a small Debian into a folder.');
  if (!existsSync('/usr/bin/apt-get'))
    throw new PrepareError('Preparing MySQL needs Debian: there is no apt-get here.');
  if (!existsSync('/usr/sbin/debootstrap')) installDebootstrap();
  const fresh = `${ROOTFS}.new`;
  console.log('Installing MySQL from Debian sid into .cache/mysql (half a minute) …');
  bootstrap(fresh);
  rmSync(join(fresh, 'var/cache/apt/archives'), { recursive: true, force: true });
  rmSync(join(fresh, 'var/lib/apt/lists'), { recursive: true, force: true });
  const inside = (...command) => runProgram('chroot', [fresh, ...command]);
  inside('useradd', '--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'mysql');
  const options = ['--secure-file-priv=NULL', '--innodb-redo-log-capacity=64M', `--datadir=${TEMPLATE}`];
  inside('/usr/sbin/mysqld', '--no-defaults', '--initialize-insecure', '--user=mysql', ...options);
  remove(ROOTFS);
  renameSync(fresh, ROOTFS);
}

function installDebootstrap() {
  console.log('Installing debootstrap …');
  runProgram('apt-get', ['update', '-qq']);
  runProgram('apt-get', ['install', '-y', '-qq', 'debootstrap']);
}

/** Tries the machine's own Debian archives in turn. */
function bootstrap(folder) {
  const archives = configuredArchives();
  if (archives.length === 0) throw new PrepareError("No Debian archive is named in apt's sources.");
  mkdirSync(FOLDER, { recursive: true });
  let failure;
  for (const archive of archives) {
    remove(folder);
    try {
      const options = ['--variant=minbase', '--include=mysql-server-core'];
      runProgram('debootstrap', [...options, 'sid', folder, archive], aptProxy());
      return;
    } catch (error) {
      failure ??= error;
    }
  }
  remove(folder);
  throw failure;
}

function configuredArchives() {
  const parts = '/etc/apt/sources.list.d';
  const files = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [];
  return ['/etc/apt/sources.list', ...files]
    .filter((file) => /\.(list|sources)$/.test(file) && existsSync(file))
    .flatMap((file) => debianArchives(readFileSync(file, 'utf8'), file.endsWith('.sources')));
}

/** Removes a root folder; an interrupted debootstrap may have left /proc and /sys mounted in it. */
function remove(folder) {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse()) runProgram('umount', [mount]);
  rmSync(folder, { recursive: true, force: true });
}

/** What apt is told about a proxy, for debootstrap, which reads the environment only. */
function aptProxy() {
  if (process.env.http_proxy !== undefined) return {};
  const proxy = /^proxy='(.+)'$/m.exec(runProgram('apt-config', ['shell', 'proxy', 'Acquire::http::Proxy']))?.[1];
  return proxy === undefined || proxy === 'DIRECT' ? {} : { http_proxy: proxy };
}
