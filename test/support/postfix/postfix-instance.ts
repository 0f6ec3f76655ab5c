import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../scripts/database-server.mjs';
import { eventually } from '../eventually.js';
import { startMaster } from './postfix-program.js';
import { recipeFiles, type Recipe } from './recipes.js';
import { SmtpSession } from './smtp-session.js';

/** A Postfix of its own on a port of 127.0.0.1: it relays by a recipe of the documentation, and delivers nothing. */
export interface PostfixInstance {
  readonly port: number;
  /** Where main.cf is. */
  readonly configuration: string;
  /** Where the recipe's files are, in the place of `/etc/postfix/cleanmail`. */
  readonly maps: string;
  readonly log: () => string;
  /** New processes serve what comes from now on, as after `postfix reload`. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** What the recipe's files are changed to before Postfix reads them. */
export interface PostfixOptions {
  readonly recipe: Recipe;
  readonly replace?: Readonly<Record<string, string>>;
  readonly mainCf?: readonly string[];
}

const services = (port: number) => `
127.0.0.1:${port} inet n - n - - smtpd
cleanup    unix n - n -    0 cleanup
qmgr       unix n - n 300  1 qmgr
rewrite    unix - - n -    - trivial-rewrite
bounce     unix - - n -    0 bounce
defer      unix - - n -    0 bounce
trace      unix - - n -    0 bounce
proxymap   unix - - n -    - proxymap
error      unix - - n -    - error
retry      unix - - n -    - error
discard    unix - - n -    - discard
relay      unix - - n -    - discard -o syslog_name=postfix/relay
quarantine unix - - n -    - discard -o syslog_name=postfix/quarantine
postlog    unix-dgram n - n - 1 postlogd
`;

/** The rest of a gateway: alone with itself, no delivery anywhere, and patient with a test's many refusals. */
const surroundings = (folder: string) => [
  'compatibility_level = 3.6',
  `queue_directory = ${folder}/queue`,
  `data_directory = ${folder}/data`,
  `maillog_file = ${folder}/mail.log`,
  `maillog_file_prefixes = ${folder}`,
  'myhostname = gateway.invalid',
  'inet_interfaces = loopback-only',
  'inet_protocols = ipv4',
  'mynetworks =',
  'relay_transport = discard:next-hop',
  'default_transport = discard:elsewhere',
  'smtpd_client_connection_count_limit = 0',
  'smtpd_soft_error_limit = 10000',
  'smtpd_hard_error_limit = 10000',
  'smtpd_peername_lookup = no',
];

/** Starts Postfix from the machine's own binaries, with everything that it writes in a temporary folder. */
export async function startPostfix({ recipe, replace = {}, mainCf = [] }: PostfixOptions): Promise<PostfixInstance> {
  const folder = mkdtempSync(join(tmpdir(), 'cleanmail-postfix-'));
  const [configuration, maps, port] = [join(folder, 'etc'), join(folder, 'etc', 'cleanmail'), await freePort()];
  prepareFolders(folder, maps);
  const substitute = (text: string) =>
    Object.entries({ '/etc/postfix/cleanmail': maps, ...replace }).reduce(
      (all, [from, to]) => all.replaceAll(from, to),
      text,
    );
  const files = recipeFiles(recipe);
  for (const [path, content] of files) {
    if (path.startsWith('/etc/postfix/cleanmail/')) writeFileSync(substitute(path), substitute(content));
  }
  const ofRecipe = substitute(files.get('/etc/postfix/main.cf') ?? '');
  writeFileSync(join(configuration, 'main.cf'), [...surroundings(folder), ofRecipe, ...mainCf, ''].join('\n'));
  writeFileSync(join(configuration, 'master.cf'), services(port));
  const { pid, ended } = startMaster(configuration);
  const log = () => readFileSync(join(folder, 'mail.log'), { encoding: 'utf8', flag: 'a+' });
  const stop = async () => {
    process.kill(pid, 'SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  await eventually(
    async () => log(),
    (text) => text.includes('daemon started'),
    20_000,
  ).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const reloads = () => log().split(' reload -- version').length;
  const reload = async () => {
    const before = reloads();
    process.kill(pid, 'SIGHUP');
    await eventually(
      async () => reloads(),
      (now) => now > before,
      20_000,
    );
  };
  return { port, configuration, maps, log, reload, stop };
}

/** Runs one SMTP session that is over when `use` is. */
export async function inSession<T>({ port }: PostfixInstance, use: (session: SmtpSession) => Promise<T>): Promise<T> {
  const session = await SmtpSession.open(port);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

function prepareFolders(folder: string, maps: string): void {
  mkdirSync(maps, { recursive: true });
  spawnSync('chmod', ['-R', '755', folder]);
  const [owner, drop] = [idOf(['-u', 'postfix']), groupId('postdrop')];
  const own = (name: string, mode: number, group = 0) => {
    mkdirSync(join(folder, name), { mode, recursive: true });
    chownSync(join(folder, name), owner, group);
  };
  mkdirSync(join(folder, 'queue', 'pid'), { recursive: true });
  own('data', 0o700);
  for (const name of [
    'active',
    'bounce',
    'corrupt',
    'defer',
    'deferred',
    'hold',
    'incoming',
    'private',
    'saved',
    'trace',
  ])
    own(join('queue', name), 0o700);
  own(join('queue', 'public'), 0o710, drop);
  own(join('queue', 'maildrop'), 0o730, drop);
}

function idOf(args: readonly string[]): number {
  return Number(spawnSync('id', args, { encoding: 'utf8' }).stdout);
}

function groupId(name: string): number {
  return Number(spawnSync('getent', ['group', name], { encoding: 'utf8' }).stdout.split(':')[2]);
}
