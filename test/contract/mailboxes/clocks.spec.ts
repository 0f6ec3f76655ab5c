import { afterEach, expect, it, jest } from '@jest/globals';
import { newId, type SqlValue, type TenantId } from '@cleanmail/database';
import type { ClockRun, ClockStatus } from '@cleanmail/journal';
import type { Mailbox } from '@cleanmail/mailboxes';
import type { ProfileName } from '@cleanmail/tenants';
import type { User } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, replacing } from '../support/commands.js';
import { domainTools, newDomainName } from '../support/domains.js';
import { actor, createTenant, libsFor, withSecondNode } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';

const day = 86_400_000;

describeEachEngine('what time ends', (engine) => {
  const libs = libsFor(engine);
  afterEach(async () => {
    jest.restoreAllMocks();
    await expectMailConsistent(libs().database);
  });
  const { create, mailboxOf, held, recipient, events } = domainTools(libs);

  const sql = (statement: string, values: readonly SqlValue[] = []) =>
    libs().database.write((session) => session.run(statement, values));

  async function tenantWithDomain(profile: ProfileName = 'cleanmail') {
    const domain = newDomainName();
    return { domain, profile, tenant: await createTenant(libs(), { profile, domains: [domain] }) };
  }

  async function run(only: string): Promise<ClockRun> {
    const [first] = await libs().clocks.run({ only, now: true });
    if (first === undefined) throw new Error(`${only} did not run`);
    return first;
  }

  const byId = async (tenant: TenantId, { id }: Mailbox): Promise<Mailbox> => {
    const mailbox = await libs().mailboxes.byId(tenant, id);
    if (mailbox === undefined) throw new Error('there is no such mailbox');
    return mailbox;
  };

  /** A mailbox whose user was deleted, and whose retention is over. */
  async function dueForPurge(tenant: TenantId, domain: string, externalId = newId()): Promise<Mailbox> {
    const user = await create(tenant, `Anna.${externalId.slice(-6)}@${domain}`, { externalId });
    const mailbox = await mailboxOf(tenant, user);
    await libs().users.delete(tenant, command(), user.id);
    await letPurgeBeDue(mailbox);
    return byId(tenant, mailbox);
  }

  const letPurgeBeDue = ({ id }: Mailbox) =>
    sql('UPDATE mailbox_account SET purge_after = deleted_at + 1 WHERE id = ?', [id]);
  const letAddressesBeDue = ({ id }: Mailbox) =>
    sql('UPDATE mailbox_address SET valid_until = 1 WHERE mailbox_id = ?', [id]);
  const typesOf = async (tenant: TenantId, { id }: Mailbox) =>
    (await events(tenant)).filter(({ mailbox_id: mailbox }) => mailbox === id).map(({ type }) => type);

  it('should purge what is due: names, display forms and wishes end, id and reserved addresses stay', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const before = await dueForPurge(tenant, domain);
    expect(await run('mailbox-purge')).toMatchObject({ done: 1, failed: 0, outcome: 'done' });
    const after = await byId(tenant, before);
    expect(after).toMatchObject({ id: before.id, status: 'purged', externalId: null, purgeAfter: null, wishes: [] });
    expect(after.addresses).toMatchObject([{ state: 'reserved', localDisplay: before.addresses[0]?.localKey }]);
    expect(after.addresses[0]?.validUntil).toBeGreaterThanOrEqual(Date.now() + 89 * day);
    expect((await typesOf(tenant, before)).at(-1)).toBe('mailbox.purged');
    const certificates = await query(
      libs().database,
      'SELECT reason, details FROM erasure_certificate WHERE mailbox_id = ?',
      [before.id],
    );
    expect(certificates).toEqual([{ reason: 'retention', details: expect.not.stringContaining('anna') }]);
    expect(
      JSON.stringify(await query(libs().database, 'SELECT * FROM mailbox_account WHERE id = ?', [before.id])),
    ).not.toContain(before.externalId);
  });

  it('should keep what is not due, and let the same person come back to it', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const user = await create(tenant, `anna@${domain}`, { externalId: 'e1' });
    const mailbox = await mailboxOf(tenant, user);
    await libs().users.delete(tenant, command(), user.id);
    await run('mailbox-purge');
    expect(await byId(tenant, mailbox)).toMatchObject({ status: 'deleted' });
    const again = await create(tenant, `anna@${domain}`, { externalId: 'e1' });
    expect(await mailboxOf(tenant, again)).toMatchObject({ id: mailbox.id, status: 'active' });
  });

  it('Purge with legal hold: skipped and reported, and the addresses stay reserved', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const mailbox = await dueForPurge(tenant, domain);
    await sql('UPDATE mailbox_account SET legal_hold = ? WHERE id = ?', [true, mailbox.id]);
    await letAddressesBeDue(mailbox);
    expect(await run('mailbox-purge')).toMatchObject({ done: 0, skipped: 1 });
    expect(await run('address-expiry')).toMatchObject({ done: 0 });
    expect(await byId(tenant, mailbox)).toMatchObject({ status: 'deleted', externalId: mailbox.externalId });
    await sql('UPDATE mailbox_account SET legal_hold = ? WHERE id = ?', [false, mailbox.id]);
    expect(await run('mailbox-purge')).toMatchObject({ done: 1, skipped: 0 });
  });

  it('Purge twice: no-op', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const mailbox = await dueForPurge(tenant, domain);
    expect(await run('mailbox-purge')).toMatchObject({ done: 1 });
    const purged = await byId(tenant, mailbox);
    expect(await run('mailbox-purge')).toMatchObject({ done: 0, skipped: 0 });
    expect(await byId(tenant, mailbox)).toEqual(purged);
  });

  it('Purge while the mailbox was revived: aborted by row_version; the person keeps the mailbox or gets a new one', async () => {
    const { tenant, domain } = await tenantWithDomain();
    for (let round = 0; round < 12; round += 1) {
      const externalId = newId();
      const mailbox = await dueForPurge(tenant, domain, externalId);
      const [user] = await Promise.all([
        create(tenant, `back${round}@${domain}`, { externalId }),
        run('mailbox-purge'),
      ]);
      const now = await mailboxOf(tenant, user);
      const { status } = await byId(tenant, mailbox);
      expect(now.status).toBe('active');
      expect(status).toBe(now.id === mailbox.id ? 'active' : 'purged');
    }
  });

  it('should let two nodes run every job at once and do nothing twice', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const due: Mailbox[] = [];
    for (let count = 0; count < 8; count += 1) due.push(await dueForPurge(tenant, domain));
    const renamed = await create(tenant, `old@${domain}`);
    await libs().users.modify(tenant, command(), renamed.id, replacing({ userName: `new@${domain}` }));
    await sql("UPDATE mailbox_address SET valid_until = 1 WHERE tenant_id = ? AND role = 'former'", [tenant]);
    await withSecondNode(engine, libs(), async (second) => {
      // The jobs themselves, without the lease that would keep the second node out.
      const cause = { actor: 'clock:test', requestId: 'run', at: Date.now() };
      const pass = { cause, goesOn: async () => true };
      await Promise.all([libs(), second].flatMap(({ jobs }) => jobs.map((job) => job.run(pass))));
    });
    for (const mailbox of due) {
      expect((await typesOf(tenant, mailbox)).filter((type) => type === 'mailbox.purged')).toHaveLength(1);
      const certificates = await query(libs().database, 'SELECT id FROM erasure_certificate WHERE mailbox_id = ?', [
        mailbox.id,
      ]);
      expect(certificates).toHaveLength(1);
    }
    const released = (await typesOf(tenant, await mailboxOf(tenant, renamed))).filter(
      (type) => type === 'address.released',
    );
    expect(released).toHaveLength(1);
  });

  it('should end a former address, which anybody may have then', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const user = await create(tenant, `a@${domain}`);
    await libs().users.modify(tenant, command(), user.id, replacing({ userName: `b@${domain}` }));
    const mailbox = await mailboxOf(tenant, user);
    expect(await run('address-expiry')).toMatchObject({ done: 0 });
    await sql("UPDATE mailbox_address SET valid_until = 1 WHERE mailbox_id = ? AND role = 'former'", [mailbox.id]);
    expect(await run('address-expiry')).toMatchObject({ done: 1 });
    expect(held(await mailboxOf(tenant, user))).toEqual([`b@${domain} primary live`]);
    expect(await recipient(`a@${domain}`)).toMatchObject({ action: 'gone' });
    expect((await typesOf(tenant, mailbox)).at(-1)).toBe('address.released');
    expect(await mailboxOf(tenant, await create(tenant, `a@${domain}`))).toMatchObject({ status: 'active' });
  });

  it('should end reserved addresses of a purged mailbox only, and keep no trace of their names', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const mailbox = await dueForPurge(tenant, domain);
    await letAddressesBeDue(mailbox);
    expect(await run('address-expiry')).toMatchObject({ done: 0 });
    await run('mailbox-purge');
    expect(await run('address-expiry')).toMatchObject({ done: 0 });
    await letAddressesBeDue(mailbox);
    expect(await run('address-expiry')).toMatchObject({ done: 1 });
    expect(await byId(tenant, mailbox)).toMatchObject({ status: 'purged', addresses: [] });
    expect(await query(libs().database, 'SELECT id FROM mailbox_address WHERE mailbox_id = ?', [mailbox.id])).toEqual(
      [],
    );
  });

  it('should keep no trace of an address that a purged mailbox yields to somebody else', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const mailbox = await dueForPurge(tenant, domain);
    await run('mailbox-purge');
    const [address] = held(await byId(tenant, mailbox));
    const heir = await create(tenant, String(address).split(' ')[0] ?? '');
    expect(await mailboxOf(tenant, heir)).toMatchObject({ status: 'active' });
    expect(await query(libs().database, 'SELECT id FROM mailbox_address WHERE mailbox_id = ?', [mailbox.id])).toEqual(
      [],
    );
  });

  it('purge clock and rename expiry use the time of the database, not that of the node', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const user = await create(tenant, `anna@${domain}`);
    const mailbox = await mailboxOf(tenant, user);
    await libs().users.delete(tenant, command(), user.id);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 400 * day);
    expect(await run('mailbox-purge')).toMatchObject({ done: 0 });
    jest.restoreAllMocks();
    const due = await dueForPurge(tenant, domain);
    jest.spyOn(Date, 'now').mockReturnValue(0);
    expect(await run('mailbox-purge')).toMatchObject({ done: 1 });
    jest.restoreAllMocks();
    expect(await byId(tenant, mailbox)).toMatchObject({ status: 'deleted' });
    expect(await byId(tenant, due)).toMatchObject({ status: 'purged' });
  });

  it('should set no deadline by the clock of a node that lives in another year', async () => {
    const { tenant, domain } = await tenantWithDomain();
    for (const off of [-400 * day, 400 * day]) {
      const user = await create(tenant, `u${off}@${domain}`);
      const mailbox = await mailboxOf(tenant, user);
      const { request, ...rest } = command();
      await libs().users.delete(tenant, { ...rest, request: { ...request, at: Date.now() + off } }, user.id);
      const { purgeAfter } = await byId(tenant, mailbox);
      expect(Math.abs((purgeAfter ?? 0) - Date.now() - 30 * day)).toBeLessThan(60_000);
    }
  });

  it('should not wait for a lease, or for a next run, of a clock that was set back', async () => {
    await run('mailbox-purge');
    const ahead = Date.now() + 3_600_000;
    await sql("UPDATE clock_job SET holder = 'gone', lease_until = ?, started_at = ? WHERE name = 'mailbox-purge'", [
      ahead,
      ahead,
    ]);
    expect(await libs().clocks.run({ only: 'mailbox-purge' })).toMatchObject([{ outcome: 'done' }]);
  });

  it('should leave a job to the node that has it, and take it over from one that died', async () => {
    await run('mailbox-purge');
    const lease = (until: number) =>
      sql("UPDATE clock_job SET holder = 'another node', lease_until = ? WHERE name = 'mailbox-purge'", [until]);
    await lease(Date.now() + 50_000);
    expect(await libs().clocks.run({ only: 'mailbox-purge', now: true })).toEqual([]);
    const running = (await libs().clocks.status()).find(({ name }) => name === 'mailbox-purge');
    expect(running).toMatchObject({ isRunning: true });
    await lease(Date.now() - 1000);
    expect(await libs().clocks.run({ only: 'mailbox-purge', now: true })).toMatchObject([{ outcome: 'done' }]);
  });

  it('should run a job again only when its time has come, unless it is told to', async () => {
    await run('mailbox-purge');
    expect(await libs().clocks.run({ only: 'mailbox-purge' })).toEqual([]);
    await sql("UPDATE clock_job SET started_at = started_at - 300001 WHERE name = 'mailbox-purge'");
    expect(await libs().clocks.run({ only: 'mailbox-purge' })).toHaveLength(1);
  });

  it('should stop between two items when the process does', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const mailbox = await dueForPurge(tenant, domain);
    const stopped = new AbortController();
    stopped.abort();
    expect(await libs().clocks.run({ now: true, signal: stopped.signal })).toEqual([]);
    expect(await byId(tenant, mailbox)).toMatchObject({ status: 'deleted' });
    await run('mailbox-purge');
  });

  it('should pass over what fails, and say so', async () => {
    const { tenant, domain } = await tenantWithDomain();
    const [bad, good] = [await dueForPurge(tenant, domain), await dueForPurge(tenant, domain)];
    const purge = libs().jobs.find(({ name }) => name === 'mailbox-purge') as unknown as {
      readonly purge: { purge: (...values: readonly unknown[]) => Promise<boolean> };
    };
    const original = purge.purge.purge.bind(purge.purge);
    jest
      .spyOn(purge.purge, 'purge')
      .mockImplementation((...values) =>
        values[2] === bad.id ? Promise.reject(new Error('broken')) : original(...values),
      );
    expect(await run('mailbox-purge')).toMatchObject({ done: 1, failed: 1, outcome: 'done' });
    jest.restoreAllMocks();
    expect(await byId(tenant, good)).toMatchObject({ status: 'purged' });
    expect(await run('mailbox-purge')).toMatchObject({ done: 1, failed: 0 });
  });

  it('should keep the status of every job', async () => {
    await libs().clocks.run({ now: true });
    const status = await libs().clocks.status();
    expect(status.map(({ name }: ClockStatus) => name)).toEqual([
      'tenant-closures', 'domain-transfers', 'domain-duties', 'mail-settlement', 'guard-batches', 'inactive-grace', 'mailbox-purge', 'free-seats', 'address-expiry',
      'taken-addresses', 'domain-checks', 'feed-retention', 'leaver-retention', 'profile-erasure', 'erasure-requests',
      'log-retention',
    ]); // prettier-ignore
    for (const job of status) {
      expect(job).toMatchObject({ outcome: 'done', isRunning: false, error: null, finishedAt: expect.any(Number) });
    }
  });
});

