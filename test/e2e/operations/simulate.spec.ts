import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { SimulationReport } from '@cleanmail/cli';
import type { ProfileName } from '../../conformance/client/admin-client.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { ensureBuilt } from '../../support/built-command.js';
import { availableEngines, createMigratedDatabaseUrl, dropDatabase } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import {
  type Environment,
  runCommand,
  serviceEnvironment,
  type ServiceProcess,
  spawnCommand,
  startServiceProcess,
} from '../../support/service-process.js';

// Each test starts processes, which take their time on a machine that is busy with other tests.
jest.setTimeout(180_000);

describe('cleanmail simulate', () => {
  let databaseUrl: string;
  let service: ServiceProcess;
  let remote: Environment;

  beforeAll(async () => {
    await ensureBuilt();
    const [engine] = availableEngines();
    if (engine === undefined) throw new Error('no database engine can run here');
    databaseUrl = await createMigratedDatabaseUrl(engine);
    service = await startServiceProcess(serviceEnvironment(databaseUrl));
    remote = { CLEANMAIL_ADMIN_URL: service.adminUrl, CLEANMAIL_ADMIN_KEY: service.adminKey };
  });
  afterAll(async () => {
    await service.stop();
    await dropDatabase(databaseUrl);
  });

  const profiles: readonly ProfileName[] = ['cleanmail', 'alinto-protect', 'sendsafely'];
  const dialects = ['default', 'aadOptscim062020'] as const;

  it.each(profiles.flatMap((profile) => dialects.map((dialect) => [profile, dialect] as const)))(
    'should go through 100 users of a %s tenant in the dialect %s without an unexpected answer',
    async (profile, dialect) => {
      const client = await TenantClient.open(service, profile);
      const args = ['simulate', '--tenant', client.tenant.id, '--users', '100', '--dialect', dialect, '--json'];
      const { code, stdout, stderr } = await runCommand(args, remote);
      const report = JSON.parse(stdout) as SimulationReport;

      expect([report.unexpected.slice(0, 3), code, stderr]).toEqual([[], 0, '']);
      expect(report).toMatchObject({ users: 100, dialect, unexpectedCount: 0, throttled: 0 });
      expect(Object.keys(report.statusCounts).filter((status) => status === '0' || status >= '500')).toEqual([]);
      expect(report.statusCounts['201']).toBeGreaterThanOrEqual(100);
      const left = await client.admin.call('GET', `/tenants/${client.tenant.id}/users`);
      expect((left.body as { items: readonly unknown[] }).items).toEqual([]);
      const tokens = await client.admin.call('GET', `/tenants/${client.tenant.id}/tokens`);
      expect((tokens.body as { items: readonly { status: string }[] }).items.map(({ status }) => status)).toEqual([
        'active',
        'ended',
      ]);
    },
  );

  it('should print a summary that a person can read, with a token from the environment', async () => {
    const client = await TenantClient.open(service, 'cleanmail');
    const { code, stdout } = await runCommand(
      ['simulate', '--tenant-url', `${client.tenant.tenantUrl}/?aadOptscim062020`, '--users', '5', '--keep'],
      { CLEANMAIL_TOKEN: client.token },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/201/);
    expect(stdout).toMatch(/p99/);
    const users = await client.admin.call('GET', `/tenants/${client.tenant.id}/users`);
    expect((users.body as { items: readonly unknown[] }).items.length).toBeGreaterThanOrEqual(4);
  });

  it('should exit 1 when the tenant is suspended midway, and name what Entra would stumble over', async () => {
    const client = await TenantClient.open(service, 'cleanmail');
    const simulation = spawnCommand(
      ['simulate', '--tenant-url', client.tenant.tenantUrl, '--users', '100', '--rps', '200'],
      {
        CLEANMAIL_TOKEN: client.token,
      },
    );
    const users = async () =>
      ((await client.admin.call('GET', `/tenants/${client.tenant.id}/users`)).body as { items: readonly unknown[] })
        .items;
    await eventually(users, ({ length }) => length >= 20, 30_000);
    await client.admin.call('PATCH', `/tenants/${client.tenant.id}`, { status: 'suspended' });

    const { code, stdout, stderr } = await simulation.ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/401/);
    expect(stderr).toMatch(/\d+ unexpected answers: Entra would stumble over them/);
  });

  it('should exit 1 at once when the connection test fails', async () => {
    const client = await TenantClient.open(service, 'cleanmail');
    const { code, stderr } = await runCommand(['simulate', '--tenant-url', client.tenant.tenantUrl, '--users', '100'], {
      CLEANMAIL_TOKEN: 'cm_wrong',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/unexpected answers?/);
    const log = await client.admin.call('GET', `/tenants/${client.tenant.id}/users`);
    expect((log.body as { items: readonly unknown[] }).items).toEqual([]);
  });
});
