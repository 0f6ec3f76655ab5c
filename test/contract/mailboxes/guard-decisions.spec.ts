import { afterEach, expect, it } from '@jest/globals';
import type { User } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';
import { tenantWithGuard } from './leavers.js';

const day = 86_400_000;

describeEachEngine('decisions on held leavers', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  const first = (users: readonly User[]): User => users[0] as User;

  it('Released: suspended as of then, with their grace, and their seats ended', async () => {
    const at = await tenantWithGuard(libs(), { threshold: 0, people: 3 });
    await at.policy({ inactiveGraceHours: 1 });
    await at.deactivate(at.users);
    const { id } = await at.openBatch();
    const batch = await libs().guard.release(at.tenant, actor, id);
    const decidedAt = Number(batch.decidedAt);
    expect(batch).toMatchObject({ status: 'released', decidedBy: actor.name, deactivations: 3, deletions: 0 });
    expect(batch.settledAt).not.toBeNull();
    expect(await at.mailboxOf(first(at.users))).toMatchObject({
      status: 'suspended',
      statusReason: 'scim',
      statusSince: decidedAt,
      graceUntil: decidedAt + 3_600_000,
      seat: false,
      guardState: 'released',
    });
    const intervals = await libs().seats.intervals(at.tenant, { from: 0, to: decidedAt + day }, { limit: 10 });
    expect(intervals.map(({ to }) => to)).toEqual([decidedAt, decidedAt, decidedAt]);
    expect((await at.guardEvents()).at(-1)).toEqual([
      'guard.released',
      { batchId: id, deactivations: 3, deletions: 0 },
    ]);
    const audited = await libs().audit.list(at.tenant, { limit: 1 });
    expect(audited).toMatchObject([{ action: 'guard-batch.release', target: id, actor: actor.name }]);
    await at.change(first(at.users), { active: true });
    expect(await at.mailboxOf(first(at.users))).toMatchObject({
      status: 'active',
      guardState: null,
      guardBatchId: null,
    });
  });

  it('Rejected: active until the identity provider says something else, also while it repeats itself', async () => {
    const { users, deactivate, change, openBatch, mailboxOf, tenant, policy, domain, action } = await tenantWithGuard(
      libs(),
      { threshold: 0, people: 1 },
    );
    await deactivate(users);
    await libs().guard.reject(tenant, actor, (await openBatch()).id);
    await change(first(users), { active: false, displayName: 'Anna', userName: `anna@${domain}` });
    expect(await mailboxOf(first(users))).toMatchObject({
      status: 'active',
      statusReason: 'guard_rejected',
      seat: true,
    });
    expect(await action(`anna@${domain}`)).toBe('accept');
    await change(first(users), { active: true });
    expect(await mailboxOf(first(users))).toMatchObject({ status: 'active', statusReason: null, guardState: null });
    await policy({ guardMaxAbs: 5 });
    await deactivate(users);
    expect(await mailboxOf(first(users))).toMatchObject({
      status: 'suspended',
      statusReason: 'scim',
      guardState: null,
    });
  });

  it('Back before support decided: out of the batch, and nothing was lost', async () => {
    const { users, deactivate, change, openBatch, mailboxOf, tenant } = await tenantWithGuard(libs(), {
      threshold: 0,
      people: 2,
    });
    const before = await mailboxOf(first(users));
    await deactivate(users);
    await change(first(users), { active: true });
    const { id } = await openBatch();
    expect(await libs().guard.get(tenant, id)).toMatchObject({ deactivations: 1 });
    await libs().guard.release(tenant, actor, id);
    const after = await mailboxOf(first(users));
    const changing = { rowVersion: 0, statusSince: 0 };
    expect({ ...after, ...changing }).toEqual({ ...before, ...changing });
  });

  it('Deleted and held: 404, the name is free, mail goes on, the same person gets the same mailbox back', async () => {
    const { users, removeAll, create, openBatch, mailboxOf, byId, action, domain, tenant } = await tenantWithGuard(
      libs(),
      { threshold: 0, people: 2 },
    );
    const [anna, bob] = [await mailboxOf(first(users)), await mailboxOf(users[1] as User)];
    await removeAll(users);
    await expect(libs().users.get(tenant, first(users).id)).rejects.toMatchObject({ status: 404 });
    expect(await byId(anna.id)).toMatchObject({
      status: 'active',
      statusReason: 'guard_held',
      scimUserId: null,
      deletedAt: null,
      seat: true,
    });
    expect(await action(`u0@${domain}`)).toBe('accept');
    expect(await openBatch()).toMatchObject({ deactivations: 0, deletions: 2 });
    const again = await create({ userName: `u0@${domain}`, externalId: 'e0' });
    expect(await mailboxOf(again)).toMatchObject({
      id: anna.id,
      status: 'active',
      statusReason: null,
      guardState: null,
    });
    const heir = await create({ userName: `u1@${domain}`, externalId: 'somebody else' });
    expect(await mailboxOf(heir)).toMatchObject({ status: 'active' });
    expect((await mailboxOf(heir)).id).not.toBe(bob.id);
    expect(await byId(bob.id)).toMatchObject({ status: 'pending', guardState: 'held', seat: false });
    await libs().guard.release(tenant, actor, (await openBatch()).id);
    expect(await byId(bob.id)).toMatchObject({ status: 'deleted', guardState: 'released' });
    expect(await action(`u1@${domain}`)).toBe('accept');
  });

  it('Deletions released: deleted as of then, kept until the retention from then is over', async () => {
    const { users, removeAll, openBatch, mailboxOf, byId, action, domain, tenant } = await tenantWithGuard(libs(), {
      threshold: 0,
      people: 1,
    });
    const { id } = await mailboxOf(first(users));
    await removeAll(users);
    const { decidedAt } = await libs().guard.release(tenant, actor, (await openBatch()).id);
    expect(await byId(id)).toMatchObject({
      status: 'deleted',
      deletedAt: decidedAt,
      purgeAfter: Number(decidedAt) + 30 * day,
    });
    expect(await action(`u0@${domain}`)).toBe('gone');
  });

  it('Deletions rejected: a mailbox without a user, for the same person and nobody else', async () => {
    const { users, removeAll, remove, openBatch, mailboxOf, byId, create, domain, tenant } = await tenantWithGuard(
      libs(),
      { threshold: 0, people: 1 },
    );
    const { id } = await mailboxOf(first(users));
    await removeAll(users);
    await libs().guard.reject(tenant, actor, (await openBatch()).id);
    expect(await byId(id)).toMatchObject({ status: 'active', statusReason: null, scimUserId: null, scimActive: null });
    const stranger = await create({ userName: `u0@${domain}`, externalId: 'stranger' });
    expect(await mailboxOf(stranger)).toMatchObject({ status: 'pending', statusReason: 'address_taken' });
    await remove(stranger);
    const same = await create({ userName: `u0@${domain}`, externalId: 'e0' });
    expect(await mailboxOf(same)).toMatchObject({ id, status: 'active' });
  });

  it('Deactivated, held and then deleted: one leaver, still held, deleted by the release', async () => {
    const { users, deactivate, removeAll, openBatch, mailboxOf, byId, tenant } = await tenantWithGuard(libs(), {
      threshold: 0,
      people: 2,
    });
    const { id } = await mailboxOf(first(users));
    await deactivate(users);
    await removeAll(users.slice(0, 1));
    expect(await openBatch()).toMatchObject({ deactivations: 1, deletions: 1 });
    const counter = 'SELECT leavers FROM tenant_mail_counter WHERE tenant_id = ?';
    expect(await query(libs().database, counter, [tenant])).toEqual([{ leavers: 2 }]);
    await libs().guard.release(tenant, actor, (await openBatch()).id);
    expect(await byId(id)).toMatchObject({ status: 'deleted' });
  });

  it('Deleted, held and back as inactive: still held, as a deactivation, and suspended by the release', async () => {
    const { users, removeAll, create, openBatch, mailboxOf, domain, tenant } = await tenantWithGuard(libs(), {
      threshold: 0,
      people: 1,
    });
    const { id } = await mailboxOf(first(users));
    await removeAll(users);
    const back = await create({ userName: `u0@${domain}`, externalId: 'e0', active: false });
    expect(await mailboxOf(back)).toMatchObject({
      id,
      status: 'active',
      statusReason: 'guard_held',
      scimActive: false,
    });
    expect(await openBatch()).toMatchObject({ deactivations: 1, deletions: 0 });
    await libs().guard.release(tenant, actor, (await openBatch()).id);
    expect(await mailboxOf(back)).toMatchObject({ status: 'suspended', statusReason: 'scim', deletedAt: null });
  });

  it('SendSafely: nothing is erased while it waits; the period begins with the release', async () => {
    const people = { threshold: 0, people: 2, profile: 'sendsafely' } as const;
    const { users, deactivate, openBatch, mailboxOf, tenant, change } = await tenantWithGuard(libs(), people);
    await deactivate(users);
    expect(await mailboxOf(first(users))).toMatchObject({ status: 'active', eraseAfter: null });
    await change(first(users), { active: true });
    const { decidedAt } = await libs().guard.release(tenant, actor, (await openBatch()).id);
    expect(await mailboxOf(first(users))).toMatchObject({ eraseAfter: null });
    expect(await mailboxOf(users[1] as User)).toMatchObject({ eraseAfter: Number(decidedAt) + 30 * day });
  });

  it.each(['released', 'rejected'] as const)(
    'Interrupted after it was %s: a clock finishes it, once',
    async (status) => {
      const { users, deactivate, openBatch, statuses, change, tenant } = await tenantWithGuard(libs(), {
        threshold: 0,
        people: 60,
      });
      await Promise.all(users.map((user) => change(user, { active: false })));
      const { id } = await openBatch();
      const mark =
        "UPDATE guard_batch SET status = ?, decided_at = ?, decided_by = 'anna' WHERE tenant_id = ? AND id = ?";
      await libs().database.write((session) => session.run(mark, [status, Date.now(), tenant, id]));
      // Whoever leaves meanwhile is in a batch of its own, and whoever comes back is in none.
      await change(first(users), { active: true });
      const run = () => libs().clocks.run({ only: 'guard-batches', now: true });
      await Promise.all([run(), run()]);
      expect(await libs().guard.get(tenant, id)).toMatchObject({ status, decidedBy: 'anna' });
      expect((await libs().guard.get(tenant, id)).settledAt).not.toBeNull();
      const expected = status === 'released' ? 'suspended(scim)' : 'active(guard_rejected)';
      expect(await statuses()).toEqual(['active', ...Array<string>(59).fill(expected)]);
      await run();
      await deactivate(users.slice(0, 1));
      expect((await openBatch()).id).not.toBe(id);
    },
  );

  it('Decided twice, or by two at once: the second one is told who was first', async () => {
    const { users, deactivate, openBatch, tenant } = await tenantWithGuard(libs(), { threshold: 0, people: 3 });
    await deactivate(users);
    const { id } = await openBatch();
    const both = await Promise.allSettled([
      libs().guard.release(tenant, actor, id),
      libs().guard.reject(tenant, { ...actor, name: 'other' }, id),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(libs().guard.release(tenant, actor, id)).rejects.toMatchObject({ code: 'guard_batch_decided' });
    await expect(libs().guard.reject(tenant, actor, id)).rejects.toThrow(/was (released|rejected) by/);
    await expect(libs().guard.get(tenant, 'nonsense')).rejects.toMatchObject({ code: 'guard_batch_not_found' });
  });

  it('Leavers who come while support decides are in the decided batch or in the next one, and none is forgotten', async () => {
    const { users, change, deactivate, openBatch, statuses, tenant } = await tenantWithGuard(libs(), {
      threshold: 0,
      people: 24,
    });
    await deactivate(users.slice(0, 4));
    const { id } = await openBatch();
    await Promise.all([
      ...users.slice(4, 14).map((user) => change(user, { active: false })),
      libs().guard.release(tenant, actor, id),
      ...users.slice(14).map((user) => change(user, { active: false })),
    ]);
    const batches = await libs().guard.list(tenant, { limit: 10 });
    expect(batches.reduce((sum, { deactivations }) => sum + deactivations, 0)).toBe(24);
    const released = batches.find(({ status }) => status === 'released')?.deactivations;
    expect((await statuses()).filter((status) => status === 'suspended(scim)')).toHaveLength(Number(released));
  });

  it('Support’s word about one of them stands above the batch', async () => {
    const { users, deactivate, openBatch, mailboxOf, statuses, tenant } = await tenantWithGuard(libs(), {
      threshold: 0,
      people: 3,
    });
    await deactivate(users);
    const [suspended, forced] = [await mailboxOf(first(users)), await mailboxOf(users[1] as User)];
    await libs().support.change(tenant, actor, { id: suspended.id }, { adminState: 'suspended' });
    await libs().support.change(tenant, actor, { id: forced.id }, { adminState: 'forced_active' });
    await expect(libs().support.restore(tenant, actor, { id: forced.id })).rejects.toMatchObject({
      code: 'mailbox_state',
    });
    expect(await statuses()).toEqual(['suspended(admin)', 'active(admin)', 'active(guard_held)']);
    await libs().guard.release(tenant, actor, (await openBatch()).id);
    expect(await statuses()).toEqual(['suspended(admin)', 'active(admin)', 'suspended(scim)']);
    await libs().support.change(tenant, actor, { id: suspended.id }, { adminState: 'none' });
    await libs().support.change(tenant, actor, { id: forced.id }, { adminState: 'none' });
    expect(await statuses()).toEqual(Array<string>(3).fill('suspended(scim)'));
  });

  it('Tenant closed: everything ends, and the batch with it', async () => {
    const { users, deactivate, removeAll, openBatch, tenant, domain, action } = await tenantWithGuard(libs(), {
      threshold: 0,
      people: 2,
    });
    await deactivate(users);
    await removeAll(users.slice(1));
    const { id } = await openBatch();
    await libs().tenants.close(tenant, actor);
    expect(await libs().guard.get(tenant, id)).toMatchObject({ status: 'closed', decidedBy: actor.name });
    const ended = await libs().mailboxes.list(tenant, { limit: 10 });
    expect(ended.map(({ status, guardState }) => [status, guardState])).toEqual([
      ['deleted', null],
      ['deleted', null],
    ]);
    expect(await action(`u0@${domain}`)).toBe('gone');
  });

  it('should list batches newest first, page by page', async () => {
    const { users, deactivate, openBatch, tenant } = await tenantWithGuard(libs(), { threshold: 0, people: 3 });
    const ids: string[] = [];
    for (const user of users) {
      await deactivate([user]);
      const { id } = await openBatch();
      ids.unshift(id);
      if (ids.length < 3) await libs().guard.reject(tenant, actor, id);
    }
    const page = await libs().guard.list(tenant, { limit: 2 });
    expect(page.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const rest = await libs().guard.list(tenant, { limit: 2, after: ids[1] as string });
    expect(rest.map(({ id }) => id)).toEqual(ids.slice(2));
    const rejected = await libs().guard.list(tenant, { limit: 5, status: 'rejected' });
    expect(rejected.map(({ id }) => id)).toEqual(ids.slice(1));
  });
});
