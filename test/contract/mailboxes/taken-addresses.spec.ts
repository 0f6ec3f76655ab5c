import { afterEach, expect, it, jest } from '@jest/globals';
import { newId } from '@cleanmail/database';
import type { User } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { held, providerOf, tenantWithDomain } from './provider.js';

type Provider = Awaited<ReturnType<typeof tenantWithDomain>>;

describeEachEngine('wishes for addresses that somebody else has', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  const run = async (only = 'taken-addresses') => (await libs().clocks.run({ only, now: true }))[0];
  const sql = (statement: string, values: readonly (string | number)[]) =>
    libs().database.write((session) => session.run(statement, values));

  /** A mailbox of a role, which nobody adopts, with that alias, and users who asked for it; the last one asked first. */
  async function contested(provider: Provider, names: readonly string[]) {
    const { tenant, domain, create, mailboxOf, policy } = provider;
    const address = `info@${domain}`;
    await policy({ addressSource: 'primaryEmail' });
    const holder = await libs().support.create(tenant, actor, {
      address: `office@${domain}`,
      kind: 'role',
      origin: 'manual',
      aliases: [address],
    });
    const users: User[] = [];
    for (const [index, name] of names.entries()) {
      const emails = [{ value: address, primary: true }];
      const user = await create({ userName: `${name}@${domain}`, externalId: name, emails });
      expect((await mailboxOf(user)).statusReason).toBe('address_taken');
      // The order of the first sight, whatever the resolution of the clock.
      await sql('UPDATE mailbox_address_wish SET first_seen = ? WHERE mailbox_id = ?', [
        1000 - index,
        (await mailboxOf(user)).id,
      ]);
      users.push(user);
    }
    const statuses = () => Promise.all(users.map(async (user) => (await mailboxOf(user)).status));
    return { address, holder, users, statuses };
  }

  it('should go to who asked first when support takes the alias away, at once', async () => {
    const provider = await tenantWithDomain(libs());
    const { address, holder, users, statuses } = await contested(provider, ['late', 'early']);
    expect(await run()).toMatchObject({ done: 0, skipped: 0, failed: 0 });
    await libs().support.removeAlias(provider.tenant, actor, { id: holder }, address);
    expect(await statuses()).toEqual(['pending', 'active']);
    expect(held(await provider.mailboxOf(users[1] as User))).toEqual([`${address} primary live`]);
    expect(await provider.action(address)).toBe('accept');
    expect(await run()).toMatchObject({ done: 0, failed: 0 });
  });

  it('should be found by the clock when a crash came between, and come true one after the other', async () => {
    const provider = await tenantWithDomain(libs());
    const { address, holder, users, statuses } = await contested(provider, ['c', 'b', 'a']);
    // As if the process had died after the transaction in which the holder let go.
    const { taken } = libs().support as unknown as { readonly taken: { settle: () => Promise<number> } };
    const crash = jest.spyOn(taken, 'settle').mockRejectedValueOnce(new Error('the process is gone'));
    await expect(libs().support.removeAlias(provider.tenant, actor, { id: holder }, address)).rejects.toThrow('gone');
    crash.mockRestore();
    expect(await run()).toMatchObject({ done: 1, failed: 0 });
    expect(await statuses()).toEqual(['pending', 'pending', 'active']);
    for (const expected of [['pending', 'active'], ['active']]) {
      await provider.remove(users.pop() as User);
      expect(await run()).toMatchObject({ done: 1, failed: 0 });
      expect(await statuses()).toEqual(expected);
    }
  });

  it('should take what a colleague who was renamed leaves', async () => {
    const provider = await tenantWithDomain(libs());
    const { tenant, domain, create, change, mailboxOf } = provider;
    await provider.policy({ emailsAsAliases: true });
    const holder = await create({ userName: `bob@${domain}` });
    const waiting = await create({ userName: `anna@${domain}`, emails: [{ value: `bob@${domain}` }] });
    const own = [`anna@${domain} primary live`];
    expect(held(await mailboxOf(waiting))).toEqual(own);
    await change(holder, { userName: `robert@${domain}` });
    expect(await run()).toMatchObject({ done: 1 });
    expect(held(await mailboxOf(waiting))).toEqual([...own, `bob@${domain} alias live`]);
    expect(held(await mailboxOf(holder)).filter((each) => !each.endsWith('released'))).toEqual([
      `robert@${domain} primary live`,
    ]);
    expect(await libs().mailboxes.list(tenant, { status: 'active', limit: 10 })).toHaveLength(2);
  });

  it('should drop the wish of a user who was deleted', async () => {
    const provider = await tenantWithDomain(libs());
    const { address, holder, users } = await contested(provider, ['gone']);
    const { id } = await provider.mailboxOf(users[0] as User);
    await provider.remove(users[0] as User);
    await libs().support.removeAlias(provider.tenant, actor, { id: holder }, address);
    expect(await run()).toMatchObject({ done: 0, failed: 0 });
    expect(await provider.byId(id)).toMatchObject({ status: 'deleted', wishes: [], addresses: [] });
    expect(await provider.action(address)).toBe('gone');
  });

  it('should come true for a tenant without domains when another one lets go', async () => {
    const [first, second] = [
      providerOf(libs(), await createTenant(libs())),
      providerOf(libs(), await createTenant(libs())),
    ];
    const userName = `anna@free-${newId()}.example`;
    const holder = await first.create({ userName });
    const waiting = await second.create({ userName });
    const status = async () => (await second.mailboxOf(waiting)).status;
    await first.remove(holder);
    expect(await run()).toMatchObject({ done: 0, skipped: 0 });
    expect(await status()).toBe('pending');
    await libs().tenants.close(first.tenant, actor);
    expect(await run()).toMatchObject({ done: 1 });
    expect(await status()).toBe('active');
  });

  it('should keep an alias waiting with the primary address of its mailbox, and not ask for it in vain', async () => {
    const { tenant, domain, create, remove, mailboxOf, policy } = await tenantWithDomain(libs());
    await policy({ emailsAsAliases: true });
    const [address, alias] = [`info@${domain}`, `bob@${domain}`];
    await libs().support.create(tenant, actor, { address, kind: 'role', origin: 'manual', aliases: [] });
    const holder = await create({ userName: alias });
    const waiting = await create({ userName: address, emails: [{ value: alias }] });
    await remove(holder);
    expect(await run()).toMatchObject({ done: 0, skipped: 0, failed: 0 });
    expect((await mailboxOf(waiting)).wishes.map(({ reason }) => reason)).toEqual(['address_taken', 'address_taken']);
  });
});
