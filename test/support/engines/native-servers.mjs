import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, serverOptions, startPrivateServer } from '../../../scripts/database-server.mjs';
import { mysqlOptions } from '../../../scripts/mysql-server.mjs';

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/libexec', '/usr/local/sbin'];

/** The MariaDB server program of this machine, or undefined. */
export function findMariadb() {
  return findServer(['mariadbd', 'mysqld'], (version) => version.includes('MariaDB'));
}

/** The MySQL server program of this machine, or undefined; on Debian `mysqld` is MariaDB's. */
export function findMysql() {
  return findServer(['mysqld'], (version) => !version.includes('MariaDB'));
}

/** Starts MariaDB on a free port with an empty database; it ends with `stop()` or with this process. */
export async function startMariadb(program) {
  return startNative('mariadb', async (data, port) => {
    const installer = findProgram('mariadb-install-db') ?? findProgram('mysql_install_db');
    if (installer === undefined) throw new Error('mariadb-install-db is missing beside the server');
    const rootLogin = ['--auth-root-authentication-method=normal', '--skip-test-db'];
    run(installer, ['--no-defaults', `--datadir=${data}`, ...rootLogin, ...asUser()]);
    return [program, ...serverOptions(data, port), ...asUser()];
  });
}

/** Starts MySQL on a free port with an empty database; it ends with `stop()` or with this process. */
export async function startMysql(program) {
  return startNative('mysql', async (data, port) => {
    run(program, ['--no-defaults', '--initialize-insecure', `--datadir=${data}`, ...asUser()]);
    return [program, ...mysqlOptions(data, port), ...asUser()];
  });
}

async function startNative(name, initialise) {
  const folder = mkdtempSync(join(tmpdir(), `cleanmail-${name}-`));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const owner = serverUser();
  if (owner !== undefined) for (const path of [folder, data]) chownSync(path, owner.uid, owner.gid);
  const port = await freePort();
  try {
    const command = await initialise(data, port);
    return await startPrivateServer({ command, port, folder, log: join(data, 'error.log') });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A server that root starts gives root up where the machine has a user for it. */
function asUser() {
  if (process.getuid?.() !== 0) return [];
  return [`--user=${serverUser() === undefined ? 'root' : 'mysql'}`];
}

function serverUser() {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag) => Number(spawnSync('id', [flag, 'mysql'], { encoding: 'utf8' }).stdout || Number.NaN);
  const user = { uid: id('-u'), gid: id('-g') };
  return Number.isNaN(user.uid) ? undefined : user;
}

function findServer(names, isIt) {
  return names
    .map(findProgram)
    .find((file) => file !== undefined && isIt(spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout ?? ''));
}

function findProgram(name) {
  return FOLDERS.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

function run(program, args) {
  const { status, error, stderr, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${program} failed: ${error?.message ?? `${stdout}\n${stderr}`.trim().split('\n').at(-1)}`);
}
