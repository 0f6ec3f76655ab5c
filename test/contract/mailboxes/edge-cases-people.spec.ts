import { afterEach, expect, it } from '@jest/globals';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { held, tenantWithDomain } from './provider.js';

describeEachEngine('edge cases of people who come, change their names and go', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  it('POST for an imported mailbox: adopted, same mailbox id, aliases kept, no second seat', async () => {
    const { tenant, domain, create, mailboxOf, byId, events } = await tenantWithDomain(libs());
    const aliases = [`a.meier@${domain}`, `Anna.M@${domain}`];
    const wanted = { address: `Anna@${domain}`, kind: 'user', origin: 'import', aliases } as const;
    const id = await libs().support.create(tenant, actor, wanted);
    expect(await byId(id)).toMatchObject({ status: 'active', origin: 'import', scimUserId: null, seat: true });
    const adopted = await mailboxOf(await create({ userName: `anna@${domain}`, externalId: 'e1' }));
    expect(adopted).toMatchObject({ id, status: 'active', externalId: 'e1', seat: true });
    expect(held(adopted)).toEqual([
      `a.meier@${domain} alias live`,
      `anna.m@${domain} alias live`,
      `anna@${domain} primary live`,
    ]);
    expect(await events(adopted)).toContain('mailbox.adopted');
    expect(await libs().seats.usage(tenant)).toMatchObject({ used: 1 });
  });

  it('PATCH userName a→b: old kept as former, mail to both accepted; b→a swaps back without duplicate rows', async () => {
    const { domain, create, change, mailboxOf, action } = await tenantWithDomain(libs());
    const user = await create({ userName: `a@${domain}` });
    const before = await mailboxOf(user);
    await change(user, { userName: `b@${domain}` });
    expect([await action(`a@${domain}`), await action(`b@${domain}`)]).toEqual(['accept', 'accept']);
    await change(user, { userName: `a@${domain}` });
    const after = await mailboxOf(user);
    expect(after.id).toBe(before.id);
    expect(held(after)).toEqual([`a@${domain} primary live`, `b@${domain} former live`]);
  });

  it('New user takes the former address of a colleague: former yields, event address.released, old owner’s mail stays with the old owner', async () => {
    const { domain, create, change, mailboxOf, events, action } = await tenantWithDomain(libs());
    const anna = await create({ userName: `anna@${domain}`, externalId: 'e1' });
    await change(anna, { userName: `anna.meier@${domain}` });
    const before = await mailboxOf(anna);
    const newcomer = await mailboxOf(await create({ userName: `anna@${domain}`, externalId: 'e2' }));
    const after = await mailboxOf(anna);
    expect(newcomer.id).not.toBe(after.id);
    expect(after.id).toBe(before.id);
    expect(held(after)).toEqual([`anna.meier@${domain} primary live`, `anna@${domain} former released`]);
    expect(await events(after)).toContain('address.released');
    expect(await action(`anna.meier@${domain}`)).toBe('accept');
  });

  it('Former address of a colleague stays while the newcomer has no seat for it', async () => {
    const { domain, create, change, mailboxOf, policy } = await tenantWithDomain(libs());
    const anna = await create({ userName: `anna@${domain}` });
    await change(anna, { userName: `anna.meier@${domain}` });
    await policy({ seatLimit: 1, seatPolicy: 'hard' });
    const newcomer = await create({ userName: `anna@${domain}` });
    expect(await mailboxOf(newcomer)).toMatchObject({ status: 'pending', statusReason: 'seat_limit', addresses: [] });
    expect(held(await mailboxOf(anna))).toEqual([`anna.meier@${domain} primary live`, `anna@${domain} former live`]);
    await policy({ seatLimit: 2 });
    expect(held(await mailboxOf(newcomer))).toEqual([`anna@${domain} primary live`]);
    expect(held(await mailboxOf(anna))).toEqual([
      `anna.meier@${domain} primary live`,
      `anna@${domain} former released`,
    ]);
  });

  it('Two users swap userNames in one cycle (A→tmp→B): intermediate 409, final state right', async () => {
    const { domain, create, change, mailboxOf } = await tenantWithDomain(libs());
    const [a, b] = [await create({ userName: `a@${domain}` }), await create({ userName: `b@${domain}` })];
    await expect(change(a, { userName: `b@${domain}` })).rejects.toMatchObject({ status: 409 });
    await change(a, { userName: `tmp@${domain}` });
    await change(b, { userName: `a@${domain}` });
    await change(a, { userName: `b@${domain}` });
    expect(held(await mailboxOf(a)).filter((each) => each.includes('primary'))).toEqual([`b@${domain} primary live`]);
    expect(held(await mailboxOf(b)).filter((each) => each.includes('primary'))).toEqual([`a@${domain} primary live`]);
  });

  it('Rename + active=false in one PATCH with the local part prefixed by 32 hex digits (soft-deleted UPN): no rename, only suspend', async () => {
    const { domain, create, change, mailboxOf, byAddress } = await tenantWithDomain(libs());
    const user = await create({ userName: `anna@${domain}` });
    const upn = `0123456789abcdef0123456789ABCDEFanna@${domain}`;
    const deleted = await change(user, { userName: upn, active: false });
    expect(deleted.resource['userName']).toBe(upn);
    const mailbox = await mailboxOf(user);
    expect(mailbox).toMatchObject({ status: 'suspended', statusReason: 'scim', wishes: [] });
    expect(held(mailbox)).toEqual([`anna@${domain} primary live`]);
    expect(await byAddress(upn)).toEqual([]);
    await change(user, { userName: `anna@${domain}`, active: true });
    expect(held(await mailboxOf(user))).toEqual([`anna@${domain} primary live`]);
  });

  it('DELETE: 404 afterwards, absent from lists; RCPT answers 5.1.1; data until purge_after', async () => {
    const { domain, tenant, create, remove, mailboxOf, byId, action } = await tenantWithDomain(libs());
    const user = await create({ userName: `anna@${domain}`, externalId: 'e1' });
    const { id } = await mailboxOf(user);
    await remove(user);
    await expect(libs().users.get(tenant, user.id)).rejects.toMatchObject({ status: 404 });
    await expect(remove(user)).rejects.toMatchObject({ status: 404 });
    expect(await libs().users.list(tenant, { startIndex: 1, count: 10 })).toMatchObject({ totalResults: 0 });
    expect(await action(`anna@${domain}`)).toBe('gone');
    const mailbox = await byId(id);
    expect(mailbox).toMatchObject({ status: 'deleted', externalId: 'e1', seat: false });
    expect(mailbox.purgeAfter).toBe((mailbox.deletedAt ?? 0) + 30 * 86_400_000);
  });

  it('Retention and reservation of the tenant’s own policy', async () => {
    const { domain, create, remove, mailboxOf, byId, policy } = await tenantWithDomain(libs());
    await policy({ deleteRetentionDays: 7, reserveDays: 1 });
    const user = await create({ userName: `anna@${domain}` });
    const { id } = await mailboxOf(user);
    await remove(user);
    const { deletedAt, purgeAfter, addresses } = await byId(id);
    expect(purgeAfter).toBe((deletedAt ?? 0) + 7 * 86_400_000);
    expect(addresses[0]?.validUntil).toBe((deletedAt ?? 0) + 8 * 86_400_000);
  });

  it('POST same userName + same externalId within retention: same mailbox id revived with quarantine and rules', async () => {
    const { domain, tenant, create, remove, mailboxOf } = await tenantWithDomain(libs());
    const user = await create({ userName: `anna@${domain}`, externalId: 'e1' });
    const { id } = await mailboxOf(user);
    await libs().support.addAlias(tenant, actor, { id }, `a@${domain}`);
    await remove(user);
    const back = await mailboxOf(await create({ userName: `anna@${domain}`, externalId: 'e1' }));
    expect(back).toMatchObject({ id, status: 'active', seat: true });
    expect(held(back)).toEqual([`a@${domain} alias live`, `anna@${domain} primary live`]);
  });

  it.each([
    [
      'POST same userName + other externalId: new mailbox id, address moved, predecessor’s quarantine invisible to the new person',
      { externalId: 'e2' },
    ],
    ['POST same userName without externalId after DELETE: treated as other person', {}],
  ])('%s', async (_, more) => {
    const { domain, create, remove, mailboxOf, byId } = await tenantWithDomain(libs());
    const user = await create({ userName: `anna@${domain}`, externalId: 'e1' });
    const { id } = await mailboxOf(user);
    await remove(user);
    const other = await mailboxOf(await create({ userName: `anna@${domain}`, ...more }));
    expect(other.id).not.toBe(id);
    expect(held(other)).toEqual([`anna@${domain} primary live`]);
    expect(held(await byId(id))).toEqual([`anna@${domain} primary released`]);
  });

  it('A mailbox given back by support goes to the person who had it, under whatever name, and to nobody else', async () => {
    const { domain, tenant, create, remove, mailboxOf, byId } = await tenantWithDomain(libs());
    const user = await create({ userName: `anna@${domain}`, externalId: 'e1' });
    const { id } = await mailboxOf(user);
    await remove(user);
    await libs().support.restore(tenant, actor, { id });
    expect(await byId(id)).toMatchObject({
      status: 'active',
      scimUserId: null,
      deletedAt: null,
      purgeAfter: null,
      seat: true,
    });
    const other = await create({ userName: `anna@${domain}`, externalId: 'e2' });
    expect(await mailboxOf(other)).toMatchObject({ status: 'pending', statusReason: 'address_taken' });
    await remove(other);
    const back = await mailboxOf(await create({ userName: `a.meier@${domain}`, externalId: 'e1' }));
    expect(back.id).toBe(id);
    expect(held(back)).toEqual([`a.meier@${domain} primary live`, `anna@${domain} former live`]);
  });

  it('Two POSTs with the same externalId at once after a DELETE: one person has the former mailbox, both have one', async () => {
    const { domain, create, remove, mailboxOf } = await tenantWithDomain(libs());
    for (let round = 0; round < 5; round += 1) {
      const user = await create({ userName: `anna${round}@${domain}`, externalId: `e${round}` });
      const { id } = await mailboxOf(user);
      await remove(user);
      const names = ['x', 'y', 'z'].map((name) => `${name}${round}@${domain}`);
      const users = await Promise.all(names.map((userName) => create({ userName, externalId: `e${round}` })));
      const ids = await Promise.all(users.map(async (each) => (await mailboxOf(each)).id));
      expect(new Set(ids).size).toBe(3);
      expect(ids).toContain(id);
    }
  });

  it('POSTs for the primary and an alias of one imported mailbox at once: one of them adopts it, no address has two holders', async () => {
    const { tenant, domain, create, mailboxOf } = await tenantWithDomain(libs());
    for (let round = 0; round < 5; round += 1) {
      const [primary, alias] = [`p${round}@${domain}`, `a${round}@${domain}`];
      const wanted = { address: primary, kind: 'user', origin: 'import', aliases: [alias] } as const;
      const id = await libs().support.create(tenant, actor, wanted);
      const users = await Promise.all([primary, alias].map((userName) => create({ userName })));
      const mailboxes = await Promise.all(users.map(mailboxOf));
      expect(mailboxes.filter((mailbox) => mailbox.id === id)).toHaveLength(1);
      expect(new Set(mailboxes.map((mailbox) => mailbox.id)).size).toBe(2);
      const live = mailboxes.flatMap((mailbox) => held(mailbox)).filter((each) => each.endsWith(' live'));
      expect(live.map((each) => each.split(' ')[0]).sort()).toEqual([alias, primary]);
    }
  });

  it('A person who comes back while somebody else takes the address: exactly one of them has it', async () => {
    const { domain, create, remove, mailboxOf } = await tenantWithDomain(libs());
    for (let round = 0; round < 5; round += 1) {
      const address = `anna${round}@${domain}`;
      await remove(await create({ userName: address, externalId: `e${round}` }));
      const outcomes = await Promise.allSettled([
        create({ userName: address, externalId: `e${round}` }),
        create({ userName: address.toUpperCase(), externalId: `f${round}` }),
      ]);
      const [winner, ...others] = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [outcome.value] : [],
      );
      expect(others).toEqual([]);
      if (winner === undefined) throw new Error('nobody has the address');
      expect(held(await mailboxOf(winner))).toEqual([`${address} primary live`]);
    }
  });
});
