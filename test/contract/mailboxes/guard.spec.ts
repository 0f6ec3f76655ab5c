import { afterEach, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { User } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';
import { tenantWithGuard } from './leavers.js';
import { providerOf, tenantWithDomain } from './provider.js';

const hour = 3_600_000;

describeEachEngine('the deprovision guard', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  /** Lets time pass for the leavers of a tenant. */
  const later = (tenant: string, milliseconds: number) =>
    libs().database.write((session) =>
      session.run('UPDATE mail_leaver SET at = at - ? WHERE tenant_id = ?', [milliseconds, tenant]),
    );
  const count = (statuses: readonly string[], wanted: string) => statuses.filter((status) => status === wanted).length;

  it('active=false ×1000 in an hour: guard: SCIM 200, stored, mail effect held, alarm; confirm/reject works for the batch', async () => {
    const at = await tenantWithGuard(libs(), { threshold: 3, people: 8 });
    await at.deactivate(at.users);
    for (const user of at.users) {
      expect((await libs().users.get(at.tenant, user.id)).resource).toMatchObject({ active: false });
    }
    const held = Array<string>(5).fill('active(guard_held)');
    expect(await at.statuses()).toEqual([...Array<string>(3).fill('suspended(scim)'), ...held]);
    expect([await at.action(`u2@${at.domain}`), await at.action(`u3@${at.domain}`)]).toEqual(['reject', 'accept']);
    expect(await at.mailboxOf(at.users[7] as User)).toMatchObject({
      scimActive: false,
      seat: true,
      graceUntil: null,
      eraseAfter: null,
      guardState: 'held',
    });
    const batch = await at.openBatch();
    expect(batch).toMatchObject({ status: 'open', threshold: 3, deactivations: 5, deletions: 0, decidedAt: null });
    expect(await at.guardEvents()).toEqual([['guard.tripped', { batchId: batch.id, threshold: 3 }]]);
    const listed = await libs().mailboxes.list(at.tenant, { guardBatchId: batch.id, limit: 10 });
    expect(listed.map(({ scimUserId }) => scimUserId)).toEqual(at.users.slice(3).map(({ id }) => id));
    expect(await libs().guard.reject(at.tenant, actor, batch.id)).toMatchObject({
      status: 'rejected',
      decidedBy: actor.name,
    });
    expect((await at.statuses()).slice(3)).toEqual(Array<string>(5).fill('active(guard_rejected)'));
    expect(await at.action(`u7@${at.domain}`)).toBe('accept');
  });

  it('40 leavers at once: exactly the threshold takes effect, the others are in one batch', async () => {
    const { users, change, statuses, openBatch, guardEvents } = await tenantWithGuard(libs(), {
      threshold: 10,
      people: 40,
    });
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await Promise.all(users.map((user) => change(user, { active: false })));
    const after = await statuses();
    expect([count(after, 'suspended(scim)'), count(after, 'active(guard_held)')]).toEqual([10, 30]);
    const batch = await openBatch();
    expect(batch).toMatchObject({ deactivations: 30 });
    expect(await guardEvents()).toHaveLength(1);
    // Not by a unit of work that was run again.
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining(batch.id)]);
    warn.mockRestore();
  });

  it('should go by a share of the seats that were in use when the hour’s first leaver came', async () => {
    const { users, deactivate, statuses, policy, create, domain } = await tenantWithGuard(libs(), {
      threshold: 0,
      people: 12,
    });
    await policy({ guardMaxPct: 25 });
    await deactivate(users.slice(0, 6));
    expect(count(await statuses(), 'suspended(scim)')).toBe(3);
    for (let more = 0; more < 8; more += 1) await create({ userName: `n${more}@${domain}` });
    await deactivate(users.slice(6, 8));
    expect(count(await statuses(), 'suspended(scim)')).toBe(3);
    // Of the 17 seats that are in use by now nine leavers are half, and eight were counted.
    await policy({ guardMaxPct: 55 });
    await deactivate(users.slice(8, 12));
    expect(count(await statuses(), 'suspended(scim)')).toBe(4);
  });

  it('should forget leavers of more than an hour ago, one by one', async () => {
    const { users, deactivate, statuses, tenant } = await tenantWithGuard(libs(), { threshold: 2, people: 8 });
    await deactivate(users.slice(0, 1));
    await later(tenant, hour / 2);
    await deactivate(users.slice(1, 3));
    expect((await statuses()).slice(0, 3)).toEqual(['suspended(scim)', 'suspended(scim)', 'active(guard_held)']);
    await later(tenant, hour / 2);
    // The held one counts, too: while a mistake goes on, the guard stays shut.
    await deactivate(users.slice(3, 4));
    expect(count(await statuses(), 'active(guard_held)')).toBe(2);
    await later(tenant, hour);
    await deactivate(users.slice(4, 6));
    expect(count(await statuses(), 'suspended(scim)')).toBe(4);
    await deactivate(users.slice(6));
    expect(count(await statuses(), 'active(guard_held)')).toBe(4);
    expect(await libs().guard.list(tenant, { limit: 10 })).toHaveLength(1);
  });

  it('should go on after a clock was set back, and keep one old row of a leaver', async () => {
    const { users, deactivate, statuses, tenant } = await tenantWithGuard(libs(), { threshold: 2, people: 6 });
    await deactivate(users.slice(0, 1));
    await later(tenant, -10 * hour);
    await deactivate(users.slice(1, 2));
    expect(count(await statuses(), 'suspended(scim)')).toBe(2);
    await libs().database.write((session) =>
      session.run('UPDATE mail_leaver SET at = at - ? WHERE tenant_id = ? AND seq = 1', [10 * hour, tenant]),
    );
    await later(tenant, 4 * hour);
    const rows = () => query(libs().database, 'SELECT seq FROM mail_leaver WHERE tenant_id = ?', [tenant]);
    await libs().clocks.run({ only: 'leaver-retention', now: true });
    expect(await rows()).toEqual([{ seq: 2 }]);
    await deactivate(users.slice(2));
    expect(count(await statuses(), 'suspended(scim)')).toBe(4);
    expect(count(await statuses(), 'active(guard_held)')).toBe(2);
  });

  it('should be off at 100 percent, and hold everybody at 0', async () => {
    const { users, deactivate, statuses, policy } = await tenantWithGuard(libs(), { threshold: 0, people: 4 });
    await policy({ guardMaxPct: 100 });
    await deactivate(users.slice(0, 3));
    expect(count(await statuses(), 'suspended(scim)')).toBe(3);
    await policy({ guardMaxPct: 0 });
    await deactivate(users.slice(3));
    expect(count(await statuses(), 'active(guard_held)')).toBe(1);
  });

  it('should not count whose mail does not end: pending, suspended by support, shared, forced active', async () => {
    const { users, deactivate, statuses, create, mailboxOf, tenant } = await tenantWithGuard(libs(), {
      threshold: 0,
      people: 3,
    });
    const guest = await create({ userName: 'guest@elsewhere.example' });
    const changes = [{ adminState: 'suspended' }, { kind: 'shared' }, { adminState: 'forced_active' }] as const;
    for (const [index, change] of changes.entries()) {
      await libs().support.change(tenant, actor, { id: (await mailboxOf(users[index] as User)).id }, change);
    }
    await deactivate([...users, guest]);
    expect(await statuses()).toEqual([
      'suspended(admin)',
      'suspended(scim)',
      'active(admin)',
      'pending(domain_not_owned)',
    ]);
    expect(await libs().guard.list(tenant, { limit: 10 })).toEqual([]);
  });

  it('should hold a new user who is inactive from the start only where that ends mail', async () => {
    const { create, statuses, tenant, domain } = await tenantWithGuard(libs(), { threshold: 0, people: 0 });
    const imported = { kind: 'user', origin: 'import', aliases: [] } as const;
    await libs().support.create(tenant, actor, { ...imported, address: `old@${domain}` });
    await create({ userName: `old@${domain}`, active: false });
    await create({ userName: `new@${domain}`, active: false });
    expect(await statuses()).toEqual(['active(guard_held)', 'suspended(scim)']);
  });

  it('should hold what happens while the tenant is suspended', async () => {
    const { users, deactivate, statuses, tenant } = await tenantWithGuard(libs(), { threshold: 0, people: 2 });
    await libs().tenants.change(tenant, actor, { status: 'suspended' });
    await deactivate(users);
    expect(await statuses()).toEqual(Array<string>(2).fill('suspended(tenant)'));
    await libs().tenants.change(tenant, actor, { status: 'active' });
    expect(await statuses()).toEqual(Array<string>(2).fill('active(guard_held)'));
  });

  it('A mistake of one tenant is no leaver of another', async () => {
    const one = await tenantWithGuard(libs(), { threshold: 1, people: 3 });
    const other = await tenantWithGuard(libs(), { threshold: 1, people: 1 });
    await one.deactivate(one.users);
    await other.deactivate(other.users);
    expect(await other.statuses()).toEqual(['suspended(scim)']);
    expect(await libs().guard.list(other.tenant, { limit: 10 })).toEqual([]);
    const { id } = await one.openBatch();
    await expect(libs().guard.get(other.tenant, id)).rejects.toMatchObject({ code: 'guard_batch_not_found' });
    await expect(libs().guard.release(other.tenant, actor, id)).rejects.toMatchObject({
      code: 'guard_batch_not_found',
    });
    await expect(libs().guard.reject(other.tenant, actor, id)).rejects.toMatchObject({ code: 'guard_batch_not_found' });
    expect(await libs().mailboxes.list(other.tenant, { guardBatchId: id, limit: 10 })).toEqual([]);
    expect(await one.openBatch()).toMatchObject({ deactivations: 2 });
  });

  it('A tenant without domains and with default thresholds: 50 leave, the next one waits', async () => {
    const tenant = await createTenant(libs());
    const { create, change } = providerOf(libs(), tenant);
    const { domain } = await tenantWithDomain(libs());
    const users: User[] = [];
    for (let index = 0; index < 51; index += 1) users.push(await create({ userName: `u${index}@x-${domain}` }));
    for (const user of users) await change(user, { active: false });
    const held = await libs().mailboxes.list(tenant, { status: 'active', limit: 100 });
    expect(held.map(({ statusReason }) => statusReason)).toEqual(['guard_held']);
  });
});
