import { afterEach, expect, it } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import { DomainInUseError, InvalidDomainError } from '@cleanmail/mailboxes';
import type { User } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, replacing } from '../support/commands.js';
import { actor, createTenant, libsFor, openLibs } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';

describeEachEngine('domains and their owners', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  const newDomain = () => `d-${newId()}.example`;

  async function create(
    tenant: TenantId,
    userName: string,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<User> {
    return libs().users.create(tenant, command(), { userName, ...more });
  }

  async function standing(tenant: TenantId, user: User) {
    const mailbox = await libs().mailboxes.byUser(tenant, user.id);
    return {
      status: mailbox?.status,
      reason: mailbox?.statusReason,
      wishes: mailbox?.wishes.map(({ wantedKey }) => wantedKey),
    };
  }

  async function recipient(key: string) {
    const [row] = await query(libs().database, 'SELECT tenant_id, action FROM mail_recipient WHERE address_key = ?', [
      key,
    ]);
    return row;
  }

  const active = { status: 'active', reason: null, wishes: [] };

  it('should give an address to the first of two tenants without domains', async () => {
    const [first, second] = [await createTenant(libs()), await createTenant(libs())];
    const address = `ceo@${newDomain()}`;
    const [winner, loser] = [await create(first, address), await create(second, address.toUpperCase())];
    expect(await standing(first, winner)).toEqual(active);
    expect(await standing(second, loser)).toEqual({ status: 'pending', reason: 'address_taken', wishes: [address] });
    expect(await recipient(address)).toEqual({ tenant_id: first, action: 'accept' });
  });

  it('should give an address to exactly one of twenty tenants that want it at once', async () => {
    const tenants: TenantId[] = [];
    for (let count = 0; count < 20; count += 1) tenants.push(await createTenant(libs()));
    const address = `ceo@${newDomain()}`;
    const users = await Promise.all(tenants.map((tenant) => create(tenant, address)));
    const statuses = await Promise.all(
      users.map(async (user, index) => standing(tenants[index] ?? ('' as TenantId), user)),
    );
    expect(statuses.filter(({ status }) => status === 'active')).toHaveLength(1);
    expect(statuses.filter(({ reason }) => reason === 'address_taken')).toHaveLength(19);
  });

  it('should take an address back from a tenant that had it while nobody owned the domain', async () => {
    const domain = newDomain();
    const squatter = await createTenant(libs());
    const [anna, bob] = [await create(squatter, `anna@${domain}`), await create(squatter, `bob@${domain}`)];
    const owner = await createTenant(libs(), { domains: [domain] });
    for (const [user, name] of [
      [anna, 'anna'],
      [bob, 'bob'],
    ] as const) {
      const evicted = { status: 'pending', reason: 'domain_not_owned', wishes: [`${name}@${domain}`] };
      expect(await standing(squatter, user)).toEqual(evicted);
      expect(await recipient(`${name}@${domain}`)).toEqual({ tenant_id: squatter, action: 'gone' });
    }
    const rightful = await create(owner, `anna@${domain}`);
    expect(await standing(owner, rightful)).toEqual(active);
    expect(await recipient(`anna@${domain}`)).toEqual({ tenant_id: owner, action: 'accept' });
  });

  it('should end the open claims of many mailboxes, also reserved and former ones', async () => {
    const domain = newDomain();
    const squatter = await createTenant(libs());
    const users: User[] = [];
    for (let count = 0; count < 60; count += 1) users.push(await create(squatter, `u${count}@${domain}`));
    const [renamed, deleted, moved] = users as [User, User, User];
    await libs().users.modify(squatter, command(), renamed.id, replacing({ userName: `new@${domain}` }));
    await libs().users.delete(squatter, command(), deleted.id);
    await libs().users.modify(squatter, command(), moved.id, replacing({ userName: `moved@${newDomain()}` }));
    await createTenant(libs(), { domains: [domain] });
    const left = "SELECT COUNT(*) AS n FROM mailbox_address WHERE domain_ascii = ? AND state <> 'released'";
    expect(await query(libs().database, left, [domain])).toEqual([{ n: 0 }]);
    expect(await standing(squatter, renamed)).toMatchObject({ status: 'pending', wishes: [`new@${domain}`] });
    expect(await standing(squatter, moved)).toEqual(active);
    const [gone] = await libs().mailboxes.list(squatter, { status: 'deleted', limit: 10 });
    expect(gone).toMatchObject({ wishes: [] });
  });

  it('should let the owner win also over a claim that came between its claim and the eviction', async () => {
    const domain = newDomain();
    const squatter = await createTenant(libs());
    const anna = await create(squatter, `anna@${domain}`);
    const owner = await createTenant(libs());
    await libs().database.write(async (session) => {
      await session.run(
        "INSERT INTO mail_domain (tenant_id, id, name_ascii, name_unicode, status, created_at, unknown_recipient_policy, subaddressing) VALUES (?, ?, ?, ?, 'verified', 1, 'defer', 'plus')",
        [owner, newId(), domain, domain],
      );
      await session.run(
        "INSERT INTO mail_relay_domain (name, tenant_id, unknown_recipient_policy, active, version) VALUES (?, ?, 'defer', 1, 0)",
        [domain, owner],
      );
    });
    const rightful = await create(owner, `anna@${domain}`);
    expect(await standing(owner, rightful)).toEqual(active);
    expect(await standing(squatter, anna)).toMatchObject({ status: 'pending', reason: 'domain_not_owned' });
  });

  it('should park what a tenant with domains wants at a domain of nobody, and at a subdomain of its own', async () => {
    const domain = newDomain();
    const tenant = await createTenant(libs(), { domains: [domain] });
    const [guest, sub] = [await create(tenant, `bob@${newDomain()}`), await create(tenant, `bob@mail.${domain}`)];
    expect(await standing(tenant, guest)).toMatchObject({ status: 'pending', reason: 'domain_not_owned' });
    expect(await standing(tenant, sub)).toMatchObject({ status: 'pending', reason: 'domain_not_owned' });
  });

  it('should see one domain in all its spellings', async () => {
    const name = `mü-${newId()}.example`;
    const tenant = await createTenant(libs(), { domains: [name.toUpperCase(), `${name}.`, ` ${name} `] });
    const { domains } = await libs().tenants.get(tenant);
    expect(domains).toMatchObject([{ name, status: 'verified' }]);
    const ascii = domains[0]?.nameAscii ?? '';
    expect(ascii).toMatch(/^xn--/);
    await expect(createTenant(libs(), { domains: [ascii.toUpperCase()] })).rejects.toBeInstanceOf(DomainInUseError);
    const user = await create(tenant, `Anna@${name.toUpperCase()}`);
    expect(await standing(tenant, user)).toEqual(active);
    expect(await recipient(`anna@${ascii}`)).toEqual({ tenant_id: tenant, action: 'accept' });
    const relay = await query(
      libs().database,
      'SELECT name, active FROM mail_relay_domain WHERE tenant_id = ? ORDER BY name',
      [tenant],
    );
    expect(relay.map((row) => row['name']).sort()).toEqual([ascii, name].sort());
  });

  it('should refuse a text that is no domain, and create nothing', async () => {
    const name = `Tenant ${newId()}`;
    for (const domain of ['localhost', '127.0.0.1', 'a_b.example', '', 'anna@contoso.ch']) {
      const wanted = { name, profile: 'cleanmail', domains: [newDomain(), domain] } as const;
      await expect(libs().tenants.create(actor, wanted)).rejects.toBeInstanceOf(InvalidDomainError);
    }
    expect(await query(libs().database, 'SELECT 1 AS one FROM tenant WHERE name = ?', [name])).toEqual([]);
  });

  it('should give a domain to exactly one of twenty tenants that claim it at once, and create nothing of the others', async () => {
    const [shared, name] = [newDomain(), `Tenant ${newId()}`];
    // The embedded database belongs to one node; its driver waits for a lock without letting this process go on.
    const second = engine.name === 'sqlite' ? undefined : await openLibs(libs().databaseUrl);
    try {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => {
          const own = newDomain();
          const domains = index % 2 === 0 ? [own, shared] : [shared, own];
          return (index % 3 === 0 ? (second ?? libs()) : libs()).tenants.create(actor, {
            name,
            profile: 'cleanmail',
            domains,
          });
        }),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') {
          expect(outcome.reason).toBeInstanceOf(DomainInUseError);
          expect((outcome.reason as Error).message).toContain(shared);
        }
      }
    } finally {
      await second?.close();
    }
    const [row, ...others] = await query(libs().database, 'SELECT id FROM tenant WHERE name = ?', [name]);
    expect(others).toEqual([]);
    expect((await libs().tenants.get(row?.['id'] as TenantId)).domains).toHaveLength(2);
    const counts =
      'SELECT (SELECT COUNT(*) FROM tenant) AS tenants, (SELECT COUNT(*) FROM tenant_mail_counter) AS counters';
    const [{ tenants, counters } = {}] = await query(libs().database, counts);
    expect(counters).toBe(tenants);
  });

  it('should not deadlock for good when two tenants claim the same domains in opposite order', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [one, two] = [newDomain(), newDomain()];
      const claims = [
        [one, two],
        [two, one],
      ].map((domains) => createTenant(libs(), { domains }));
      const outcomes = await Promise.allSettled(claims);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(failed?.reason).toBeInstanceOf(DomainInUseError);
    }
  });

  it('should settle who has what while owners appear under load', async () => {
    const domain = newDomain();
    const squatters = [await createTenant(libs()), await createTenant(libs())];
    const [owner] = await Promise.all([
      createTenant(libs(), { domains: [domain] }),
      ...squatters.flatMap((tenant, which) =>
        Array.from({ length: 15 }, (_, index) => create(tenant, `u${index * 2 + which}@${domain}`)),
      ),
    ]);
    await Promise.all(Array.from({ length: 30 }, (_, index) => create(owner, `u${index}@${domain}`)));
    const holders = await query(
      libs().database,
      "SELECT tenant_id, COUNT(*) AS n FROM mailbox_address WHERE domain_ascii = ? AND state <> 'released' GROUP BY tenant_id",
      [domain],
    );
    expect(holders).toEqual([{ tenant_id: owner, n: 30 }]);
  });
});
