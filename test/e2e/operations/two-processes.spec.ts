import { parseDatabaseUrl } from '@cleanmail/config';
import { openDatabase } from '@cleanmail/database';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { CONTOSO, contosoSchema } from '../../support/contoso-schema.js';
import { ensureBuilt } from '../../support/built-command.js';
import { createDatabaseUrl, describeEachEngine, dropDatabase } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { serviceEnvironment, type ServiceProcess, startServiceProcess } from '../../support/service-process.js';

// Each test starts processes, which take their time on a machine that is busy with other tests.
jest.setTimeout(180_000);

const people = 60;

describeEachEngine('Two service processes on one database', (engine) => {
  let databaseUrl: string;
  let nodes: readonly [ServiceProcess, ServiceProcess];

  beforeAll(async () => {
    await ensureBuilt();
    databaseUrl = await createDatabaseUrl(engine);
    const start = () => startServiceProcess(serviceEnvironment(databaseUrl));
    nodes = await Promise.all([start(), start()]);
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await dropDatabase(databaseUrl);
  });

  /** The same tenant and token, seen through each node. */
  const openOnBoth = async (): Promise<readonly [TenantClient, TenantClient]> => {
    const onFirst = await TenantClient.open(nodes[0], 'cleanmail');
    return [onFirst, onFirst.on(nodes[1])];
  };

  it('should both have migrated the empty database at once, each migration once', async () => {
    const database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [] });
    const rows = await database.read((session) =>
      session.all<{ name: string; times: number }>(
        'SELECT name, COUNT(*) AS times FROM schema_migration GROUP BY name',
      ),
    );
    await database.close();
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ times }) => Number(times) !== 1)).toEqual([]);
    for (const node of nodes) {
      const ready = await TenantClient.open(node, 'cleanmail');
      expect((await ready.send('GET', '/Users')).status).toBe(200);
    }
  });

  it('should see each other’s writes, and take interleaved ones without a 5xx', async () => {
    const clients = await openOnBoth();
    const [one, other] = clients;
    const ids = await Promise.all(
      Array.from({ length: people }, async (_, number) => {
        const client = clients[number % 2] ?? one;
        return (await client.createUser({ userName: `n${number}@nodes.example` })).id;
      }),
    );
    const statuses = await Promise.all(
      ids.flatMap((id, number) => [
        one.patch(id, { op: 'replace', path: 'displayName', value: `D${number}` }),
        other.patch(id, { op: 'replace', path: 'title', value: `T${number}` }),
      ]),
    );
    expect([...new Set(statuses.map(({ status }) => status))]).toEqual([200]);
    for (const [number, id] of ids.entries()) {
      const [here, there] = [await one.readUser(id), await other.readUser(id)];
      expect(here).toMatchObject({ displayName: `D${number}`, title: `T${number}` });
      expect(there).toEqual({ ...here, meta: { ...here.meta, location: there.meta.location } });
    }
  });

  it('should let one of two win who create the same user at once on different nodes', async () => {
    const clients = await openOnBoth();
    for (let round = 1; round <= 10; round += 1) {
      const answers = await Promise.all(
        [...clients, ...clients].map((client) =>
          client.send('POST', '/Users', { body: { userName: `race${round}@nodes-race.example` } }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    }
    expect((await clients[1].find('userName co "race"')).totalResults).toBe(10);
  });

  it.each([
    ['a revoked token', 'DELETE', '/tokens/', undefined],
    ['the tokens of a suspended tenant', 'PATCH', '', { status: 'suspended' }],
    ['the tokens of a closed tenant', 'DELETE', '', undefined],
  ])(
    'should refuse %s on the node where it happened at once, on the other within a second',
    async (_w, method, path, body) => {
      const [one, other] = await openOnBoth();
      const issued = await one.admin.issueToken(one.tenant.id);
      const [here, there] = [one.withToken(issued.token), other.withToken(issued.token)];
      expect((await here.send('GET', '/Users')).status).toBe(200);
      expect((await there.send('GET', '/Users')).status).toBe(200);

      const target = `/tenants/${one.tenant.id}${path === '' ? '' : `${path}${issued.id}`}`;
      expect((await one.admin.call(method, target, body)).status).toBeLessThan(300);
      expect((await here.send('GET', '/Users')).status).toBe(401);
      const revokedAt = performance.now();
      let lastAccepted = 0;
      const ask = async () => {
        const sentAfter = performance.now() - revokedAt;
        const { status } = await there.send('GET', '/Users');
        if (status !== 401) lastAccepted = sentAfter;
        return status;
      };
      await eventually(ask, (status) => status === 401, 10_000);
      expect(lastAccepted).toBeLessThan(1000);
      expect((await there.send('GET', '/Users')).status).toBe(401);
    },
  );

  it('should accept the attributes of a schema on the node where it was registered at once, on the other within a second', async () => {
    const [one, other] = await openOnBoth();
    const path = `/tenants/${one.tenant.id}/schemas`;
    const shows = async (client: TenantClient) => (await client.send('GET', `/Schemas/${CONTOSO}`)).status;
    expect([await shows(one), await shows(other)]).toEqual([404, 404]);
    const steps = [
      [() => one.admin.call('POST', path, { resourceType: 'User', schema: contosoSchema }), 200],
      [() => one.admin.call('DELETE', `${path}/${CONTOSO}`), 404],
    ] as const;
    for (const [change, expected] of steps) {
      expect((await change()).status).toBeLessThan(300);
      expect(await shows(one)).toBe(expected);
      const changedAt = performance.now();
      let lastStale = 0;
      const ask = async () => {
        const sentAfter = performance.now() - changedAt;
        const status = await shows(other);
        if (status !== expected) lastStale = sentAfter;
        return status;
      };
      await eventually(ask, (status) => status === expected, 10_000);
      expect(lastStale).toBeLessThan(1000);
    }
  });
});