describeEachEngine('the erasure of deactivated users of SendSafely', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));
  const sendsafely = () => command({ profile: 'sendsafely' });
  const { mailboxOf, events } = domainTools(libs);

  const profile = {
    externalId: 'e1',
    name: { givenName: 'Anna', familyName: 'Muster' },
    displayName: 'Anna Muster',
    emails: [{ value: 'anna@private.example', type: 'work', primary: true }],
    phoneNumbers: [{ value: '+41 44 123', type: 'work' }],
    title: 'Head of something',
  };

  async function deactivated(): Promise<{ readonly tenant: TenantId; readonly user: User; readonly domain: string }> {
    const domain = newDomainName();
    const tenant = await createTenant(libs(), { profile: 'sendsafely', domains: [domain] });
    const user = await libs().users.create(tenant, sendsafely(), { userName: `Anna@${domain}`, ...profile });
    await libs().users.modify(tenant, sendsafely(), user.id, replacing({ active: false }));
    return { tenant, user, domain };
  }

  const letErasureBeDue = (tenant: TenantId) =>
    libs().database.write((session) =>
      session.run('UPDATE mailbox_account SET erase_after = 1 WHERE tenant_id = ?', [tenant]),
    );
  const erase = async () => (await libs().clocks.run({ only: 'profile-erasure', now: true }))[0];

  it('should erase profile data after the period, leave a certificate, and go on answering to Entra', async () => {
    const { tenant, user, domain } = await deactivated();
    expect(await erase()).toMatchObject({ done: 0 });
    await letErasureBeDue(tenant);
    expect(await erase()).toMatchObject({ done: 1 });
    const erased = await libs().users.get(tenant, user.id);
    expect(erased).toMatchObject({ id: user.id, version: 3 });
    expect(erased.resource).toEqual({ userName: `Anna@${domain}`, externalId: 'e1', active: false });
    const stored = JSON.stringify(
      await query(libs().database, 'SELECT * FROM scim_user WHERE tenant_id = ?', [tenant]),
    );
    expect(stored).not.toMatch(/muster|private|\+41|something/i);
    const mailbox = await mailboxOf(tenant, user);
    expect(mailbox).toMatchObject({ status: 'suspended', eraseAfter: null, addresses: [{ localDisplay: 'anna' }] });
    const [told] = await libs().history.entries(tenant, mailbox.id, { limit: 1 });
    expect(told).toMatchObject({ actor: 'clock:profile-erasure', erased: ['addresses.localDisplay'] });
    const [certificate, ...more] = await query(
      libs().database,
      'SELECT * FROM erasure_certificate WHERE tenant_id = ?',
      [tenant],
    );
    expect(more).toEqual([]);
    expect(certificate).toMatchObject({
      user_id: user.id,
      mailbox_id: mailbox.id,
      reason: 'deactivated',
      actor: 'clock:profile-erasure',
    });
    expect(String(certificate?.['details'])).toContain('"phoneNumbers"');
    expect(String(certificate?.['details'])).not.toMatch(/muster|private|\+41/i);
    expect((await events(tenant)).at(-1)).toMatchObject({ type: 'mailbox.erased' });
    expect(await erase()).toMatchObject({ done: 0 });
    const back = await libs().users.modify(
      tenant,
      sendsafely(),
      user.id,
      replacing({ active: true, displayName: 'Anna' }),
    );
    expect(back.resource).toMatchObject({ active: true, displayName: 'Anna' });
    expect(await mailboxOf(tenant, user)).toMatchObject({ status: 'active' });
  });

  it('should take nothing from a user who is enabled again within the period', async () => {
    const { tenant, user } = await deactivated();
    await libs().users.modify(tenant, sendsafely(), user.id, replacing({ active: true }));
    await erase();
    expect((await libs().users.get(tenant, user.id)).resource).toMatchObject(profile);
  });

  it('should lose nothing when a user is enabled again in the very moment of the erasure', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { tenant, user } = await deactivated();
      await letErasureBeDue(tenant);
      const [, run] = await Promise.all([
        libs().users.modify(tenant, sendsafely(), user.id, replacing({ active: true })),
        erase(),
      ]);
      const { resource } = await libs().users.get(tenant, user.id);
      expect(resource).toMatchObject({ active: true, ...(run?.done === 0 ? profile : {}) });
      const certificates = await query(libs().database, 'SELECT id FROM erasure_certificate WHERE tenant_id = ?', [
        tenant,
      ]);
      expect(certificates).toHaveLength(run?.done ?? 0);
      expect('title' in resource).toBe(run?.done === 0);
    }
  });

  it('should not erase under a legal hold, nor what a deleted user left to its retention', async () => {
    const { tenant, user } = await deactivated();
    await letErasureBeDue(tenant);
    await libs().database.write((session) =>
      session.run('UPDATE mailbox_account SET legal_hold = ? WHERE tenant_id = ?', [true, tenant]),
    );
    expect(await erase()).toMatchObject({ done: 0, skipped: 1 });
    expect((await libs().users.get(tenant, user.id)).resource).toMatchObject(profile);
    await libs().database.write((session) =>
      session.run('UPDATE mailbox_account SET legal_hold = ? WHERE tenant_id = ?', [false, tenant]),
    );
    await libs().users.delete(tenant, sendsafely(), user.id);
    expect(await erase()).toMatchObject({ done: 0, skipped: 1 });
    expect(await erase()).toMatchObject({ done: 0, skipped: 0 });
    expect(await query(libs().database, 'SELECT id FROM erasure_certificate WHERE tenant_id = ?', [tenant])).toEqual(
      [],
    );
  });
});

