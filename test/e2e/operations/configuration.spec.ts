import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ensureBuilt } from '../../support/built-command.js';
import { availableEngines, createDatabaseUrl, dropDatabase } from '../../support/engines/index.js';
import {
  type Environment,
  newFolder,
  type ProcessEnd,
  runCommand,
  startServiceProcess,
} from '../../support/service-process.js';

// Each test starts processes, which take their time on a machine that is busy with other tests.
jest.setTimeout(180_000);

const silent = { LOG_LEVEL: 'silent' };

describe('cleanmail serve, configuration', () => {
  let taken: Server;
  let takenPort: string;
  beforeAll(async () => {
    await ensureBuilt();
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    takenPort = String((taken.address() as AddressInfo).port);
  });
  afterAll(() => void taken.close());

  const free: Environment = { SCIM_PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'error' };
  const aFile = () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    return file;
  };
  const nowhere = 'mysql://root:hidden-password@127.0.0.1:1/cleanmail';

  // What a variable may be is tried where it is read; here, that what is found while starting is said like it.
  it.each<readonly [variable: string, problem: RegExp, environment: () => Environment]>([
    ['SCIM_PORT', /./, () => ({ ...free, SCIM_PORT: 'abc' })],
    ['SCIM_PORT', /is already in use$/, () => ({ ...free, SCIM_PORT: takenPort })],
    ['ADMIN_PORT', /is already in use$/, () => ({ ...free, ADMIN_PORT: takenPort })],
    ['HOST', /203\.0\.113\.7 is no address of this machine/, () => ({ ...free, HOST: '203.0.113.7' })],
    ['DATABASE_URL', /127\.0\.0\.1:1 cannot be used/, () => ({ ...free, DATABASE_URL: nowhere, TOKEN_PEPPER: 'p' })],
    ['DATABASE_URL', /cannot be opened/, () => ({ ...free, DATABASE_URL: `sqlite:${aFile()}/a.db` })],
    ['TOKEN_PEPPER', /is required with MySQL/, () => ({ ...free, DATABASE_URL: nowhere })],
    ['DATA_DIR', /cannot be written/, () => ({ ...free, DATA_DIR: aFile() })],
  ])('should name %s in one line (%s) and stop', async (variable, problem, environment) => {
    const { code, stderr, stdout } = await runCommand(['serve'], environment());
    const [, named, what, example] = /^cleanmail: (\w+): (.+)\. Example: (.+)\n$/.exec(stderr) ?? [stderr];

    expect([stderr, named]).toEqual([stderr, variable]);
    expect(what).toMatch(problem);
    expect(example?.startsWith(`${variable}=`)).toBe(true);
    expect(example?.length).toBeGreaterThan(variable.length + 1);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(stderr).not.toContain('hidden-password');
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
  });

  it('should name two wrong variables in one line', async () => {
    const { code, stderr } = await runCommand(['serve'], { SCIM_PORT: 'abc', LOG_LEVEL: 'loud' });
    expect(stderr.split('\n')).toHaveLength(2);
    expect(stderr).toMatch(/SCIM_PORT: .*LOG_LEVEL: /);
    expect(code).toBe(1);
  });

  it('should need no variable at all but free ports, and keep its secrets in files for nobody else', async () => {
    const folder = newFolder();
    const service = await startServiceProcess({ SCIM_PORT: '0', ADMIN_PORT: '0', DATA_DIR: folder, ...silent });
    const banner = service.stdout();
    await service.stop();

    expect(banner).toContain(
      `SCIM       ${service.scimUrl}/api/v3/scim2   (SendSafely: ${service.scimUrl}/scim/v2/entra)`,
    );
    expect(banner).toContain(`Admin      ${service.adminUrl}/admin/v1   (OpenAPI: ${service.adminUrl}/admin/docs)`);
    expect(banner).toMatch(/Admin key {2}in \S*admin\.key \(just made; keep it\)/);
    const files = Object.fromEntries(
      ['admin.key', 'token.pepper'].map((name) => [name, statSync(join(folder, name)).mode & 0o777]),
    );
    expect(files).toEqual({ 'admin.key': 0o600, 'token.pepper': 0o600 });
    expect(await service.ended).toMatchObject({ code: 0, stderr: '' });
  });

  const servers = availableEngines().filter(({ name }) => name !== 'sqlite');
  (servers.length === 0 ? describe.skip : describe)('with a database server', () => {
    it.each(servers.map((engine) => [engine.name, engine] as const))(
      'should say in one line that %s refuses the password, without the password',
      async (_name, engine) => {
        const url = new URL(await createDatabaseUrl(engine));
        const { username } = url;
        url.username = 'nobody-of-that-name';
        url.password = 'hidden-password';
        const { code, stderr }: ProcessEnd = await runCommand(['serve'], {
          ...free,
          DATABASE_URL: url.href,
          TOKEN_PEPPER: 'p',
        });
        url.username = username;
        url.password = new URL(engine.url).password;
        await dropDatabase(url.href);
        expect(stderr).toMatch(/^cleanmail: DATABASE_URL: .+ cannot be used \(.+\)\. Example: DATABASE_URL=\S+\n$/);
        expect(stderr).not.toContain('hidden-password');
        expect(code).toBe(1);
      },
    );
  });
});
