import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BareOptions } from '../bare/server.js';
import type { LoadJob, LoadResult } from '../load/load-job.js';
import { serviceEnvironment } from '../world.js';

import { root } from '../root.js';

/** As `npm start` runs the service. */
const nodeOptions = startOptions();
const startLimit = 60_000;
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A server in a process of its own. */
export interface ServerProcess {
  readonly origin: string;
  readonly pid: number;
  /** Milliseconds from the start of the process until it said that it is ready. */
  readonly readyAfter: number;
  stop(): Promise<void>;
}

/** `cleanmail serve`, built, on a database. `more` are further options of Node and variables. */
export async function startOurs(
  databaseUrl: string,
  more: { readonly node?: readonly string[]; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<ServerProcess & { readonly adminUrl: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'cleanmail-bench-'));
  const startedAt = performance.now();
  const command = join(root, 'apps/cli/bin/cleanmail.js');
  const child = keep(
    spawn(process.execPath, [...nodeOptions, ...(more.node ?? []), command, 'serve'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...serviceEnvironment(databaseUrl, folder), ...more.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const banner = await said(child, 'Ctrl-C stops the service.');
  const readyAfter = performance.now() - startedAt;
  return {
    origin: addressIn(banner, 'SCIM'),
    adminUrl: addressIn(banner, 'Admin'),
    pid: child.pid ?? 0,
    readyAfter,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The bare server. */
export async function startBare(options: BareOptions): Promise<ServerProcess> {
  const startedAt = performance.now();
  const child = forked('bare/main.ts', nodeOptions);
  child.send(options);
  const { origin } = await message<{ readonly origin: string }>(child);
  return {
    origin,
    pid: child.pid ?? 0,
    readyAfter: performance.now() - startedAt,
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** The process that makes load, apart from both servers. */
export class LoadProcess {
  private constructor(private readonly child: ChildProcess) {}

  static start(): LoadProcess {
    return new LoadProcess(forked('load/client.ts', []));
  }

  /** @throws when an answer was not as it must be. */
  async run(job: LoadJob): Promise<LoadResult> {
    this.child.send(job);
    const answer = await message<{ readonly result?: LoadResult; readonly problem?: string }>(this.child);
    if (answer.result === undefined)
      throw new Error(`${job.operation} (${job.side}): ${answer.problem ?? 'no result'}`);
    const { wrong } = answer.result;
    if (wrong.length > 0) throw new Error(`${job.operation} (${job.side}) was answered wrongly: ${wrong.join('; ')}`);
    return answer.result;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }
}

/** Node's options in the start script of package.json. */
function startOptions(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly start: string };
  };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

function forked(file: string, options: readonly string[]): ChildProcess {
  const execArgv = [...options, '--import', 'tsx'];
  return keep(
    fork(join(root, 'bench', file), {
      execArgv,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
    }),
  );
}

function keep(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (sent: unknown) => {
      child.off('exit', onExit);
      resolve(sent as T);
    };
    const onExit = (code: number | null) => {
      child.off('message', onMessage);
      reject(new Error(`a process of the benchmark ended with ${String(code)}`));
    };
    child.once('message', onMessage).once('exit', onExit);
  });
}

function said(child: ChildProcess, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let written = '';
    const limit = setTimeout(() => reject(new Error(`the service was not ready in time: ${written}`)), startLimit);
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      written += chunk;
      if (written.includes(text)) {
        clearTimeout(limit);
        resolve(written);
      }
    });
    child.once('close', () => reject(new Error(`the service ended while it started: ${written}`)));
  });
}

function addressIn(banner: string, name: string): string {
  const url = new RegExp(`^ +${name} +(http://[^/\\s]+)`, 'm').exec(banner)?.[1];
  if (url === undefined) throw new Error(`the service printed no address of ${name}: ${banner}`);
  return url;
}