describeEachEngine('the retention of the journals', (engine) => {
  const libs = libsFor(engine);
  const { create, recipient, feedVersion } = domainTools(libs);
  const run = async (only: string) => (await libs().clocks.run({ only, now: true }))[0];
  const sql = (statement: string, values: readonly SqlValue[] = []) =>
    libs().database.write((session) => session.run(statement, values));
  const count = async (table: string, tenant: TenantId) =>
    Number(
      (await query(libs().database, `SELECT COUNT(*) AS n FROM ${table} WHERE tenant_id = ?`, [tenant]))[0]?.['n'],
    );

  it('should end log entries past their time, and no younger ones', async () => {
    const tenant = await createTenant(libs());
    const other = await createTenant(libs());
    for (const each of [tenant, other]) await create(each, `u-${newId()}@free.example`);
    // Ids carry their time: these are of the year 2001.
    for (let index = 0; index < 3; index += 1) {
      const id = `00e7be2c-0000-7000-8000-00000000000${index}`;
      await sql(
        "INSERT INTO provisioning_log (tenant_id, id, at, token_id, request_id, method, operation, outcome, status, duration_ms, changes) VALUES (?, ?, 1000000000000, 't', 'r', 'GET', 'read', 'success', 200, 1, '[]')",
        [tenant, id],
      );
      await sql(
        "INSERT INTO audit_entry (id, tenant_id, at, actor, action, target, details) VALUES (?, ?, 1, 'a', 'b', 'c', '{}')",
        [id, tenant],
      );
    }
    expect(await run('log-retention')).toMatchObject({ done: 6, failed: 0 });
    expect(await count('provisioning_log', tenant)).toBe(1);
    expect(await count('audit_entry', tenant)).toBe(1);
    expect(await count('provisioning_log', other)).toBe(1);
    expect(await run('log-retention')).toMatchObject({ done: 0 });
  });

  it('should end events past their horizon without a hole, with the recipients that were gone by then, and say how far', async () => {
    const domain = newDomainName();
    const tenant = await createTenant(libs(), { domains: [domain] });
    const users = [];
    for (let index = 0; index < 4; index += 1) users.push(await create(tenant, `u${index}@${domain}`));
    const [first, second] = users;
    for (const user of [first, second]) if (user !== undefined) await libs().users.delete(tenant, command(), user.id);
    // The first one's address is free again; the second one's stays reserved.
    await sql(
      "UPDATE mailbox_address SET state = 'released', valid_until = NULL WHERE tenant_id = ? AND local_key = 'u0'",
      [tenant],
    );
    const last = await feedVersion(tenant);
    await sql('UPDATE outbox_event SET at = 1000 WHERE tenant_id = ? AND version < ?', [tenant, last]);
    expect(await run('feed-retention')).toMatchObject({ failed: 0 });
    const [{ feed_horizon: horizon, feed_version: version } = {}] = await query(
      libs().database,
      'SELECT feed_horizon, feed_version FROM tenant_mail_counter WHERE tenant_id = ?',
      [tenant],
    );
    expect([horizon, version]).toEqual([last - 1, last]);
    const left = await query(libs().database, 'SELECT DISTINCT version FROM outbox_event WHERE tenant_id = ?', [
      tenant,
    ]);
    expect(left).toEqual([{ version: last }]);
    expect(await recipient(`u0@${domain}`)).toBeUndefined();
    expect(await recipient(`u1@${domain}`)).toMatchObject({ action: 'gone' });
    expect(await recipient(`u2@${domain}`)).toMatchObject({ action: 'accept' });
    expect(await run('feed-retention')).toMatchObject({ done: 0 });
  });

  it('should leave an audit trail of closed tenants until it ends by itself', async () => {
    const tenant = await createTenant(libs());
    await libs().tenants.close(tenant, actor);
    await run('log-retention');
    expect(await count('audit_entry', tenant)).toBe(2);
  });
});
