import { afterEach, expect, it } from '@jest/globals';
import type { Mailbox } from '@cleanmail/mailboxes';
import type { User } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';
import { held, providerOf, tenantWithDomain } from './provider.js';

const cause = { actor: 'clock', requestId: 'r', at: Date.now() };

describeEachEngine('edge cases of seats', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  async function tenantWithSeats(seatLimit: number, seatPolicy: 'soft' | 'hard') {
    const provider = await tenantWithDomain(libs());
    await provider.policy({ seatLimit, seatPolicy });
    const usage = () => libs().seats.usage(provider.tenant);
    const createMany = async (count: number, prefix = 'u'): Promise<readonly User[]> => {
      const users: User[] = [];
      for (let index = 0; index < count; index += 1) {
        users.push(
          await provider.create({ userName: `${prefix}${index}@${provider.domain}`, externalId: `${prefix}${index}` }),
        );
      }
      return users;
    };
    const statuses = async (users: readonly User[]) =>
      Promise.all(users.map(async (user) => words(await provider.mailboxOf(user))));
    return { ...provider, usage, createMany, statuses };
  }

  const words = ({ status, statusReason, seat }: Mailbox) => `${status}(${statusReason})${seat ? ' seat' : ''}`;
  const waiting = 'pending(seat_limit)';
  const seated = 'active(null) seat';

  it('Hard seat limit reached by 40 parallel POSTs: exactly limit active, the rest pending seat_limit, all 201', async () => {
    const { create, domain, usage, statuses } = await tenantWithSeats(10, 'hard');
    const users = await Promise.all(
      Array.from({ length: 40 }, (_, index) => create({ userName: `u${index}@${domain}` })),
    );
    const words = await statuses(users);
    expect(words.filter((each) => each === seated)).toHaveLength(10);
    expect(words.filter((each) => each === waiting)).toHaveLength(30);
    expect(await usage()).toEqual({ used: 10, limit: 10, policy: 'hard', over: 0, waiting: 30 });
    const claims = "SELECT COUNT(*) AS n FROM mailbox_address WHERE domain_ascii = ? AND state <> 'released'";
    expect(await query(libs().database, claims, [domain])).toEqual([{ n: 10 }]);
  });

  it('Seat limit lowered below use: nobody is cut off; over-limit reported; new users pending', async () => {
    const { createMany, policy, usage, statuses, create, domain, mailboxOf } = await tenantWithSeats(5, 'hard');
    const users = await createMany(4);
    await policy({ seatLimit: 2 });
    expect(await statuses(users)).toEqual([seated, seated, seated, seated]);
    expect(await usage()).toEqual({ used: 4, limit: 2, policy: 'hard', over: 2, waiting: 0 });
    expect(words(await mailboxOf(await create({ userName: `late@${domain}` })))).toBe(waiting);
  });

  it('Seat limit lowered below use, soft: new users active and flagged by an event', async () => {
    const { createMany, usage, create, domain, mailboxOf, events } = await tenantWithSeats(2, 'soft');
    const users = await createMany(2);
    expect(await events(await mailboxOf(users[1] as User))).not.toContain('seat.over_limit');
    const third = await mailboxOf(await create({ userName: `third@${domain}` }));
    expect(words(third)).toBe(seated);
    expect(await events(third)).toEqual(['mailbox.activated', 'address.granted', 'seat.over_limit']);
    expect(await usage()).toMatchObject({ used: 3, over: 1, waiting: 0 });
  });

  it('Soft limit passed by 20 parallel POSTs: as many events as seats beyond it', async () => {
    const { create, domain, tenant } = await tenantWithSeats(8, 'soft');
    await Promise.all(Array.from({ length: 20 }, (_, index) => create({ userName: `u${index}@${domain}` })));
    const sql = "SELECT COUNT(*) AS n FROM outbox_event WHERE tenant_id = ? AND type = 'seat.over_limit'";
    expect(await query(libs().database, sql, [tenant])).toEqual([{ n: 12 }]);
  });

  it('Restore when no seat is free: pending seat_limit, not an error', async () => {
    const { createMany, remove, create, mailboxOf, usage, domain, action } = await tenantWithSeats(2, 'hard');
    const [anna] = (await createMany(2)) as [User];
    const before = await mailboxOf(anna);
    await remove(anna);
    await create({ userName: `other@${domain}` });
    const back = await mailboxOf(await create({ userName: `u0@${domain}`, externalId: 'u0' }));
    expect(back).toMatchObject({ id: before.id, status: 'pending', statusReason: 'seat_limit', seat: false });
    expect(held(back)).toEqual([`u0@${domain} primary live`]);
    expect(await action(`u0@${domain}`)).toBe('gone');
    expect(await usage()).toMatchObject({ used: 2, waiting: 1 });
  });

  it('Restore by support when no seat is free: pending seat_limit, and active as soon as there is one', async () => {
    const { createMany, remove, create, mailboxOf, byId, domain, tenant, policy, action } = await tenantWithSeats(
      1,
      'hard',
    );
    const [anna] = (await createMany(1)) as [User];
    const { id } = await mailboxOf(anna);
    await remove(anna);
    await create({ userName: `other@${domain}` });
    await libs().support.restore(tenant, actor, { id });
    expect(words(await byId(id))).toBe(waiting);
    await policy({ seatLimit: 2 });
    expect(words(await byId(id))).toBe(seated);
    expect(await action(`u0@${domain}`)).toBe('accept');
  });

  it('Resumed when no seat is free: pending seat_limit with its addresses kept', async () => {
    const { createMany, change, create, mailboxOf, domain, policy } = await tenantWithSeats(1, 'hard');
    const [anna] = (await createMany(1)) as [User];
    await change(anna, { active: false });
    const newcomer = await mailboxOf(await create({ userName: `new@${domain}` }));
    expect(words(newcomer)).toBe(seated);
    await change(anna, { active: true });
    const back = await mailboxOf(anna);
    expect(words(back)).toBe(waiting);
    expect(held(back)).toEqual([`u0@${domain} primary live`]);
    await change(anna, { active: false });
    expect(words(await mailboxOf(anna))).toBe('suspended(scim)');
    await change(anna, { active: true });
    await policy({ seatPolicy: 'soft' });
    expect(words(await mailboxOf(anna))).toBe(seated);
  });

  it('Seats bought: pending mailboxes become active in the order in which they came', async () => {
    const { createMany, policy, statuses, usage, tenant } = await tenantWithSeats(0, 'hard');
    const users = await createMany(30);
    await query(libs().database, 'SELECT 1 AS one');
    await libs().database.write(async (session) => {
      for (const [index, { id }] of users.entries()) {
        await session.run(
          'UPDATE mailbox_address_wish SET first_seen = ? WHERE tenant_id = ? AND mailbox_id = (SELECT id FROM mailbox_account WHERE tenant_id = ? AND scim_user_id = ?)',
          [1000 - index, tenant, tenant, id],
        );
      }
    });
    await policy({ seatLimit: 27 });
    const expected = users.map((_, index) => (index < 3 ? waiting : seated));
    expect(await statuses(users)).toEqual(expected);
    expect(await usage()).toMatchObject({ used: 27, waiting: 3 });
  });

  it('Seats bought while users come: nobody is left waiting for a free seat', async () => {
    const { create, domain, policy, usage } = await tenantWithSeats(5, 'hard');
    await Promise.all([
      ...Array.from({ length: 20 }, (_, index) => create({ userName: `u${index}@${domain}` })),
      policy({ seatLimit: 30 }),
      ...Array.from({ length: 20 }, (_, index) => create({ userName: `v${index}@${domain}` })),
    ]);
    expect(await usage()).toMatchObject({ used: 30, waiting: 10 });
  });

  it('A seat that a leaver frees goes to whoever waited longest', async () => {
    const { createMany, remove, statuses, tenant } = await tenantWithSeats(1, 'hard');
    const [first, second, third] = (await createMany(3)) as [User, User, User];
    await remove(first);
    expect(await libs().pending.settleSeats(tenant, cause)).toBe(1);
    expect(await statuses([second, third])).toEqual([seated, waiting]);
    expect(await libs().pending.settleSeats(tenant, cause)).toBe(0);
  });

  it('The mailbox’s wish is solved while the user was deleted: wish dropped', async () => {
    const { createMany, remove, mailboxOf, byId, policy, usage } = await tenantWithSeats(0, 'hard');
    const [anna] = (await createMany(1)) as [User];
    const { id } = await mailboxOf(anna);
    await remove(anna);
    await policy({ seatLimit: 5 });
    expect(await byId(id)).toMatchObject({ status: 'deleted', wishes: [], seat: false });
    expect(await usage()).toMatchObject({ used: 0, waiting: 0 });
  });

  it('Guests, shared mailboxes, rooms and roles never take a seat', async () => {
    const { tenant, domain, create, mailboxOf, usage } = await tenantWithSeats(1, 'hard');
    await mailboxOf(await create({ userName: 'bob@partner.example' }));
    for (const kind of ['shared', 'resource', 'role'] as const) {
      await libs().support.create(tenant, actor, { address: `${kind}@${domain}`, kind, origin: 'manual', aliases: [] });
    }
    expect(await usage()).toMatchObject({ used: 0, waiting: 0 });
    expect(words(await mailboxOf(await create({ userName: `a@${domain}` })))).toBe(seated);
  });

  it('A mailbox that becomes shared frees its seat, and takes one again as a user’s', async () => {
    const { createMany, tenant, mailboxOf, statuses, byId } = await tenantWithSeats(1, 'hard');
    const [anna, bob] = (await createMany(2)) as [User, User];
    const { id } = await mailboxOf(anna);
    await libs().support.change(tenant, actor, { id }, { kind: 'shared' });
    expect(await statuses([anna, bob])).toEqual(['active(null)', seated]);
    await libs().support.change(tenant, actor, { id }, { kind: 'user' });
    expect(words(await byId(id))).toBe(waiting);
  });

  it('The seat of a suspended mailbox ends at the event time, and the ledger has both intervals', async () => {
    const { createMany, change, tenant, mailboxOf } = await tenantWithSeats(5, 'soft');
    const [anna] = (await createMany(1)) as [User];
    const off = await change(anna, { active: false });
    const on = await change(anna, { active: true });
    const { id } = await mailboxOf(anna);
    const period = { from: 0, to: Date.now() + 1000 };
    const intervals = await libs().seats.intervals(tenant, period, { limit: 10 });
    expect(intervals).toMatchObject([
      { mailboxId: id, from: anna.createdAt },
      { mailboxId: id, to: null },
    ]);
    expect(intervals[0]?.to).toBeLessThanOrEqual(off.lastModified);
    expect(intervals[1]?.from).toBeLessThanOrEqual(on.lastModified);
    expect(intervals[1]?.from).toBeGreaterThanOrEqual(intervals[0]?.to ?? Infinity);
    expect(await libs().seats.intervals(tenant, { from: 0, to: anna.createdAt }, { limit: 10 })).toEqual([]);
    expect(await libs().seats.intervals(await createTenant(libs()), period, { limit: 10 })).toEqual([]);
  });

  it('should tell the peak of each month, also of one in which nothing changed', async () => {
    const { tenant } = providerOf(libs(), await createTenant(libs()));
    const at = (text: string) => Date.parse(`${text}:00Z`);
    const intervals = [
      ['2026-01-10T00:00', '2026-01-20T00:00'], ['2026-01-15T00:00', '2026-03-05T00:00'], ['2026-01-20T00:00', '2026-03-10T00:00'],
      ['2026-03-05T00:00', '2026-03-31T00:00'], ['2026-03-09T00:00', '2026-03-31T00:00'],
    ] as const; // prettier-ignore
    const room = { address: 'room@free.example', kind: 'resource', origin: 'manual', aliases: [] } as const;
    const mailboxId = await libs().support.create(tenant, actor, room);
    await libs().database.write(async (session) => {
      for (const [from, to] of intervals) {
        const values = [tenant, mailboxId, at(from), at(to)];
        await session.run(
          'INSERT INTO seat_interval (tenant_id, mailbox_id, from_at, to_at) VALUES (?, ?, ?, ?)',
          values,
        );
      }
    });
    expect(await libs().seats.peaks(tenant, { from: at('2025-12-15T00:00'), to: at('2026-04-02T00:00') })).toEqual([
      { month: '2025-12', peak: 0 }, { month: '2026-01', peak: 2 }, { month: '2026-02', peak: 2 },
      { month: '2026-03', peak: 3 }, { month: '2026-04', peak: 0 },
    ]); // prettier-ignore
  });
});
