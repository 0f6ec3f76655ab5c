import { afterEach, expect, it } from '@jest/globals';
import { describeEachEngine } from '../../support/engines/index.js';
import { DomainInUseError, type Mailbox } from '@cleanmail/mailboxes';
import { TenantNotFoundError } from '@cleanmail/tenants';
import type { User } from '@cleanmail/users';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';
import { tenantWithDomain } from './provider.js';

const hour = 3_600_000;

describeEachEngine('edge cases of suspension', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  const clock = (at: number) => ({ actor: 'clock', requestId: 'r', at });

  /** What the clock does at that time; answers how many mailboxes it found due in the tenant. */
  async function runClock(tenant: string, at: number): Promise<number> {
    return libs().database.write(async (session) => {
      const due = (await libs().grace.dueGrace(session, at, 1000)).filter((each) => each.tenant === tenant);
      const [first] = due;
      if (first !== undefined) {
        const ids = due.map(({ mailboxId }) => mailboxId);
        expect(await libs().grace.settleGrace(first.tenant, session, ids, clock(at))).toBe(due.length);
      }
      return due.length;
    });
  }

  it('active=false: suspended; within grace mail accepted; after grace per policy; seat ended at the event time', async () => {
    const { create, change, mailboxOf, policy, action, domain, tenant, events } = await tenantWithDomain(libs());
    await policy({ inactiveGraceHours: 48, inactiveMailPolicy: 'defer' });
    const user = await create({ userName: `anna@${domain}` });
    const off = await change(user, { active: false });
    const suspended = await mailboxOf(user);
    expect(suspended).toMatchObject({ status: 'suspended', statusReason: 'scim', seat: false });
    expect(suspended.graceUntil).toBe(suspended.statusSince + 48 * hour);
    expect(await action(`anna@${domain}`)).toBe('accept');
    expect(await runClock(tenant, off.lastModified + 47 * hour)).toBe(0);
    expect(await runClock(tenant, off.lastModified + 49 * hour)).toBe(1);
    expect(await mailboxOf(user)).toMatchObject({ status: 'suspended', graceUntil: null });
    expect(await action(`anna@${domain}`)).toBe('defer');
    expect((await events(suspended)).at(-1)).toBe('mailbox.recipients_changed');
    expect(await runClock(tenant, off.lastModified + 50 * hour)).toBe(0);
    const [interval] = await libs().seats.intervals(tenant, { from: 0, to: Date.now() + hour }, { limit: 10 });
    expect(interval?.to).toBe(suspended.statusSince);
  });

  it('active=true within the grace: nothing was lost, and the clock finds nothing', async () => {
    const { create, change, mailboxOf, policy, action, domain, tenant } = await tenantWithDomain(libs());
    await policy({ inactiveGraceHours: 1 });
    const user = await create({ userName: `anna@${domain}` });
    const off = await change(user, { active: false });
    await change(user, { active: true });
    expect(await mailboxOf(user)).toMatchObject({ status: 'active', graceUntil: null });
    expect(await runClock(tenant, off.lastModified + 2 * hour)).toBe(0);
    expect(await action(`anna@${domain}`)).toBe('accept');
  });

  it('should end a grace once, whoever comes first', async () => {
    const { create, change, mailboxOf, policy, domain, tenant } = await tenantWithDomain(libs());
    await policy({ inactiveGraceHours: 1 });
    const user = await create({ userName: `anna@${domain}` });
    const { lastModified } = await change(user, { active: false });
    const { id } = await mailboxOf(user);
    const end = () =>
      libs().database.write((session) =>
        libs().grace.settleGrace(tenant, session, [id], clock(lastModified + 2 * hour)),
      );
    const ended = await Promise.all([end(), end(), end(), end()]);
    expect(ended.sort()).toEqual([0, 0, 0, 1]);
    expect(await libs().database.write((session) => libs().grace.settleGrace(tenant, session, [id], clock(1)))).toBe(0);
  });

  it('active=false for a mailbox of kind shared: mail continues', async () => {
    const { create, change, mailboxOf, action, domain, tenant } = await tenantWithDomain(libs());
    const user = await create({ userName: `info@${domain}` });
    const { id } = await mailboxOf(user);
    await libs().support.change(tenant, actor, { id }, { kind: 'shared' });
    await change(user, { active: false });
    expect(await mailboxOf(user)).toMatchObject({
      status: 'suspended',
      statusReason: 'scim',
      kind: 'shared',
      seat: false,
    });
    expect(await action(`info@${domain}`)).toBe('accept');
  });

  it('A suspended leaver turned into a shared mailbox: mail is accepted again at once', async () => {
    const { create, change, mailboxOf, action, domain, tenant } = await tenantWithDomain(libs());
    const user = await create({ userName: `info@${domain}` });
    await change(user, { active: false });
    expect(await action(`info@${domain}`)).toBe('reject');
    const { id } = await mailboxOf(user);
    await libs().support.change(tenant, actor, { id }, { kind: 'shared' });
    expect(await action(`info@${domain}`)).toBe('accept');
    await libs().support.change(tenant, actor, { id }, { inactiveMailPolicy: 'hold' });
    expect(await action(`info@${domain}`)).toBe('hold');
    await libs().support.change(tenant, actor, { id }, { inactiveMailPolicy: null });
    expect(await action(`info@${domain}`)).toBe('accept');
  });

  it('active=true after an admin suspension: stays suspended(admin); SCIM shows active=true', async () => {
    const { create, change, mailboxOf, action, domain, tenant } = await tenantWithDomain(libs());
    const user = await create({ userName: `anna@${domain}` });
    const { id } = await mailboxOf(user);
    await libs().support.change(tenant, actor, { id }, { adminState: 'suspended' });
    await change(user, { active: false });
    const on = await change(user, { active: true });
    expect(on.resource).toMatchObject({ active: true });
    expect(await mailboxOf(user)).toMatchObject({ status: 'suspended', statusReason: 'admin', scimActive: true });
    expect(await action(`anna@${domain}`)).toBe('reject');
    await libs().support.change(tenant, actor, { id }, { adminState: 'none' });
    expect(await mailboxOf(user)).toMatchObject({ status: 'active', statusReason: null });
  });

  it('Forced active by support: the identity provider’s active=false changes nothing until that is taken back', async () => {
    const { create, change, mailboxOf, action, domain, tenant } = await tenantWithDomain(libs());
    const user = await create({ userName: `anna@${domain}` });
    const { id } = await mailboxOf(user);
    await libs().support.change(tenant, actor, { id }, { adminState: 'forced_active' });
    await change(user, { active: false });
    expect(await mailboxOf(user)).toMatchObject({ status: 'active', statusReason: 'admin', seat: true });
    expect(await action(`anna@${domain}`)).toBe('accept');
    await libs().support.change(tenant, actor, { id }, { adminState: 'none' });
    expect(await mailboxOf(user)).toMatchObject({ status: 'suspended', statusReason: 'scim', seat: false });
  });

  it('Tenant suspended: all recipients per tenant policy; claims kept; resumed as they were', async () => {
    const { create, change, remove, mailboxOf, action, policy, domain, tenant } = await tenantWithDomain(libs());
    await policy({ inactiveMailPolicy: 'defer' });
    const users: User[] = [];
    for (let count = 0; count < 60; count += 1) users.push(await create({ userName: `u${count}@${domain}` }));
    const [off, shared, admin, deleted] = users as [User, User, User, User];
    await change(off, { active: false });
    await libs().support.change(tenant, actor, { id: (await mailboxOf(shared)).id }, { kind: 'shared' });
    await libs().support.change(tenant, actor, { id: (await mailboxOf(admin)).id }, { adminState: 'suspended' });
    await remove(deleted);
    const before = await libs().mailboxes.list(tenant, { limit: 100 });
    await libs().tenants.change(tenant, actor, { status: 'suspended' });
    const during = await libs().mailboxes.list(tenant, { limit: 100 });
    expect(new Set(during.map(({ status, statusReason }) => `${status}(${statusReason})`))).toEqual(
      new Set(['suspended(tenant)', 'deleted(scim)']),
    );
    expect(during.map(({ addresses }) => addresses)).toEqual(before.map(({ addresses }) => addresses));
    expect(during.map(({ seat }) => seat)).toEqual(before.map(({ seat }) => seat));
    for (const name of ['u0', 'u1', 'u2', 'u59']) expect(await action(`${name}@${domain}`)).toBe('defer');
    expect(await action(`u3@${domain}`)).toBe('gone');
    await libs().tenants.change(tenant, actor, { status: 'active' });
    const resumed = await libs().mailboxes.list(tenant, { limit: 100 });
    const standing = (mailboxes: typeof before) =>
      mailboxes.map(({ status, statusReason, seat }) => [status, statusReason, seat]);
    expect(standing(resumed)).toEqual(standing(before));
    expect(await action(`u59@${domain}`)).toBe('accept');
    expect(await action(`u1@${domain}`)).toBe('accept');
  });

  it('Tenant suspended, interrupted half-way: found as unsettled and finished by whoever goes on', async () => {
    const { create, mailboxOf, domain, tenant } = await tenantWithDomain(libs());
    const user = await create({ userName: `anna@${domain}` });
    await libs().database.write(async (session) => {
      await session.run("UPDATE tenant SET status = 'suspended' WHERE id = ?", [tenant]);
      await session.run(
        'UPDATE tenant_mail_counter SET is_suspended = ?, settings_version = settings_version + 1 WHERE tenant_id = ?',
        [true, tenant],
      );
    });
    const unsettled = () => libs().database.read((session) => libs().settlement.unsettled(session, 1000));
    expect(await unsettled()).toContain(tenant);
    await Promise.all([
      libs().settlement.settle(tenant, clock(Date.now())),
      libs().settlement.settle(tenant, clock(Date.now())),
    ]);
    expect(await mailboxOf(user)).toMatchObject({ status: 'suspended', statusReason: 'tenant' });
    expect(await unsettled()).not.toContain(tenant);
  });

  it('Tenant suspended while users come: none of them stays active', async () => {
    const { create, domain, tenant } = await tenantWithDomain(libs());
    await Promise.all([
      ...Array.from({ length: 15 }, (_, index) => create({ userName: `u${index}@${domain}` })),
      libs().tenants.change(tenant, actor, { status: 'suspended' }),
      ...Array.from({ length: 15 }, (_, index) => create({ userName: `v${index}@${domain}` })),
    ]);
    expect(await libs().mailboxes.list(tenant, { status: 'active', limit: 100 })).toEqual([]);
    expect(await libs().mailboxes.list(tenant, { status: 'suspended', limit: 100 })).toHaveLength(30);
  });

  it('Tenant closed: gone, and its addresses are free', async () => {
    const { create, action, domain, tenant } = await tenantWithDomain(libs());
    await create({ userName: `anna@${domain}` });
    await libs().tenants.change(tenant, actor, { status: 'suspended' });
    expect(await action(`anna@${domain}`)).toBe('reject');
    await libs().tenants.close(tenant, actor);
    expect(await action(`anna@${domain}`)).toBe('gone');
    const heir = await tenantWithDomain(libs());
    await libs().support.create(heir.tenant, actor, {
      address: `a@${heir.domain}`,
      kind: 'user',
      origin: 'manual',
      aliases: [],
    });
  });

  it('Tenant closed: gone after the notice period of its policy, which a clock ends', async () => {
    const { create, policy, action, mailboxOf, byId, domain, tenant } = await tenantWithDomain(libs());
    await policy({ noticeDays: 14 });
    const { id } = await mailboxOf(await create({ userName: `anna@${domain}` }));
    await libs().tenants.close(tenant, actor);
    await expect(libs().tenants.get(tenant)).rejects.toThrow(TenantNotFoundError);
    const [notice] = (await libs().audit.list(tenant, { limit: 1 })).map(({ details }) => details['mailEndsAt']);
    expect(Date.parse(String(notice))).toBeGreaterThan(Date.now() + 13 * 24 * hour);
    // Neither a repeated close nor the clock ends it early.
    await libs().tenants.close(tenant, actor);
    await libs().clocks.run({ only: 'tenant-closures', now: true });
    expect([await action(`anna@${domain}`), (await byId(id)).status]).toEqual(['accept', 'active']);
    await expect(createTenant(libs(), { domains: [domain] })).rejects.toThrow(DomainInUseError);
    await libs().database.write((session) => session.run('UPDATE tenant SET mail_ends_at = 1 WHERE id = ?', [tenant]));
    expect(await libs().clocks.run({ only: 'tenant-closures', now: true })).toMatchObject([{ done: 1, failed: 0 }]);
    expect([await action(`anna@${domain}`), (await byId(id)).status]).toEqual(['gone', 'deleted']);
    expect(await libs().clocks.run({ only: 'tenant-closures', now: true })).toMatchObject([{ done: 0 }]);
    await createTenant(libs(), { domains: [domain] });
  });

  it('Tenant closed: what was deleted or purged before keeps its times, and only gives up its addresses', async () => {
    const { create, remove, mailboxOf, byId, domain, tenant } = await tenantWithDomain(libs());
    const ended: Mailbox[] = [];
    for (const name of ['kept', 'purged']) {
      const user = await create({ userName: `${name}@${domain}`, externalId: name });
      const { id } = await mailboxOf(user);
      await remove(user);
      const purgeAfter = name === 'purged' ? 1 : Date.now() + 1000 * hour;
      // Deleted an hour ago: times that were set anew would be later.
      await libs().database.write((session) =>
        session.run('UPDATE mailbox_account SET deleted_at = deleted_at - ?, purge_after = ? WHERE id = ?', [
          hour,
          purgeAfter,
          id,
        ]),
      );
      await libs().clocks.run({ only: 'mailbox-purge', now: true });
      ended.push(await byId(id));
    }
    expect(ended.map(({ status }) => status)).toEqual(['deleted', 'purged']);
    await libs().tenants.close(tenant, actor);
    for (const before of ended) {
      const { addresses, ...rest } = await byId(before.id);
      expect({ ...rest, rowVersion: before.rowVersion, addresses: before.addresses }).toEqual(before);
      expect(addresses.map(({ state }) => state)).toEqual(before.status === 'purged' ? [] : ['released']);
    }
  });

  it('A changed policy for inactive mailboxes takes effect on those that are suspended already, in all batches', async () => {
    const { create, change, action, policy, domain, tenant, mailboxOf } = await tenantWithDomain(libs());
    const users: User[] = [];
    for (let count = 0; count < 120; count += 1)
      users.push(await create({ userName: `u${count}@${domain}`, active: false }));
    const [own, active] = users as [User, User];
    await libs().support.change(tenant, actor, { id: (await mailboxOf(own)).id }, { inactiveMailPolicy: 'hold' });
    await change(active, { active: true });
    const version = async () =>
      (await query(libs().database, 'SELECT feed_version FROM tenant_mail_counter WHERE tenant_id = ?', [tenant]))[0]?.[
        'feed_version'
      ];
    const before = Number(await version());
    await policy({ inactiveMailPolicy: 'deliver' });
    expect(Number(await version())).toBeGreaterThan(before);
    expect([await action(`u0@${domain}`), await action(`u1@${domain}`)]).toEqual(['hold', 'accept']);
    for (const name of ['u2', 'u60', 'u119']) expect(await action(`${name}@${domain}`)).toBe('accept');
    await policy({ inactiveMailPolicy: 'reject', inactiveGraceHours: 24 });
    expect(await action(`u2@${domain}`)).toBe('accept');
    await policy({ inactiveGraceHours: 0 });
    expect(await action(`u2@${domain}`)).toBe('reject');
    const settled = Number(await version());
    await policy({ inactiveGraceHours: 0 });
    expect(Number(await version())).toBe(settled);
  });
});
