import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseTime, type TenantId } from '@cleanmail/database';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Webhook } from 'standardwebhooks';
import { describeEachEngine } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { actor, createTenant, libsFor, openLibs } from '../support/libs.js';
import { query } from '../support/rows.js';
import { type Received, startReceiver, type TestReceiver } from './event-receiver.js';
import { type EventsNode, openNode, publish, someMailbox } from './events-node.js';

const patience = 20_000;

describeEachEngine('the delivery of events', (engine) => {
  const libs = libsFor(engine);
  let node: EventsNode;
  const servers: TestReceiver[] = [];

  beforeAll(async () => {
    node = await openNode(libs().database);
  });
  afterEach(async () => {
    for (const { id } of await node.receivers.list()) await node.receivers.remove(actor, id);
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  afterAll(() => node?.close());

  const server = async () => {
    const started = await startReceiver();
    servers.push(started);
    return started;
  };
  const receiver = async (
    options: { readonly format?: 'set'; readonly tenants?: readonly string[]; readonly types?: readonly string[] } = {},
  ) => {
    const to = await server();
    const name = `r${servers.length}-${someMailbox()}`;
    const { receiver: added, secret } = await node.receivers.create(actor, { name, url: to.url, ...options });
    return { to, secret, id: added.id, name };
  };
  const versionsOf = (received: readonly Received[], mailbox: string) =>
    received.filter(({ data }) => data.mailboxId === mailbox).map(({ data }) => data.version);
  const deliveries = (id: string) =>
    query(
      libs().database,
      'SELECT state, attempts, error, next_attempt_at, order_key FROM event_delivery WHERE receiver_id = ? ORDER BY version',
      [id],
    );
  /** Moves the clock of what waits, as if so many milliseconds had passed. */
  const passTime = (milliseconds: number) =>
    libs().database.write(async (session) => {
      await session.run(
        "UPDATE event_delivery SET next_attempt_at = next_attempt_at - ?, first_failed_at = first_failed_at - ? WHERE state = 'waiting'",
        [milliseconds, milliseconds],
      );
      await session.run('UPDATE event_receiver SET not_before = 1 WHERE not_before > 0');
    });

  it('should sign what Standard Webhooks verify, and tell no names', async () => {
    const tenant = await createTenant(libs());
    const { to, secret } = await receiver();
    const mailboxId = someMailbox();
    await publish(libs().database, tenant, { mailboxId });
    await node.relay.deliverDue();
    expect(to.received).toHaveLength(1);
    const [{ headers, body, id }] = to.received as [Received];
    const verified = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(verified).toEqual({
      type: 'mailbox.activated',
      timestamp: expect.stringMatching(/Z$/),
      data: {
        id,
        tenantId: tenant,
        version: expect.any(Number),
        position: 0,
        mailboxId,
        userId: null,
        status: 'active',
      },
    });
    expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  it('should sign with both secrets during a rotation, and keep none of them readable', async () => {
    const tenant = await createTenant(libs());
    const { to, secret, id } = await receiver();
    const { secret: newer } = await node.receivers.rotate(actor, id, 3600);
    await publish(libs().database, tenant, {});
    await node.relay.deliverDue();
    const [{ headers, body }] = to.received as [Received];
    for (const each of [secret, newer]) new Webhook(each).verify(body, headers as Record<string, string>);
    const rows = JSON.stringify(await query(libs().database, 'SELECT * FROM event_receiver'));
    const audit = JSON.stringify(await query(libs().database, 'SELECT * FROM audit_entry'));
    for (const each of [secret, newer]) {
      expect(rows).not.toContain(each.slice(6));
      expect(audit).not.toContain(each.slice(6));
    }
    await node.receivers.rotate(actor, id, 0);
    await publish(libs().database, tenant, {});
    await node.relay.deliverDue();
    const last = to.received[1] as Received;
    expect(() => new Webhook(newer).verify(last.body, last.headers as Record<string, string>)).toThrow();
  });

  it('should send security event tokens that our published key verifies', async () => {
    const tenant = await createTenant(libs());
    const { to, name } = await receiver({ format: 'set' });
    await publish(libs().database, tenant, { mailboxId: someMailbox(), type: 'mailbox.suspended', userId: 'u-1' });
    await node.relay.deliverDue();
    const [{ body, headers, id }] = to.received as [Received];
    expect(headers['content-type']).toBe('application/secevent+jwt');
    const keys = createLocalJWKSet(node.tokens.keys() as Parameters<typeof createLocalJWKSet>[0]);
    const { payload } = await jwtVerify(body, keys, { typ: 'secevent+jwt', audience: name, algorithms: ['EdDSA'] });
    expect(payload).toMatchObject({
      ...{ iss: 'https://cloud.cleanmail.example', jti: id, txn: 'request-of-a-test' },
      sub_id: { format: 'scim', uri: '/Users/u-1' },
      events: {
        'urn:ietf:params:scim:event:prov:deactivate': {},
        'urn:cleanmail:event:mailbox.suspended': { tenantId: tenant },
      },
    });
  });

  it('should hold back one mailbox behind its failing event, in order, while the others go on', async () => {
    const tenant = await createTenant(libs());
    const { to, id } = await receiver();
    const [sick, well] = [someMailbox(), someMailbox()];
    to.answer = ({ data }) => (data.mailboxId === sick ? 500 : 200);
    const { database } = libs();
    await publish(database, tenant, { mailboxId: sick }, { mailboxId: well }, { mailboxId: sick }, { mailboxId: well });
    await node.relay.deliverDue();
    await publish(database, tenant, { mailboxId: sick }, { mailboxId: well });
    await node.relay.deliverDue();
    const [first = 0] = versionsOf(to.received, sick);
    expect(versionsOf(to.received, sick)).toEqual([first]);
    expect(versionsOf(to.received, well)).toEqual([first + 1, first + 3, first + 5]);
    expect(await deliveries(id)).toMatchObject([
      { state: 'waiting', attempts: 1, error: 'status 500', order_key: sick },
      { state: 'waiting', attempts: 0, order_key: sick },
      { state: 'waiting', attempts: 0, order_key: sick },
    ]);
    const tried = to.received.find(({ data }) => data.mailboxId === sick)?.id;
    to.answer = () => 200;
    await passTime(6000);
    await node.relay.deliverDue();
    expect(versionsOf(to.received, sick)).toEqual([first, first, first + 2, first + 4]);
    expect(to.received.filter(({ id: again }) => again === tried)).toHaveLength(2);
    expect(await deliveries(id)).toEqual([]);
  });

  it('should wait longer after each failure, give up in the end, and replay by hand', async () => {
    const tenant = await createTenant(libs());
    const { to, id, name } = await receiver();
    const mailboxId = someMailbox();
    to.answer = () => 503;
    await publish(libs().database, tenant, { mailboxId });
    await node.relay.deliverDue();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      const [row] = await deliveries(id);
      if (row?.['state'] === 'dead') break;
      const now = await libs().database.read(databaseTime);
      waits.push(Math.round((Number(row?.['next_attempt_at']) - now) / 1000));
      await passTime(Number(row?.['next_attempt_at']) - now + 1);
      await node.relay.deliverDue();
    }
    const schedule = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    expect(waits).toHaveLength(schedule.length);
    waits.forEach((wait, index) => {
      const planned = schedule[index] ?? 0;
      expect(Math.abs(wait - planned)).toBeLessThanOrEqual(planned * 0.1 + 3);
    });
    expect(await deliveries(id)).toMatchObject([{ state: 'dead', attempts: 10, error: 'status 503' }]);
    expect(node.relay.tallies.get(name)).toEqual({ delivered: 0, failed: 10, dead: 1 });

    to.answer = () => 200;
    await publish(libs().database, tenant, { mailboxId });
    await node.relay.deliverDue();
    expect(new Set(to.received.map(({ id: each }) => each)).size).toBe(2);
    const [dead] = await node.deadLetters.list(id, { state: 'dead', limit: 10 });
    expect(dead?.event.mailboxId).toBe(mailboxId);
    expect(await node.deadLetters.replay(actor, id, { dead: true })).toBe(1);
    await node.relay.deliverDue();
    expect(to.received.at(-1)?.id).toBe(dead?.event.id);
    expect(await deliveries(id)).toEqual([]);
  });

  it('should count hanging, late answers, redirects and cut connections as failures, and follow none', async () => {
    const tenant = await createTenant(libs());
    const other = await server();
    const { to, id } = await receiver();
    const hang = someMailbox();
    const answers = new Map<string, (received: Received) => ReturnType<TestReceiver['answer']>>([
      [hang, () => 'hang'],
      [someMailbox(), () => (response) => void response.writeHead(302, { location: other.url }).end()],
      [someMailbox(), () => (response) => void response.destroy()],
      [someMailbox(), () => (response) => void response.writeHead(200).write('a body that never ends')],
    ]);
    to.answer = (received) => answers.get(received.data.mailboxId ?? '')?.(received) ?? 200;
    await publish(libs().database, tenant, ...[...answers.keys()].map((mailboxId) => ({ mailboxId })));
    await node.relay.deliverDue();
    expect(other.received).toEqual([]);
    const errors = (await deliveries(id)).map(({ error }) => error);
    expect(errors).toEqual([
      expect.stringMatching(/in time|HEADERS_TIMEOUT/),
      'redirect (302), which is not followed',
      expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/),
      expect.stringMatching(/in time/),
    ]);
    // The answer that comes long after is nobody's any more; the event comes again under the same id.
    to.answer = () => 200;
    await passTime(6000);
    await node.relay.deliverDue();
    expect(await deliveries(id)).toEqual([]);
    const ids = to.received.filter(({ data }) => data.mailboxId === hang).map((received) => received.id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  it('should deliver to the others while one receiver hangs', async () => {
    const tenant = await createTenant(libs());
    const slow = await receiver();
    const quick = await receiver();
    const release: (() => void)[] = [];
    slow.to.answer = () => (response) => void release.push(() => void response.writeHead(200).end());
    await publish(libs().database, tenant, ...Array.from({ length: 30 }, () => ({ mailboxId: someMailbox() })));
    await node.relay.look();
    await eventually(
      async () => quick.to.received.length,
      (count) => count === 30,
      patience,
    );
    expect(slow.to.received.length).toBeLessThanOrEqual(8);
    slow.to.answer = () => 200;
    release.forEach((answer) => answer());
    await node.relay.settled();
    await passTime(6000);
    await node.relay.deliverDue();
    expect(new Set(slow.to.received.map(({ id }) => id)).size).toBe(30);
  });

  it('should leave a receiver alone that fails again and again, keep the rest in the outbox, and catch up', async () => {
    const tenant = await createTenant(libs());
    const { to, id } = await receiver();
    to.answer = () => 500;
    await publish(libs().database, tenant, ...Array.from({ length: 60 }, () => ({ mailboxId: someMailbox() })));
    await node.relay.deliverDue();
    expect(to.received.length).toBeLessThan(30);
    expect((await deliveries(id)).length).toBe(to.received.length);
    to.answer = () => 200;
    await passTime(6000);
    await node.relay.deliverDue();
    expect(new Set(to.received.map((received) => received.id)).size).toBe(60);
    expect(await deliveries(id)).toEqual([]);
  });

  it('should disable a receiver that only failed for days, and begin anew when it is activated', async () => {
    const tenant = await createTenant(libs());
    const { to, id } = await receiver();
    to.answer = () => 500;
    await publish(libs().database, tenant, {});
    await node.relay.deliverDue();
    await libs().database.write((session) =>
      session.run('UPDATE event_receiver SET failing_since = failing_since - ? WHERE id = ?', [6 * 86_400_000, id]),
    );
    await passTime(6000);
    await node.relay.deliverDue();
    expect(await node.receivers.get(id)).toMatchObject({ status: 'disabled' });
    const audit = await query(
      libs().database,
      "SELECT actor FROM audit_entry WHERE action = 'receiver.disable' AND target = ?",
      [id],
    );
    expect(audit).toEqual([{ actor: 'relay' }]);
    to.answer = () => 200;
    await publish(libs().database, tenant, {});
    await passTime(400_000);
    await node.relay.deliverDue();
    expect(to.received).toHaveLength(2);
    await node.receivers.change(actor, id, { status: 'active' });
    await node.relay.deliverDue();
    expect(new Set(to.received.map((received) => received.id)).size).toBe(2);
    expect(await deliveries(id)).toEqual([]);
  });

  it('should deliver each event once with two nodes at work', async () => {
    const tenants = [await createTenant(libs()), await createTenant(libs())];
    const { to, id } = await receiver();
    const second = engine.name === 'sqlite' ? undefined : await openLibs(libs().databaseUrl);
    const other = await openNode(second?.database ?? libs().database);
    const mailboxes = [someMailbox(), someMailbox(), someMailbox()];
    try {
      for (let round = 0; round < 15; round += 1) {
        for (const tenant of tenants)
          await publish(libs().database, tenant, { mailboxId: mailboxes[round % 3] as string });
        await Promise.all([node.relay.look(), other.relay.look()]);
      }
      await Promise.all([node.relay.deliverDue(), other.relay.deliverDue()]);
      await node.relay.deliverDue();
    } finally {
      await other.close();
      await second?.close();
    }
    expect(to.received).toHaveLength(30);
    for (const tenant of tenants) {
      const versions = (mailbox: string) =>
        versionsOf(
          to.received.filter(({ data }) => data.tenantId === tenant),
          mailbox,
        );
      for (const mailbox of mailboxes) expect(versions(mailbox)).toEqual([...versions(mailbox)].sort((a, b) => a - b));
    }
    expect(await deliveries(id)).toEqual([]);
  });

  it('should send again, under the same id, what a node had sent and not written down when it died', async () => {
    const tenant = await createTenant(libs());
    const { to, id } = await receiver();
    const lost = await openNode(libs().database);
    const mailboxId = someMailbox();
    // Its lease ends while the event is on its way, as that of a killed node does: what it does then is not written.
    to.answer = () => (response) => {
      void libs()
        .database.write((session) =>
          session.run("UPDATE event_cursor SET holder = 'somebody else', lease_until = 0 WHERE receiver_id = ?", [id]),
        )
        .then(() => response.writeHead(200).end());
    };
    await publish(libs().database, tenant, { mailboxId }, { mailboxId });
    await lost.relay.look();
    await lost.relay.settled();
    await lost.close();
    const before = to.received.map((received) => received.id);
    to.answer = () => 200;
    await node.relay.deliverDue();
    expect(to.received.slice(before.length).map((received) => received.id)).toEqual(
      to.received.slice(0, 2).map((received) => received.id),
    );
    expect(new Set(to.received.map((received) => received.id)).size).toBe(2);
  });

  it('should begin now or with all that is kept, and only with what is wanted', async () => {
    const [tenant, stranger] = [await createTenant(libs()), await createTenant(libs())];
    await publish(libs().database, tenant, { type: 'mailbox.deleted' });
    const some = await receiver({ tenants: [tenant], types: ['mailbox.suspended'] });
    const all = await server();
    const { receiver: whole } = await node.receivers.create(actor, {
      ...{ name: 'all', url: all.url, start: 'horizon', tenants: [tenant] },
    });
    await publish(libs().database, tenant, { type: 'mailbox.activated' }, { type: 'mailbox.suspended' });
    await publish(libs().database, stranger, { type: 'mailbox.suspended' });
    await node.relay.deliverDue();
    expect(some.to.received.map(({ type }) => type)).toEqual(['mailbox.suspended']);
    expect(all.received.map(({ type }) => type)).toEqual(['mailbox.deleted', 'mailbox.activated', 'mailbox.suspended']);
    const ids = all.received.map(({ id }) => id);
    expect(await node.deadLetters.replay(actor, whole.id, { dead: false, since: Date.now() - 3_600_000 })).toBe(1);
    await node.relay.deliverDue();
    expect(all.received.map(({ id }) => id)).toEqual([...ids, ...ids]);
  });

  it('should tell a receiver behind the horizon to start anew, before it goes on', async () => {
    const tenant = await createTenant(libs());
    const { to, id } = await receiver({ types: ['mailbox.activated'] });
    await node.receivers.change(actor, id, { status: 'paused' });
    await publish(libs().database, tenant, {}, {}, {});
    await endFeed(tenant, 2);
    await node.receivers.change(actor, id, { status: 'active' });
    await node.relay.deliverDue();
    expect(to.received.map(({ type, data }) => [type, data.version])).toEqual([
      ['feed.reset', 2],
      ['mailbox.activated', 3],
    ]);
    await node.relay.deliverDue();
    expect(to.received).toHaveLength(2);
  });

  it('should refuse private addresses, also behind a name, and plain http where it is not allowed', async () => {
    const strict = await openNode(libs().database, { allowPrivate: [] });
    const { to, id } = await receiver();
    const tenant = await createTenant(libs());
    try {
      for (const url of [
        'https://127.0.0.1/',
        'https://[::1]/',
        'https://169.254.169.254/latest',
        'https://10.0.0.8/',
        'https://[::ffff:10.0.0.8]/',
        'https://168.63.129.16/',
        'https://0.0.0.0/',
      ]) {
        await expect(strict.receivers.create(actor, { name: 'private', url })).rejects.toMatchObject({
          code: 'invalid_receiver',
        });
      }
      for (const url of [
        'http://receiver.example/',
        'ftp://receiver.example/',
        'https://user:secret@receiver.example/',
        'nothing',
      ]) {
        await expect(strict.receivers.create(actor, { name: 'private', url })).rejects.toMatchObject({
          code: 'invalid_receiver',
        });
      }
      // A name is only looked at when it is connected to, and that each time.
      const { receiver: named } = await strict.receivers.create(actor, { name: 'named', url: 'https://localhost/' });
      expect(await strict.deadLetters.test(actor, named.id)).toMatchObject({ ok: false, error: 'refused_address' });
      expect(await strict.deadLetters.test(actor, id)).toMatchObject({ ok: false, error: 'refused_address' });
      expect(await node.deadLetters.test(actor, id)).toMatchObject({ ok: true, status: 204 });
      await publish(libs().database, tenant, {});
      await strict.relay.deliverDue();
      expect(to.received.map(({ type }) => type)).toEqual(['receiver.test']);
    } finally {
      await strict.close();
    }
  });

  /** What the clock of retention does. */
  async function endFeed(tenant: TenantId, horizon: number): Promise<void> {
    await libs().database.write(async (session) => {
      await session.run('DELETE FROM outbox_event WHERE tenant_id = ? AND version <= ?', [tenant, horizon]);
      await session.run('UPDATE tenant_mail_counter SET feed_horizon = ? WHERE tenant_id = ?', [horizon, tenant]);
    });
  }

  describe('to those who fetch', () => {
    it('should give a tenant its feed in order, without holes, and say when there is one', async () => {
      const tenant = await createTenant(libs());
      await publish(libs().database, tenant, {}, {}, {}, {}, {});
      const first = await node.feed.ofTenant(tenant, { limit: 2 });
      expect(first.events.map(({ version }) => version)).toEqual([1, 2]);
      const second = await node.feed.ofTenant(tenant, { cursor: first.cursor, limit: 10 });
      expect([second.events.map(({ version }) => version), second.hasMore, second.isReset]).toEqual([
        [3, 4, 5],
        false,
        false,
      ]);
      const empty = await node.feed.ofTenant(tenant, { cursor: second.cursor, limit: 10 });
      expect([empty.events, empty.cursor]).toEqual([[], second.cursor]);
      await endFeed(tenant, 3);
      const behind = await node.feed.ofTenant(tenant, { cursor: first.cursor, limit: 10 });
      expect([behind.events.map(({ version }) => version), behind.isReset]).toEqual([[4, 5], true]);
      await expect(node.feed.ofTenant(tenant, { cursor: 'abc', limit: 10 })).rejects.toMatchObject({
        code: 'invalid_cursor',
      });
    });

    it('should keep the place of a receiver across tenants until it acknowledges, in any order', async () => {
      const tenants = [await createTenant(libs()), await createTenant(libs())];
      const { receiver: added } = await node.receivers.create(actor, { name: 'puller', tenants });
      for (const tenant of tenants) {
        await publish(libs().database, tenant, { type: 'mailbox.suspended' }, {}, {});
      }
      const first = await node.feed.ofReceiver(added.id, 4);
      expect([first.events.length, first.hasMore]).toEqual([4, true]);
      expect((await node.feed.ofReceiver(added.id, 4)).events).toEqual(first.events);
      await node.feed.acknowledge(added.id, first.upTo);
      const second = await node.feed.ofReceiver(added.id, 4);
      expect([second.events.length, second.hasMore]).toEqual([2, false]);
      await node.feed.acknowledge(added.id, second.upTo);
      await node.feed.acknowledge(added.id, first.upTo);
      await node.feed.acknowledge(added.id, second.upTo);
      expect((await node.feed.ofReceiver(added.id, 4)).events).toEqual([]);
      for (const tenant of tenants) {
        const seen = [...first.events, ...second.events].filter((event) => event.tenantId === tenant);
        expect(seen.map(({ version }) => version)).toEqual([1, 2, 3]);
        const [receipt] = await node.receipts.list(tenant, { limit: 5 });
        expect(receipt).toMatchObject({ isComplete: true, type: 'mailbox.suspended' });
      }
      await expect(node.feed.acknowledge(added.id, 'forged')).rejects.toMatchObject({ code: 'invalid_cursor' });
    });
  });

  describe('receipts', () => {
    it('should show what is open, what was acknowledged later, and how long the whole took', async () => {
      const tenant = await createTenant(libs());
      const mailboxId = someMailbox();
      const prompt = await receiver();
      const later = await receiver();
      later.to.answer = () => 202;
      await publish(libs().database, tenant, { mailboxId, type: 'mailbox.suspended', userId: 'u-9' });
      const list = () => node.receipts.list(tenant, { user: 'u-9', limit: 5 });
      expect(await list()).toMatchObject([
        { isComplete: false, durationMs: null, acknowledgements: [{ state: 'open' }, { state: 'open' }] },
      ]);
      await node.relay.deliverDue();
      const [receipt] = await list();
      const eventId = receipt?.eventId ?? '';
      expect(receipt).toMatchObject({ isComplete: false, mailboxId, type: 'mailbox.suspended' });
      expect(receipt?.acknowledgements).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ receiver: prompt.name, state: 'done', acknowledgedAt: expect.any(Number) }),
          expect.objectContaining({ receiver: later.name, state: 'accepted', acknowledgedAt: null }),
        ]),
      );
      const say = (status: 'done' | 'failed') =>
        node.receipts.acknowledge(later.id, { eventId, status, detail: 'E42' });
      expect(await say('failed')).toBe(true);
      expect(await list()).toMatchObject([{ isComplete: false, durationMs: null }]);
      expect([await say('done'), await say('done'), await say('failed')]).toEqual([true, true, true]);
      const [done] = await list();
      const last = Math.max(...(done?.acknowledgements ?? []).map(({ acknowledgedAt }) => acknowledgedAt ?? 0));
      expect(done).toMatchObject({ isComplete: true, durationMs: Math.max(0, last - (done?.requestedAt ?? 0)) });
      expect(await node.receipts.list(tenant, { mailbox: someMailbox(), limit: 5 })).toEqual([]);
    });

    it('should take an acknowledgement that comes before the answer, and keep none of ordinary events', async () => {
      const tenant = await createTenant(libs());
      const { to, id } = await receiver();
      to.answer = (received) => (response) => {
        void node.receipts
          .acknowledge(id, { eventId: received.id, status: 'done' })
          .then(() => response.writeHead(202).end());
      };
      await publish(
        libs().database,
        tenant,
        { mailboxId: someMailbox(), type: 'mailbox.deleted' },
        { mailboxId: someMailbox() },
      );
      await node.relay.deliverDue();
      const receipts = await node.receipts.list(tenant, { limit: 5 });
      expect(receipts).toMatchObject([{ type: 'mailbox.deleted', isComplete: true }]);
      const ordinary = to.received.find(({ type }) => type === 'mailbox.activated');
      const failure = { eventId: ordinary?.id ?? '', status: 'failed', detail: 'full' } as const;
      expect(await node.receipts.acknowledge(id, failure)).toBe(false);
      const placed = { ...failure, tenantId: tenant, version: ordinary?.data.version ?? 0 };
      const ofAnother = await receiver({ tenants: [await createTenant(libs())] });
      expect(await node.receipts.acknowledge(ofAnother.id, placed)).toBe(false);
      expect(await node.receipts.acknowledge(id, placed)).toBe(true);
      const [newest] = await node.receipts.list(tenant, { limit: 1 });
      expect(newest).toMatchObject({
        type: 'mailbox.activated',
        acknowledgements: [{ state: 'failed', detail: 'full' }],
      });
    });

    it('should end with their days, by the clock', async () => {
      const tenant = await createTenant(libs());
      await receiver();
      await publish(libs().database, tenant, { mailboxId: someMailbox(), type: 'mailbox.purged' });
      await node.relay.deliverDue();
      const pass = (at: number) => ({ cause: { actor: 'clock', requestId: '', at }, goesOn: async () => true });
      await node.retention.run(pass(Date.now()));
      expect(await node.receipts.list(tenant, { limit: 5 })).toHaveLength(1);
      await node.retention.run(pass(Date.now() + 31 * 86_400_000));
      expect(await node.receipts.list(tenant, { limit: 5 })).toEqual([]);
    });
  });
});
