import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the example answers for a person. */
export interface Quarantine {
  readonly mailboxId: string;
  readonly address: string;
  readonly messages: readonly { readonly id: string; readonly subject: string }[];
}

/** The example service as a process of its own. */
export interface QuarantineExample {
  get(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  hold(recipient: string, subject: string): Promise<number>;
  /** The subjects of what is held for whoever has the address; the status when it is nobody. */
  subjectsOf(tenant: string, address: string): Promise<readonly string[] | number>;
  /** Ends it as an operator would, and answers its exit code. */
  stop(): Promise<number | null>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts the compiled example in a project; `file` is where it keeps its own data. */
export async function startQuarantineExample(
  project: string,
  { databaseUrl, file }: { readonly databaseUrl: string; readonly file: string },
): Promise<QuarantineExample> {
  const child = spawn(process.execPath, [join(project, 'quarantine-service/dist/main.js')], {
    cwd: project,
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, PORT: '0', QUARANTINE_FILE: file, FOLLOW_SECONDS: '0.05' },
    stdio: ['ignore', 'pipe', 'inherit'],
  }); // prettier-ignore
  running.add(child);
  const exited = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const said = await Promise.race([once(child.stdout, 'data').then(String), exited.then((code) => `exit ${code}`)]);
  const url = said.replace('listening on ', '').trim();
  if (!url.startsWith('http')) throw new Error(`the example did not start: ${said}`);
  const get: QuarantineExample['get'] = async (path) => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, body: await response.json() };
  };
  return {
    get,
    hold: async (recipient, subject) =>
      (await fetch(`${url}/quarantine`, { method: 'POST', body: JSON.stringify({ recipient, subject }) })).status,
    subjectsOf: async (tenant, address) => {
      const { status, body } = await get(`/tenants/${tenant}/quarantine?address=${encodeURIComponent(address)}`);
      return status === 200 ? (body as Quarantine).messages.map(({ subject }) => subject) : status;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
