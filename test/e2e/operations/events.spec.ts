import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '@cleanmail/config';
import { openDatabase } from '@cleanmail/database';
import { Webhook } from 'standardwebhooks';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { exchange } from '../../conformance/client/http-exchange.js';
import { startReceiver, type TestReceiver } from '../../contract/events/event-receiver.js';
import { ensureBuilt } from '../../support/built-command.js';
import { embeddedEngine, withService } from '../../support/embedded-engine.js';
import { createMigratedDatabaseUrl, dropDatabase } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { runCommand, serviceEnvironment, startServiceProcess } from '../../support/service-process.js';

const patience = 30_000;
const environment = { EVENTS_ALLOW_PRIVATE: '127.0.0.0/8', EVENTS_POLL_MILLISECONDS: '50' };

interface Issued {
  readonly id: string;
  readonly secret: string;
}

describe('events of a running service', () => {
  let receiver: TestReceiver;
  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(() => receiver.close());

  it('should reach a receiver by themselves, and give a leaver its receipt', async () => {
    await withService({ environment }, async (service) => {
      const client = await TenantClient.open(service, 'cleanmail', ['events.example']);
      const wanted = { name: 'quarantine', url: receiver.url };
      const { secret } = (await client.admin.call('POST', '/receivers', wanted)).body as Issued;
      const { id: user } = await client.createUser({
        userName: 'shy.person@events.example',
        displayName: 'Shy Person',
      });
      await client.disable(user);
      const receipts = async () =>
        (await client.admin.call('GET', `/tenants/${client.tenant.id}/receipts?user=${user}`)).body as {
          readonly items: readonly { readonly complete: boolean; readonly durationMs: number }[];
        };
      const { answer } = await eventually(receipts, ({ items }) => items[0]?.complete === true, patience);
      expect(answer.items).toMatchObject([
        { type: 'mailbox.suspended', userId: user, acknowledgements: [{ receiver: 'quarantine', state: 'done' }] },
      ]);
      expect(answer.items[0]?.durationMs).toBeLessThan(patience);
      expect(receiver.received.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['mailbox.activated', 'mailbox.suspended']),
      );
      for (const { body, headers } of receiver.received) {
        new Webhook(secret).verify(body, headers as Record<string, string>);
        expect(body).not.toMatch(/shy|events\.example/i);
      }
      const metrics = await exchange({ method: 'GET', origin: service.adminUrl, path: '/metrics', headers: {} });
      expect(metrics.text).toMatch(/cleanmail_events_total\{receiver="quarantine",outcome="delivered"\} [2-9]/);
      const again = await client.admin.call('POST', '/receivers', wanted);
      expect([again.status, again.body]).toMatchObject([409, { code: 'receiver_exists' }]);
      const foreign = await client.admin.call('POST', '/receivers', { name: 'inside', url: 'https://10.0.0.1/' });
      expect([foreign.status, foreign.body]).toMatchObject([400, { code: 'invalid_receiver' }]);
    });
  });

  it('should all come, in order, under the same ids, when the relay is killed while it delivers', async () => {
    await ensureBuilt();
    const databaseUrl = await createMigratedDatabaseUrl(embeddedEngine());
    const settings = serviceEnvironment(databaseUrl, environment);
    const from = receiver.received.length;
    try {
      const killed = await startServiceProcess(settings);
      const client = await TenantClient.open(killed, 'cleanmail', ['killed.example']);
      const added = await client.admin.call('POST', '/receivers', { name: 'killed', url: receiver.url });
      expect(added.status).toBe(201);
      // The receiver has the event and its answer is not given: the process dies between sending and writing down.
      receiver.answer = () => 'hang';
      const { id } = await client.createUser({ userName: 'anna@killed.example' });
      await client.disable(id);
      await eventually(
        async () => receiver.received.length,
        (count) => count > from,
        patience,
      );
      killed.kill('SIGKILL');
      await killed.ended;
      receiver.answer = () => 204;
      await endLeases(databaseUrl);
      const delivered = await runCommand(['events', 'deliver', '--once', '--json'], settings);
      expect(JSON.parse(delivered.stdout)).toMatchObject([{ receiver: 'killed', failed: 0, dead: 0 }]);
    } finally {
      receiver.answer = () => 204;
      await dropDatabase(databaseUrl);
    }
    const received = receiver.received.slice(from);
    const ids = [...new Set(received.map(({ id }) => id))];
    expect(received.length).toBeGreaterThan(ids.length);
    const first = ids.map((id) => received.find((each) => each.id === id)?.data);
    const ofMailbox = first.filter((data) => (data?.mailboxId ?? null) !== null).map((data) => data?.version ?? 0);
    expect(ofMailbox).toEqual([...ofMailbox].sort((a, b) => a - b));
    expect(received.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['mailbox.activated', 'mailbox.suspended']),
    );
    const versions = first.map((data) => data?.version ?? 0);
    for (let version = Math.min(...versions); version <= Math.max(...versions); version += 1)
      expect(versions).toContain(version);
  });

  /** As if half a minute had passed. */
  async function endLeases(databaseUrl: string): Promise<void> {
    const database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [] });
    await database.write((session) => session.run('UPDATE event_cursor SET lease_until = 0'));
    await database.close();
  }
});
