import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createMigratedDatabaseUrl, describeEachEngine, dropDatabase } from '../support/engines/index.js';

const key = 'admin-key-of-a-test';

describeEachEngine('the two applications as processes of their own', (engine) => {
  let databaseUrl: string;
  let folder: string;
  const processes: ChildProcess[] = [];

  beforeEach(async () => {
    databaseUrl = await createMigratedDatabaseUrl(engine);
    folder = await mkdtemp(join(tmpdir(), 'cleanmail-apart-'));
  });

  afterEach(async () => {
    processes.splice(0).forEach((child) => child.kill('SIGKILL'));
    await dropDatabase(databaseUrl);
    await rm(folder, { recursive: true, force: true });
  });

  function start(app: 'scim' | 'admin', environment: Readonly<Record<string, string>> = {}): ChildProcess {
    const child = spawn(process.execPath, [join(process.cwd(), `apps/${app}/dist/main.js`)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        SCIM_PORT: '0',
        ADMIN_PORT: '0',
        DATABASE_URL: databaseUrl,
        ADMIN_KEY: key,
        TOKEN_PEPPER: 'token-pepper-of-a-test',
        LOG_LEVEL: 'silent',
        ...environment,
      },
    });
    processes.push(child);
    return child;
  }

  it('should serve what the other has made, and stop on a signal', async () => {
    // Started at once on an empty database: one of them migrates it, the other waits.
    const [scim, admin] = [start('scim'), start('admin', { PUBLIC_SCIM_URL: 'https://scim.example' })];
    const [scimUrl, adminUrl] = await Promise.all([announcedUrl(scim), announcedUrl(admin)]);
    const tenant = await post(`${adminUrl}/admin/v1/tenants`, { name: 'Contoso', profile: 'cleanmail' });
    const { token } = await post(`${adminUrl}/admin/v1/tenants/${tenant['id']}/tokens`, {});
    expect(tenant['tenantUrl']).toBe('https://scim.example/api/v3/scim2');

    const answer = await fetch(`${scimUrl}/api/v3/scim2/Users`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);

    const ends = [once(scim, 'exit'), once(admin, 'exit')];
    scim.kill('SIGTERM');
    admin.kill('SIGINT');
    await expect(Promise.all(ends)).resolves.toEqual([
      [0, null],
      [0, null],
    ]);
  });

  it('should end with one line that names a wrong variable', async () => {
    const child = start('scim', { SCIM_PORT: 'many' });
    const lines: string[] = [];
    createInterface({ input: child.stderr ?? failed() }).on('line', (line) => lines.push(line));

    await expect(once(child, 'close')).resolves.toEqual([1, null]);
    expect(lines).toEqual([expect.stringMatching(/^SCIM_PORT: .+ Example: SCIM_PORT=3000$/)]);
  });
});

async function announcedUrl(child: ChildProcess): Promise<string> {
  child.stderr?.pipe(process.stderr);
  const exit = once(child, 'exit').then(() => failed());
  const line = once(createInterface({ input: child.stdout ?? failed() }), 'line') as Promise<[string]>;
  const [announcement] = await Promise.race([line, exit]);
  return /http:\S+/.exec(announcement)?.[0] ?? failed();
}

async function post(url: string, body: object): Promise<Record<string, string>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Record<string, string>;
}

function failed(): never {
  throw new Error('the process did not start');
}
