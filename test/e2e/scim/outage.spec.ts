import { expect, it } from '@jest/globals';
import { exchange, type Exchange } from '../../conformance/client/http-exchange.js';
import type { ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import {
  availableEngines,
  createMigratedDatabaseUrl,
  describeEachEngine,
  dropDatabase,
} from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { startService, type ServiceUnderTest } from '../../support/service.js';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { expectHeaders, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';
import { bulk, idOf, newUser, statuses } from './bulk/operations.js';

const WRITERS = 8;
const RECOVERY_MILLISECONDS = 10_000;

/** What a client was told of the users that it wanted to create or change. */
class Ledger {
  readonly acknowledged = new Map<string, ScimUser>();
  readonly unanswered = new Set<string>();
  readonly odd: string[] = [];

  note(userName: string, answer: Exchange): void {
    if (answer.status === 201 || answer.status === 200) {
      this.acknowledged.set(userName, answer.body as ScimUser);
      this.unanswered.delete(userName);
      return;
    }
    this.unanswered.add(userName);
    if (answer.status !== 503) this.odd.push(`${answer.status} ${answer.text}`);
  }
}

describeEachEngine('a database that goes away', (engine) => {
  if (engine.name === 'sqlite') {
    it('should not be possible when it is embedded', () => {
      expect(availableEngines().map(({ name }) => name)).toContain('sqlite');
    });
    return;
  }

  const ready = async (service: ServiceUnderTest): Promise<number> =>
    (await exchange({ method: 'GET', origin: service.adminUrl, path: '/health/ready' })).status;

  async function withProxy(use: (service: ServiceUnderTest, proxy: TcpProxy) => Promise<void>): Promise<void> {
    const direct = await createMigratedDatabaseUrl(engine);
    const url = new URL(direct);
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port === '' ? '3306' : url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    const service = await startService({ databaseUrl: url.href });
    try {
      await use(service, proxy);
    } finally {
      await proxy.restore();
      await service.stop();
      await proxy.close();
      await dropDatabase(direct);
    }
  }

  it('should be answered with 503 and Retry-After on every operation, and come back by itself', async () => {
    await withProxy(async (service, proxy) => {
      const tenant = await TenantClient.open(service, 'cleanmail');
      const user = await tenant.createUser(plainUser(uniqueAddress()));
      expect(await ready(service)).toBe(200);
      await proxy.cut();
      const body = plainUser(uniqueAddress());
      for (const answer of await Promise.all([
        tenant.send('GET', '/Users'),
        tenant.send('GET', `/Users/${user.id}`),
        tenant.send('POST', '/Users', { body }),
        tenant.send('PUT', `/Users/${user.id}`, { body }),
        tenant.patch(user.id, { op: 'replace', path: 'active', value: false }),
        tenant.send('DELETE', `/Users/${user.id}`),
      ])) {
        expectScimError(answer, 503);
        expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE, 'retry-after': '5' });
      }
      await eventually(
        () => ready(service),
        (status) => status === 503,
        3000,
      );
      await proxy.restore();
      await eventually(
        () => ready(service),
        (status) => status === 200,
        RECOVERY_MILLISECONDS,
      );
      expect(await tenant.readUser(user.id)).toEqual(user);
      expect((await tenant.send('GET', '/Users')).body).toMatchObject({ totalResults: 1 });
      expect((await tenant.send('POST', '/Users', { body })).status).toBe(201);
    });
  });

  it('should be answered with 503 for each operation of a bulk request, and lose nothing that was acknowledged', async () => {
    await withProxy(async (service, proxy) => {
      const tenant = await TenantClient.open(service, 'cleanmail');
      const operations = Array.from({ length: 400 }, (_, index) => newUser(`u${index}`));
      const answering = bulk(tenant, operations);
      await eventually(
        async () => (await tenant.send('GET', '/Users?count=0')).body as { readonly totalResults?: number },
        ({ totalResults = 0 }) => totalResults > 20,
        RECOVERY_MILLISECONDS,
      );
      await proxy.cut();
      const results = await answering;
      await proxy.restore();
      await eventually(
        () => ready(service),
        (status) => status === 200,
        RECOVERY_MILLISECONDS,
      );
      const lost = statuses(results).indexOf('503');
      expect(lost).toBeGreaterThan(20);
      expect(statuses(results)).toEqual(operations.map((_operation, index) => (index < lost ? '201' : '503')));
      for (const result of results.slice(0, lost)) expect((await tenant.readUser(idOf(result))).id).toBe(idOf(result));
      const { totalResults } = (await tenant.send('GET', '/Users?count=0')).body as { readonly totalResults: number };
      expect([lost, lost + 1]).toContain(totalResults);
    });
  });

  it('should lose nothing that was acknowledged, three times in the middle of writing', async () => {
    await withProxy(async (service, proxy) => {
      const tenant = await TenantClient.open(service, 'cleanmail');
      const ledger = new Ledger();
      let isOver = false;
      const writer = async (): Promise<void> => {
        while (!isOver) {
          const userName = uniqueAddress();
          const created = await tenant.send('POST', '/Users', { body: plainUser(userName) });
          ledger.note(userName, created);
          if (created.status !== 201) continue;
          const { id } = created.body as ScimUser;
          const changed = await tenant.patch(id, { op: 'replace', path: 'title', value: userName });
          if (changed.status === 200) ledger.note(userName, changed);
          else ledger.unanswered.add(userName);
        }
      };
      const writers = Promise.all(Array.from({ length: WRITERS }, writer));
      for (let round = 1; round <= 3; round += 1) {
        const sofar = ledger.acknowledged.size;
        await eventually(
          async () => ledger.acknowledged.size,
          (size) => size > sofar + 40,
          RECOVERY_MILLISECONDS,
        );
        await proxy.cut();
        await eventually(
          async () => ledger.unanswered.size,
          (size) => size >= round,
          RECOVERY_MILLISECONDS,
        );
        await proxy.restore();
      }
      await eventually(
        () => ready(service),
        (status) => status === 200,
        RECOVERY_MILLISECONDS,
      );
      isOver = true;
      await writers;
      expect(ledger.odd).toEqual([]);
      await expectLedger(tenant, ledger);
    });
  });
});

/** Every acknowledged user is there as it was last acknowledged or later; a repeated request meets its own row or makes it. */
async function expectLedger(tenant: TenantClient, { acknowledged, unanswered }: Ledger): Promise<void> {
  for (const [userName, user] of acknowledged) {
    const now = await tenant.readUser(user.id);
    if (unanswered.has(userName)) expect([undefined, userName]).toContain(now.title);
    else expect(now).toEqual(user);
    const mailboxes = await tenant.admin.mailboxesOf(tenant.tenant.id, userName);
    expect(mailboxes).toMatchObject([{ status: 'active', address: userName, userId: user.id }]);
  }
  for (const userName of unanswered) {
    const again = await tenant.send('POST', '/Users', { body: plainUser(userName) });
    expect([201, 409]).toContain(again.status);
    const { Resources } = await tenant.findByUserName(userName);
    expect(Resources.map((user) => user.userName)).toEqual([userName]);
  }
  expect(acknowledged.size).toBeGreaterThan(100);
}
