import { afterEach, expect, it, jest } from '@jest/globals';
import { parseDatabaseUrl } from '@cleanmail/config';
import { openDatabase, type TenantId } from '@cleanmail/database';
import { type FeedRecipient, fingerprintOf, RecipientDigest, RecipientFeed } from '@cleanmail/mailboxes';
import { describeEachEngine } from '../../support/engines/index.js';
import { newDomainName } from '../support/domains.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { query } from '../support/rows.js';
import { tenantWithDomain } from './provider.js';

/** A copy as a gateway keeps it: address to row, and how far it has read. */
class Copy {
  readonly rows = new Map<string, FeedRecipient>();
  version = 0;

  constructor(
    private readonly feed: RecipientFeed,
    private readonly tenant: TenantId,
  ) {}

  async readSnapshot(
    partSize: number,
    between: (seen: number) => Promise<void> = async () => undefined,
  ): Promise<void> {
    let seen = 0;
    for await (const { watermark, rows } of this.feed.walk(this.tenant, partSize)) {
      if (seen === 0) this.version = watermark;
      rows.forEach((row) => this.rows.set(row.key, row));
      seen += rows.length;
      await between(seen);
    }
  }

  async readChanges(limit = 10): Promise<readonly FeedRecipient[]> {
    const all: FeedRecipient[] = [];
    for (let hasMore = true; hasMore;) {
      const changes = await this.feed.changes(this.tenant, this.version, limit);
      expect(changes.reset).toBe(false);
      changes.rows.forEach((row) => this.rows.set(row.key, row));
      all.push(...changes.rows);
      this.version = changes.next;
      hasMore = changes.hasMore;
    }
    return all;
  }

  get actions(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.rows].sort().map(([key, { action }]) => [key, action]));
  }
}

