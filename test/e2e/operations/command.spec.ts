import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { CONTOSO, contosoSchema, TEAM, teamSchema } from '../../support/contoso-schema.js';
import { ensureBuilt } from '../../support/built-command.js';
import {
  availableEngines,
  createMigratedDatabaseUrl,
  describeEachEngine,
  dropDatabase,
} from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import {
  type Environment,
  newFolder,
  type ProcessEnd,
  runCommand,
  serviceEnvironment,
  type ServiceProcess,
  startServiceProcess,
} from '../../support/service-process.js';

// Each test starts processes, which take their time on a machine that is busy with other tests.
jest.setTimeout(180_000);

const exitCode = { ok: 0, failure: 1, usage: 2, notFound: 3, conflict: 4, unavailable: 5 } as const;

describeEachEngine('cleanmail, the command', (engine) => {
  let databaseUrl: string;
  let service: ServiceProcess;
  let client: TenantClient;
  let ways: Readonly<Record<'direct' | 'remote', Environment>>;

  beforeAll(async () => {
    await ensureBuilt();
    databaseUrl = await createMigratedDatabaseUrl(engine);
    const environment = serviceEnvironment(databaseUrl);
    service = await startServiceProcess(environment);
    const keyFile = join(newFolder(), 'admin.key');
    writeFileSync(keyFile, `${service.adminKey}\n`);
    ways = {
      direct: { ...environment, PUBLIC_SCIM_URL: service.scimUrl },
      remote: { CLEANMAIL_ADMIN_URL: service.adminUrl, CLEANMAIL_ADMIN_KEY: service.adminKey },
    };
    client = await TenantClient.open(service, 'cleanmail', ['command.example']);
    const body = { resourceType: 'User', schema: contosoSchema };
    expect((await client.admin.call('POST', `/tenants/${client.tenant.id}/schemas`, body)).status).toBe(201);
    const { id } = await client.createUser({ userName: 'ada@command.example', externalId: 'e-1' });
    await client.patch(id, { op: 'replace', path: 'userName', value: 'ada.l@command.example' });
    await client.createUser({ userName: 'parked@elsewhere.example' });
    await client.disable((await client.createUser({ userName: 'bob@command.example' })).id);
    await client.send('POST', '/Users', { body: { userName: 'bob@command.example' } });
  });
  afterAll(async () => {
    await service.stop();
    await dropDatabase(databaseUrl);
  });

  /** Both ways at once; the results must be the same but for what `same` takes out. */
  const both = async (args: readonly string[]): Promise<readonly [ProcessEnd, ProcessEnd]> =>
    Promise.all([runCommand(args, ways.direct), runCommand(args, ways.remote)]);

  const reads: readonly (readonly [string, () => readonly string[], RegExp])[] = [
    ['tenant list', () => [], /"domains"/],
    ['tenant show', () => [client.tenant.name], /"tenantUrl"/],
    ['token list', () => [client.tenant.id], /"prefix"/],
    ['schema list', () => [client.tenant.id], /"ContosoUser"/],
    ['schema show', () => [client.tenant.id, CONTOSO], /"canonicalValues"/],
    ['user list', () => [client.tenant.id], /"ada\.l@command\.example"/],
    ['mailbox list', () => [client.tenant.id], /"pending"/],
    ['mailbox list', () => [client.tenant.id, '--address', 'ADA@command.example'], /"former"/],
    ['mailbox list', () => [client.tenant.id, '--status', 'suspended'], /"bob@command\.example"/],
    ['mailbox list', () => [client.tenant.id, '--kind', 'user'], /"bob@command\.example"/],
    ['domain list', () => [client.tenant.id], /"command\.example"/],
    ['domain show', () => [client.tenant.id, 'COMMAND.example'], /"verification"/],
    ['clocks status', () => [], /"mailbox-purge"/],
    ['log tail', () => [client.tenant.id], /"create"/],
    ['log tail', () => [client.tenant.id, '--outcome', 'failure'], /"uniqueness"/],
    ['status', () => [], /"up"/],
  ];
  /** On the first engine everything; on the others what reads the tables in ways of its own. */
  const isFirst = availableEngines()[0]?.name === engine.name;
  it.each(isFirst ? reads : reads.filter(([, , expected]) => /ada|former|uniqueness/.test(expected.source)))(
    '%s should print the same on the database and through --admin-url',
    async (command, args, expected) => {
      const [direct, remote] = await both([...command.split(' '), ...args(), '--json']);
      expect([direct.code, direct.stderr, remote.code, remote.stderr]).toEqual([0, '', 0, '']);
      expect(withoutLastUse(remote.stdout)).toEqual(withoutLastUse(direct.stdout));
      expect(direct.stdout).toMatch(expected);
      expect(direct.stdout).not.toContain(client.token.slice(19));
    },
  );

  it('should print tables for people, the same both ways', async () => {
    const [direct, remote] = await both(['mailbox', 'list', client.tenant.name]);
    expect(direct.stdout).toBe(remote.stdout);
    const lines = direct.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^ID +ADDRESS +STATUS +REASON +USER$/);
    expect(direct.stdout).toMatch(/parked@elsewhere\.example +pending +domain_not_owned/);
  });

  it('should verify the database, and say that this is not done through --admin-url', async () => {
    const [direct, remote] = await both(['verify', '--tenant', client.tenant.name]);
    expect([direct.code, direct.stderr]).toEqual([exitCode.ok, '']);
    expect(direct.stdout).toMatch(/^\d+ invariants, \d{2,} rows, 0 violations\n$/);
    expect([remote.code, remote.stdout]).toEqual([exitCode.usage, '']);
    expect((await runCommand(['verify', '--tenant', 'nobody'], ways.direct)).code).toBe(exitCode.notFound);
  });

  if (!isFirst) return;

  it.each(['direct', 'remote'] as const)('should lead a tenant through its life, %s', async (way) => {
    const run = async (...args: readonly string[]): Promise<ProcessEnd> => {
      const end = await runCommand(args, ways[way]);
      expect([args, end.code, end.stderr]).toEqual([args, exitCode.ok, expect.any(String)]);
      return end;
    };
    const json = async <T>(...args: readonly string[]) => JSON.parse((await run(...args, '--json')).stdout) as T;
    const opens = async (token: string) => (await client.withToken(token).send('GET', '/Users')).status;
    const name = `Life ${way}`;

    const created = await json<{ id: string }>('tenant', 'create', `Before ${way}`, '--domain', `${way}.life.example`);
    expect(created).toMatchObject({
      name: `Before ${way}`,
      profile: 'cleanmail',
      status: 'active',
      domains: [`${way}.life.example`],
      tenantUrl: client.tenant.tenantUrl,
    });
    expect(await json('tenant', 'rename', created.id, name)).toMatchObject({ id: created.id, name });
    const token = (await run('token', 'issue', name, '--quiet')).stdout.trim();
    expect(await opens(token)).toBe(200);

    expect(await json('tenant', 'suspend', name)).toMatchObject({ status: 'suspended' });
    await eventually401(() => opens(token));
    expect(await json('tenant', 'resume', name)).toMatchObject({ status: 'active' });

    const [listed] = await json<{ id: string }[]>('token', 'list', name);
    const next = await json<{ id: string; token: string }>('token', 'rotate', name, listed?.id ?? '', '--overlap', '0');
    await eventually401(() => opens(token));
    expect(await opens(next.token)).toBe(200);
    expect((await run('token', 'revoke', name, next.id, '--yes')).stdout).toBe('');
    await eventually401(() => opens(next.token));

    await run('tenant', 'delete', name, '--yes');
    const gone = await runCommand(['tenant', 'show', created.id], ways[way]);
    expect([gone.code, gone.stderr]).toEqual([
      exitCode.notFound,
      `cleanmail: No tenant has the id ${created.id}: "cleanmail tenant list" shows what there is\n`,
    ]);
    const audit = (await client.admin.call('GET', `/tenants/${created.id}/audit-log`)).body as {
      items: readonly { actor: string; action: string }[];
    };
    expect(audit.items.map(({ actor, action }) => `${actor} ${action}`).reverse()).toEqual(
      [
        'tenant.create',
        'tenant.change',
        'token.issue',
        'tenant.change',
        'tenant.change',
        'token.rotate',
        'token.revoke',
        'tenant.close',
      ].map((action) => `cli:tester ${action}`),
    );
  });

  it('should lead a domain through its life', async () => {
    const json = async <T>(...args: readonly string[]): Promise<T> => {
      const end = await runCommand([...args, '--json'], ways.remote);
      expect([args, end.code, end.stderr]).toEqual([args, exitCode.ok, '']);
      return JSON.parse(end.stdout) as T;
    };
    const domain = 'life.domain.example';
    const { id } = await json<{ id: string }>('tenant', 'create', 'Domains');
    const { id: other } = await json<{ id: string }>('tenant', 'create', 'Other');
    expect(await json('domain', 'add', id, domain)).toMatchObject({ status: 'pending' });
    const shown = await runCommand(['domain', 'show', id, domain], ways.remote);
    expect(shown.stdout).toMatch(/publish: +TXT _cleanmail\.\S+ "cleanmail-verification=[0-9a-f]{32}"/);
    expect(await json('domain', 'verify', id, domain, '--vouched')).toMatchObject({ verifiedBy: 'vouched' });
    const set = ['--unknown', 'reject', '--subaddressing', 'off', '--next-hop', 'mx.example'];
    expect(await json('domain', 'set', id, domain, ...set)).toMatchObject({
      unknownRecipientPolicy: 'reject',
      subaddressing: 'off',
      nextHop: 'mx.example',
    });
    expect(await json('domain', 'set', id, domain, '--next-hop', 'none')).toMatchObject({ nextHop: null });
    expect(await json('domain', 'suspend', id, domain)).toMatchObject({ status: 'suspended' });
    expect(await json('domain', 'resume', id, domain)).toMatchObject({ status: 'verified' });
    expect(await json('domain', 'transfer', id, domain, 'Other', '--yes')).toMatchObject({ status: 'verified' });
    expect(await json('domain', 'release', other, domain, '--yes')).toMatchObject({ status: 'released' });
    const [run] = await json<{ outcome: string }[]>('clocks', 'run', 'mailbox-purge');
    expect(run).toMatchObject({ outcome: 'done', failed: 0 });
  });

  it('should lead a schema through its life', async () => {
    const { name } = client.tenant;
    const file = join(newFolder(), 'team.json');
    writeFileSync(file, JSON.stringify(teamSchema));
    const run = async (...args: readonly string[]): Promise<string> => {
      const end = await runCommand(['schema', ...args], ways.remote);
      expect([args, end.code, end.stderr]).toEqual([args, exitCode.ok, expect.any(String)]);
      return end.stdout;
    };
    const added = JSON.parse(
      await run('add', name, file, '--resource-type', 'Group', '--required', '--json'),
    ) as unknown;
    expect(added).toMatchObject({ id: TEAM, resourceType: 'Group', required: true });
    writeFileSync(file, await run('show', name, TEAM));
    expect(await run('replace', name, TEAM, file)).toMatch(/required: +yes/);
    const again = await runCommand(['schema', 'add', name, file, '--resource-type', 'Group'], ways.remote);
    expect([again.code, again.stderr]).toEqual([exitCode.conflict, expect.stringContaining('replace it to change it')]);
    await run('remove', name, TEAM, '--yes');
    const gone = await runCommand(['schema', 'show', name, TEAM], ways.remote);
    expect([gone.code, gone.stderr]).toEqual([
      exitCode.notFound,
      expect.stringContaining(`no schema with the URN ${TEAM}`),
    ]);
  });

  describe('exit codes', () => {
    it.each<readonly [number, string, readonly string[], RegExp]>([
      [exitCode.usage, 'an unknown command', ['tenants'], /unknown command/],
      [exitCode.usage, 'an unknown option', ['tenant', 'list', '--nope'], /unknown option '--nope'/],
      [exitCode.usage, 'an unknown profile', ['tenant', 'create', 'A', '--profile', 'gmail'], /Allowed choices/],
      [exitCode.usage, 'a missing argument', ['tenant', 'show'], /missing required argument/],
      [exitCode.usage, 'a blank name', ['tenant', 'create', ' '], /name should not be empty/],
      [exitCode.usage, 'no mail domain', ['tenant', 'create', 'A', '--domain', 'x'], /is not a mail domain/],
      [exitCode.usage, 'a time in the past', ['token', 'issue', 'A', '--expires', '2020-01-01'], /lies in the past/],
      [exitCode.usage, 'no confirmation', ['tenant', 'delete', 'the tenant'], /add --yes/],
      [exitCode.notFound, 'no such tenant', ['tenant', 'show', 'Nobody AG'], /no tenant is named "Nobody AG"/],
      [exitCode.notFound, 'no such token', ['token', 'revoke', 'the tenant', 'x', '--yes'], /no token with the id x/],
      [exitCode.notFound, 'no such mailbox', ['mailbox', 'show', 'the tenant', 'x'], /no mailbox with the id x/],
      [exitCode.notFound, 'no such domain', ['domain', 'show', 'the tenant', 'x.example'], /has no domain x\.example/],
      [exitCode.notFound, 'no such clock job', ['clocks', 'run', 'tea'], /No clock job is named "tea"/],
      [exitCode.usage, 'nothing to set', ['domain', 'set', 'the tenant', 'command.example'], /nothing to set/],
      [exitCode.conflict, 'a domain in use', ['domain', 'release', 'the tenant', 'command.example', '--yes'], /live/],
      [exitCode.conflict, 'a taken domain', ['tenant', 'create', 'A', '--domain', 'command.example'], /another tenant/],
    ])('should be %i for %s, both ways', async (code, _what, args, message) => {
      const named = args.map((text) => (text === 'the tenant' ? client.tenant.id : text));
      for (const end of await both(named)) {
        expect([end.code, end.stdout]).toEqual([code, '']);
        expect(end.stderr).toMatch(message);
        expect(end.stderr).toMatch(/^cleanmail: [^\n]+\n(\(?Did you mean [^\n]+\n)?$/);
      }
    });

    it('should be 1 for a wrong admin key', async () => {
      const end = await runCommand(['tenant', 'list'], { ...ways.remote, CLEANMAIL_ADMIN_KEY: 'wrong' });
      expect([end.code, end.stderr]).toEqual([
        exitCode.failure,
        'cleanmail: the admin key was refused: set ADMIN_KEY or --admin-key-file to the key that the service was started with\n',
      ]);
    });

    it('should be 2 without an admin key, and for a key file that is not there', async () => {
      const keyless = await runCommand(['tenant', 'list', '--admin-url', service.adminUrl]);
      const fileless = await runCommand(['tenant', 'list', '--admin-key-file', '/nowhere'], ways.remote);
      expect([keyless.code, fileless.code]).toEqual([exitCode.usage, exitCode.usage]);
      expect(fileless.stderr).toMatch(/^cleanmail: --admin-key-file \/nowhere cannot be read \(ENOENT\)/);
    });

    it.each([
      ['the admin listener', { CLEANMAIL_ADMIN_URL: 'http://127.0.0.1:1', CLEANMAIL_ADMIN_KEY: 'k' }],
      [
        'the database',
        { DATABASE_URL: 'mysql://root@127.0.0.1:1/cleanmail', TOKEN_PEPPER: 'p', DATA_DIR: newFolder() },
      ],
    ])('should be 5 when %s cannot be reached', async (_what, environment) => {
      const end = await runCommand(['tenant', 'list'], environment);
      expect([end.code, end.stdout]).toEqual([exitCode.unavailable, '']);
      expect(end.stderr).toMatch(/^cleanmail: [^\n]+\n$/);
    });

    it('should be 0 for help and version', async () => {
      const [help, version] = await Promise.all([runCommand(['--help']), runCommand(['--version'])]);
      expect([help.code, version.code]).toEqual([exitCode.ok, exitCode.ok]);
      expect(help.stdout).toContain('Exit codes: 0 done');
      expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    });
  });

  it('should import accounts and find users, list and mailboxes in agreement, both ways', async () => {
    const list = join(newFolder(), 'accounts.csv');
    const lines = [
      'address,kind,aliases',
      'info@command.example,shared,"i@command.example;o@command.example"',
      '"broken,,',
      'none,,',
    ];
    writeFileSync(list, `\uFEFF${lines.join('\r\n')}\r\n`);
    const importing = ['mailbox', 'import', client.tenant.id, list, '--json'];
    const [direct, remote] = [await runCommand(importing, ways.direct), await runCommand(importing, ways.remote)];
    expect([direct.code, remote.code]).toEqual([exitCode.failure, exitCode.failure]);
    expect(JSON.parse(direct.stdout)).toMatchObject({ made: 1, refused: 2 });
    expect(JSON.parse(remote.stdout)).toMatchObject({ made: 0, present: 1, refused: 2 });
    expect(remote.stderr).toMatch(/line 3: a quote is not closed\nline 4, address: none is no mail address/);
    const comparing = await both(['reconcile', client.tenant.id, '--scim']);
    expect(comparing.map(({ code, stderr }) => [code, stderr])).toEqual([
      [exitCode.ok, ''],
      [exitCode.ok, ''],
    ]);
    const listed = await runCommand(['reconcile', client.tenant.id, '--csv', list, '--json'], ways.direct);
    expect([listed.code, JSON.parse(listed.stdout)]).toMatchObject([exitCode.failure, { counts: { unreadable: 2 } }]);
  });
});

/** Each process notes the last use of a token in its own time. */
function withoutLastUse(text: string): unknown {
  const lines = text.trimEnd().split('\n');
  const values = lines.every((line) => line.startsWith('{"')) ? lines : [text];
  return values.map(
    (value) => JSON.parse(value, (key, member: unknown) => (key === 'lastUsedAt' ? null : member)) as unknown,
  );
}

/** The service learns a little later what a command did straight on the database. */
async function eventually401(ask: () => Promise<number>): Promise<void> {
  await eventually(ask, (status) => status === 401, 10_000);
}
