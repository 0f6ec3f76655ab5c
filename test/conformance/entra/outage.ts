import { expect } from '@jest/globals';
import { createMigratedDatabaseUrl, dropDatabase, type TestEngine } from '../../support/engines/index.js';
import { startService } from '../../support/service.js';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { exchange } from '../client/http-exchange.js';
import type { RunningService } from '../client/running-service.js';
import { TenantClient } from '../client/tenant-client.js';
import { expectListOf, expectScimError } from './checks/assertions.js';
import { fullUser } from './people.js';

const DEADLINE_MILLISECONDS = 20_000;

/** H08: while the database is unreachable every request gets 503, and afterwards the same process serves again. */
export async function expectOutageSurvived(engine: TestEngine): Promise<void> {
  const direct = await createMigratedDatabaseUrl(engine);
  const { proxy, databaseUrl } = await proxied(direct);
  const service = await startService({ databaseUrl });
  try {
    await expectOutage(service, proxy);
  } finally {
    await proxy.restore();
    await service.stop();
    await proxy.close();
    await dropDatabase(direct);
  }
}

async function expectOutage(service: RunningService, proxy: TcpProxy): Promise<void> {
  const tenant = await TenantClient.open(service, 'cleanmail');
  const user = await tenant.createUser(fullUser());
  await proxy.cut();
  const attempts = [
    tenant.send('GET', '/Users?count=1'),
    tenant.send('GET', `/Users/${user.id}`),
    tenant.send('POST', '/Users', { body: fullUser() }),
    tenant.patch(user.id, { op: 'Replace', path: 'active', value: 'False' }),
  ];
  for (const answer of await Promise.all(attempts)) {
    expectScimError(answer, 503);
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  }
  await until(503, () => health(service, 'ready'));
  expect(await health(service, 'live')).toBe(200);
  await proxy.restore();
  await until(200, async () => (await tenant.send('GET', '/Users?count=1')).status);
  expectListOf(await tenant.send('GET', '/Users'), user);
  await until(200, () => health(service, 'ready'));
}

async function health(service: RunningService, probe: 'live' | 'ready'): Promise<number> {
  return (await exchange({ method: 'GET', origin: service.adminUrl, path: `/health/${probe}` })).status;
}

/** Asks until the status is the wanted one; until then only 200 and 503 may come. */
async function until(wanted: 200 | 503, ask: () => Promise<number>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MILLISECONDS;
  for (;;) {
    const status = await ask();
    if (status === wanted) return;
    expect([200, 503]).toContain(status);
    if (Date.now() > deadline) throw new Error(`still ${status} after ${DEADLINE_MILLISECONDS} ms, expected ${wanted}`);
  }
}

/** A proxy to the server of the URL, and the URL that goes through it. */
async function proxied(direct: string): Promise<{ proxy: TcpProxy; databaseUrl: string }> {
  const url = new URL(direct);
  const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port === '' ? '3306' : url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return { proxy, databaseUrl: url.href };
}