describeEachEngine('the recipient feed', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => {
    jest.restoreAllMocks();
  });
  const feed = () => new RecipientFeed(libs().database);

  async function stored(tenant: TenantId): Promise<Readonly<Record<string, string>>> {
    const sql = 'SELECT address_key, action FROM mail_recipient WHERE tenant_id = ? ORDER BY address_key';
    const rows = await query(libs().database, sql, [tenant]);
    return Object.fromEntries(rows.map(({ address_key: key, action }) => [String(key), String(action)]));
  }

  it('should tell of joiners, leavers and changes in the order of their versions; a removed address arrives as gone', async () => {
    const { tenant, domain, create, change, remove } = await tenantWithDomain(libs());
    const copy = new Copy(feed(), tenant);
    const anna = await create({ userName: `anna@${domain}` });
    const bob = await create({ userName: `bob@${domain}` });
    await copy.readChanges();
    expect(copy.actions).toEqual({ [`anna@${domain}`]: 'accept', [`bob@${domain}`]: 'accept' });
    await change(anna, { active: false });
    await remove(bob);
    const changes = await copy.readChanges();
    expect(changes.map(({ key, action }) => [key, action])).toEqual([
      [`anna@${domain}`, 'reject'],
      [`bob@${domain}`, 'gone'],
    ]);
    expect(changes[1]?.version).toBeGreaterThan(changes[0]?.version ?? Infinity);
    expect(copy.actions).toEqual(await stored(tenant));
    expect(await copy.readChanges()).toEqual([]);
  });

  it('should show heads only to a reader whose pulse is another one, a new tenant among them', async () => {
    const { tenant, domain, create } = await tenantWithDomain(libs());
    const before = await feed().heads();
    expect(await feed().heads(before.pulse)).toEqual({ pulse: before.pulse, items: [] });
    await create({ userName: `anna@${domain}` });
    const after = await feed().heads(before.pulse);
    const versionIn = ({ items }: typeof after) => items.find(({ tenantId }) => tenantId === tenant)?.version ?? 0;
    expect(versionIn(after)).toBeGreaterThan(versionIn(before));
    const newcomer = await createTenant(libs());
    expect((await feed().heads(after.pulse)).items.map(({ tenantId }) => tenantId)).toContain(newcomer);
  });

  // Edge case 31.
  it('should miss nothing of a slow transaction that commits after a faster, later one was begun', async () => {
    const { tenant, domain, create } = await tenantWithDomain(libs());
    await create({ userName: `first@${domain}` });
    const reading = await openDatabase({ location: parseDatabaseUrl(libs().databaseUrl), entities: [], poolSize: 1 });
    try {
      const copy = new Copy(new RecipientFeed(reading), tenant);
      await copy.readChanges();
      const seen = copy.version;
      const { database } = libs();
      const write = database.write.bind(database);
      let commit: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        jest.spyOn(database, 'write').mockImplementationOnce((work, options) =>
          write(async (session) => {
            const result = await work(session);
            const mayCommit = new Promise<void>((go) => (commit = go));
            resolve();
            await mayCommit;
            return result;
          }, options),
        );
      });
      const slow = create({ userName: `slow@${domain}` });
      await held;
      const fast = create({ userName: `fast@${domain}` });
      expect(await copy.readChanges()).toEqual([]);
      expect(copy.version).toBe(seen);
      commit();
      await Promise.all([slow, fast]);
      const keys = (await copy.readChanges()).map(({ key }) => key);
      expect(keys).toEqual([`slow@${domain}`, `fast@${domain}`]);
      expect(copy.actions).toEqual(await stored(tenant));
    } finally {
      await reading.close();
    }
  });

  it('should hand a version out whole, also when it has more rows than were asked for', async () => {
    const { tenant, domain, create, policy } = await tenantWithDomain(libs());
    for (let number = 0; number < 15; number += 1) await create({ userName: `u${number}@${domain}`, active: false });
    const copy = new Copy(feed(), tenant);
    await copy.readSnapshot(10);
    await policy({ inactiveMailPolicy: 'defer' });
    const { rows, next } = await feed().changes(tenant, copy.version, 10);
    expect(new Set(rows.map(({ version }) => version)).size).toBe(1);
    expect(rows).toHaveLength(15);
    expect(next).toBe(rows[0]?.version);
    await copy.readChanges();
    expect(copy.actions).toEqual(await stored(tenant));
  });

  it('should give a whole copy by a snapshot and the changes behind its watermark while others write', async () => {
    const { tenant, domain, create, change, remove } = await tenantWithDomain(libs());
    const users = [];
    for (let number = 0; number < 25; number += 1) users.push(await create({ userName: `u${number}@${domain}` }));
    const [early, late] = [users[1], users[23]];
    if (early === undefined || late === undefined) throw new Error('nobody was created');
    const copy = new Copy(feed(), tenant);
    await copy.readSnapshot(10, async (seen) => {
      if (seen !== 10) return;
      await change(early, { active: false });
      await change(late, { userName: `renamed@${domain}` });
      await remove(late);
      await create({ userName: `newcomer@${domain}` });
    });
    const withoutRowsThatAreNotThereYet = Object.keys(copy.actions);
    expect(withoutRowsThatAreNotThereYet).toEqual(Object.keys(await stored(tenant)));
    await copy.readChanges();
    expect(copy.actions).toEqual(await stored(tenant));
  });

  it('should have readers start anew that are behind the horizon or ahead of the feed', async () => {
    const { tenant, domain, create, remove } = await tenantWithDomain(libs());
    const anna = await create({ userName: `anna@${domain}` });
    const copy = new Copy(feed(), tenant);
    await copy.readChanges();
    await remove(anna);
    await create({ userName: `bob@${domain}` });
    await libs().database.write((session) =>
      session.run('UPDATE outbox_event SET at = 1 WHERE tenant_id = ?', [tenant]),
    );
    await libs().clocks.run({ only: 'feed-retention', now: true });
    const { version, horizon } = (await feed().heads()).items.find(({ tenantId }) => tenantId === tenant) ?? {};
    expect(horizon).toBe(version);
    const nothing = { rows: [], hasMore: false, reset: true };
    expect(await feed().changes(tenant, copy.version)).toEqual({ ...nothing, next: copy.version });
    expect(await feed().changes(tenant, (version ?? 0) + 1)).toMatchObject(nothing);
    expect(await feed().changes(tenant, version ?? 0)).toMatchObject({ rows: [], reset: false });
    const anew = new Copy(feed(), tenant);
    await anew.readSnapshot(10);
    expect(anew.actions).toMatchObject({ [`bob@${domain}`]: 'accept' });
    expect(await anew.readChanges()).toEqual([]);
  });

  it('should digest what a copy has, without regard to order and to what is gone', async () => {
    const { tenant, domain, create, change, remove } = await tenantWithDomain(libs());
    const digestOf = async () => {
      const copy = new Copy(feed(), tenant);
      await copy.readSnapshot(10);
      const sum = new RecipientDigest();
      for (const row of [...copy.rows.values()].reverse()) {
        const fingerprint = fingerprintOf(row);
        if (fingerprint !== undefined) sum.add(fingerprint);
      }
      return { count: sum.count, digest: sum.digest };
    };
    const none = { count: 0, digest: '0'.repeat(32) };
    expect(await feed().digest(tenant)).toEqual({ version: 0, ...none });
    const anna = await create({ userName: `anna@${domain}` });
    await create({ userName: `bob@${domain}` });
    const two = await feed().digest(tenant);
    expect(two).toMatchObject({ ...(await digestOf()), count: 2 });
    await change(anna, { active: false });
    const changed = await feed().digest(tenant);
    expect(changed?.digest).not.toBe(two?.digest);
    expect(changed).toMatchObject(await digestOf());
    await remove(anna);
    expect(await feed().digest(tenant)).toMatchObject({ ...(await digestOf()), count: 1 });
  });

  // Edge case 33.
  it('should show the domains of a suspended domain, a suspended tenant and a closed one as gateways must take them', async () => {
    const { tenant, domain, create } = await tenantWithDomain(libs());
    await create({ userName: `anna@${domain}` });
    const others = [...(await feed().relayDomains())].filter(({ tenantId }) => tenantId !== tenant);
    const told = async () => {
      const [first, ...more] = await feed().relayDomains(tenant);
      expect(more).toEqual([]);
      return first;
    };
    expect(await told()).toMatchObject({ name: domain, status: 'verified', subaddressing: 'plus', nextHop: null });
    const copy = new Copy(feed(), tenant);
    await copy.readSnapshot(10);
    const before = (await feed().heads()).pulse;
    await libs().domains.suspend(tenant, actor, domain);
    expect((await feed().heads(before)).items).not.toEqual([]);
    expect(await told()).toMatchObject({ status: 'suspended' });
    await libs().tenants.change(tenant, actor, { status: 'suspended' });
    await copy.readChanges();
    expect(copy.actions).toMatchObject({ [`anna@${domain}`]: 'reject' });
    const versionBefore = copy.version;
    await libs().tenants.close(tenant, actor);
    await copy.readChanges();
    expect(copy.version).toBeGreaterThan(versionBefore);
    expect(new Set(Object.values(copy.actions))).toEqual(new Set(['gone']));
    expect(await feed().relayDomains(tenant)).toEqual([]);
    expect((await feed().relayDomains()).filter(({ tenantId }) => tenantId !== tenant)).toEqual(others);
  });

  it('should tell that the domains of a closed tenant have no owner under a version of their own', async () => {
    const domain = newDomainName();
    const tenant = await createTenant(libs(), { domains: [domain] });
    const { pulse } = await feed().heads();
    await libs().tenants.close(tenant, actor);
    expect((await feed().heads(pulse)).items.map(({ tenantId }) => tenantId)).toContain(tenant);
    const events = await query(
      libs().database,
      "SELECT data FROM outbox_event WHERE tenant_id = ? AND type = 'domain.released'",
      [tenant],
    );
    expect(events.map(({ data }) => JSON.parse(String(data)) as unknown)).toMatchObject([{ domain }]);
  });

  it('should tell nothing of one tenant to another', async () => {
    const { domain, create } = await tenantWithDomain(libs());
    await create({ userName: `anna@${domain}` });
    const other = await createTenant(libs());
    expect(await feed().changes(other, 0)).toEqual({ rows: [], next: 0, hasMore: false, reset: false });
    expect(await feed().relayDomains(other)).toEqual([]);
    const copy = new Copy(feed(), other);
    await copy.readSnapshot(10);
    expect(copy.actions).toEqual({});
  });
});
