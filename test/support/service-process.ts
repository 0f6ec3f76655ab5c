import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.js';

/** How a process ended: its exit code, or the signal that ended it, and everything it wrote. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** A process of the `cleanmail` command. */
export interface CommandProcess {
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  readonly stdout: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with the text of standard output when it contains this; throws when the process ends before. */
  readonly said: (text: string) => Promise<string>;
}

/** `cleanmail serve` as a process of its own. */
export interface ServiceProcess extends CommandProcess {
  readonly scimUrl: string;
  readonly adminUrl: string;
  readonly adminKey: string;
  /** Milliseconds from spawn until the addresses were printed. */
  readonly readyAfterMs: number;
  /** Asks it to stop and waits for its end. */
  readonly stop: () => Promise<void>;
}

export type Environment = Readonly<Record<string, string>>;

const command = join(ROOT, 'apps/cli/bin/cleanmail.js');
const readyText = 'Ctrl-C stops the service.';
const startLimitMs = 30_000;
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A new folder of this test run, removed with it. */
export function newFolder(): string {
  return mkdtempSync(join(process.env['CLEANMAIL_TEST_FOLDER'] ?? '', 'process-'));
}

/** Runs the built `cleanmail` command with nothing in its environment but what is given (and the path). */
export function spawnCommand(args: readonly string[], environment: Environment = {}): CommandProcess {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [command, ...args], {
    cwd: newFolder(),
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', USER: 'tester', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (written.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => void (written.stderr += chunk));
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, ...written, durationMs: performance.now() - startedAt });
    });
  });
  const said = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => written.stdout.includes(text) && resolve(written.stdout);
      look();
      child.stdout.on('data', look);
      void ended.then(({ stdout, stderr }) => reject(new Error(`ended without saying "${text}": ${stdout}${stderr}`)));
    });
  return {
    pid: child.pid ?? 0,
    ended,
    said,
    stdout: () => written.stdout,
    kill: (signal) => void child.kill(signal),
  };
}

/** Runs the built `cleanmail` command to its end. */
export function runCommand(args: readonly string[], environment: Environment = {}): Promise<ProcessEnd> {
  return spawnCommand(args, environment).ended;
}

/** The environment of a service process on a database: free ports, its own data folder, only errors in its log. */
export function serviceEnvironment(databaseUrl: string, environment: Environment = {}): Environment {
  return {
    SCIM_PORT: '0',
    ADMIN_PORT: '0',
    DATABASE_URL: databaseUrl,
    DATA_DIR: environment['DATA_DIR'] ?? newFolder(),
    ADMIN_KEY: 'admin-key-of-a-test',
    TOKEN_PEPPER: 'token-pepper-of-a-test',
    LOG_LEVEL: 'error',
    ...environment,
  };
}

/** Starts `cleanmail serve` and waits until it has printed its addresses. */
export async function startServiceProcess(environment: Environment): Promise<ServiceProcess> {
  const startedAt = performance.now();
  const service = spawnCommand(['serve'], environment);
  const limit = setTimeout(() => service.kill('SIGKILL'), startLimitMs);
  const banner = await service.said(readyText).finally(() => clearTimeout(limit));
  const readyAfterMs = performance.now() - startedAt;
  return {
    ...service,
    scimUrl: address(banner, 'SCIM'),
    adminUrl: address(banner, 'Admin'),
    adminKey: environment['ADMIN_KEY'] ?? '',
    readyAfterMs,
    stop: async () => {
      service.kill('SIGTERM');
      await service.ended;
    },
  };
}

function address(banner: string, name: string): string {
  const url = new RegExp(`^ +${name} +(http://[^/\\s]+)`, 'm').exec(banner)?.[1];
  if (url === undefined) throw new Error(`the service printed no address of ${name}: ${banner}`);
  return url;
}
