import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { exchange, type Exchange } from '../../conformance/client/http-exchange.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { availableEngines, createMigratedDatabaseUrl, dropDatabase } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { type ServiceUnderTest, startService } from '../../support/service.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';
import { adminSurface, anyEngine } from './admin-surface.js';

const ready = (database: string, migrations: string, draining = false) => ({
  status: database === 'up' && migrations === 'done' && !draining ? 'ok' : 'unavailable',
  checks: { database, migrations, draining },
});

describe('Health', () => {
  const surface = adminSurface(anyEngine());

  it('should say that it is alive and ready, without a key', async () => {
    const [live, isReady] = [await surface.plain('GET', '/health/live'), await surface.plain('GET', '/health/ready')];
    expect([live.status, live.body]).toEqual([200, { status: 'ok' }]);
    expect([isReady.status, isReady.body]).toEqual([200, ready('up', 'done')]);
    expect(isReady.headers['cache-control']).toBe('no-store');
  });

  it('should not be reached on the public listener', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/admin/v1/tenants', '/admin/docs']) {
      const answer = await exchange({ method: 'GET', origin: surface.service().scimUrl, path });
      expect([path, answer.status, answer.headers['content-type']]).toEqual([
        path,
        expect.any(Number),
        'application/scim+json; charset=utf-8',
      ]);
      expect([401, 404]).toContain(answer.status);
    }
  });
});

describe('Readiness while stopping', () => {
  it('should be red until the last request in flight has been answered', async () => {
    const databaseUrl = await createMigratedDatabaseUrl(anyEngine());
    const service = await startService({ databaseUrl });
    const client = await TenantClient.open(service, 'cleanmail');
    const { hostname, port } = new URL(service.adminUrl);
    const probe = connect(Number(port), hostname);
    await once(probe, 'connect');
    probe.write('GET /health/ready HTTP/1.1\r\nHost: a\r\n');
    const slow = await openRequest(service, client.token);
    // Answers to later requests show that the first bytes of both have been read: their connections are not idle.
    await exchange({ method: 'GET', origin: service.adminUrl, path: '/health/live' });
    await client.send('GET', '/ServiceProviderConfig');

    const stopped = service.stop();
    probe.write('\r\n');
    const [bytes] = (await once(probe, 'data')) as [Buffer];
    const text = bytes.toString();
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text.toLowerCase()).toContain('connection: close');
    expect(JSON.parse(text.slice(text.indexOf('{')))).toEqual(ready('up', 'done', true));

    expect(await slow.finish()).toMatch(/^HTTP\/1\.1 201 /);
    await stopped;
    await dropDatabase(databaseUrl);
  });
});

/** A POST whose body is not yet complete; `finish` sends the rest and gives the answer. */
async function openRequest(service: ServiceUnderTest, token: string): Promise<{ finish(): Promise<string> }> {
  const { hostname, port } = new URL(service.scimUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const body = JSON.stringify({ userName: 'slow@draining.example' });
  const head = [
    'POST /api/v3/scim2/Users HTTP/1.1',
    'Host: a',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/scim+json',
    `Content-Length: ${body.length}`,
  ];
  await new Promise<void>((resolve) =>
    socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`, () => resolve()),
  );
  return {
    finish: async () => {
      socket.write(body.slice(5));
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      return bytes.toString();
    },
  };
}

const servers = availableEngines().filter(({ name }) => name !== 'sqlite');

(servers.length === 0 ? describe.skip : describe)('Readiness with a database server', () => {
  it.each(servers.map((engine) => [engine.name, engine] as const))(
    'should be red within 2 s when %s is away, green again when it is back, and alive throughout',
    async (_name, engine) => {
      const direct = await createMigratedDatabaseUrl(engine);
      const { hostname, port, pathname } = new URL(direct);
      const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
      const throughProxy = new URL(direct);
      throughProxy.port = String(proxy.port);
      const service = await startService({ databaseUrl: throughProxy.href });
      const get = (path: string): Promise<Exchange> => exchange({ method: 'GET', origin: service.adminUrl, path });
      const turns = (status: number) =>
        eventually(
          () => get('/health/ready'),
          (answer) => answer.status === status,
          2000,
        );
      try {
        expect((await get('/health/ready')).status).toBe(200);
        await proxy.cut();
        expect((await turns(503)).answer.body).toEqual(ready('down', 'unknown'));
        expect((await get('/health/live')).status).toBe(200);

        const refused = await exchange({
          method: 'GET',
          origin: service.adminUrl,
          path: '/admin/v1/tenants',
          headers: { Authorization: `Bearer ${service.adminKey}` },
        });
        expect([refused.status, refused.headers['retry-after'], refused.body]).toEqual([
          503,
          '5',
          expect.objectContaining({ code: 'database_unavailable', title: 'Service Unavailable' }),
        ]);
        expect(refused.text).not.toContain(pathname.slice(1));

        await proxy.restore();
        expect((await turns(200)).answer.body).toEqual(ready('up', 'done'));
      } finally {
        await proxy.restore();
        await service.stop();
        await proxy.close();
        await dropDatabase(direct);
      }
    },
  );
});
