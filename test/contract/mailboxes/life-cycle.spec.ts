import { afterEach, expect, it } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import { addressKey, knownAddress, type Mailbox } from '@cleanmail/mailboxes';
import type { ProfileName } from '@cleanmail/tenants';
import type { User } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, replacing } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';

const day = 86_400_000;

describeEachEngine('the first form of mailbox accounts', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  /** A tenant with one domain of its own, and what its identity provider does there. */
  async function tenantWithDomain(profile: ProfileName = 'cleanmail') {
    const domain = `d-${newId()}.example`;
    return { ...provider(await createTenant(libs(), { profile, domains: [domain] }), profile), domain };
  }

  function provider(tenant: TenantId, profile: ProfileName = 'cleanmail') {
    const { users, mailboxes } = libs();
    return {
      tenant,
      create: (body: Readonly<Record<string, unknown>>) => users.create(tenant, command({ profile }), body),
      change: (user: User, values: Readonly<Record<string, unknown>>) =>
        users.modify(tenant, command({ profile }), user.id, replacing(values)),
      remove: (user: User) => users.delete(tenant, command({ profile }), user.id),
      mailboxOf: async (user: User) => known(await mailboxes.byUser(tenant, user.id)),
      byId: async ({ id }: Mailbox) => known(await mailboxes.byId(tenant, id)),
    };
  }

  function known(mailbox: Mailbox | undefined): Mailbox {
    if (mailbox === undefined) throw new Error('there is no such mailbox');
    return mailbox;
  }

  function held(mailbox: Mailbox): readonly string[] {
    return mailbox.addresses.map((address) => `${addressKey(address)} ${address.role} ${address.state}`).sort();
  }

  async function recipient(key: string) {
    const [row] = await query(
      libs().database,
      'SELECT action, primary_key, version, mailbox_id FROM mail_recipient WHERE address_key = ?',
      [key],
    );
    return row;
  }

  async function eventTypes(mailbox: Mailbox): Promise<readonly unknown[]> {
    const rows = await query(
      libs().database,
      'SELECT type FROM outbox_event WHERE mailbox_id = ? ORDER BY version, position',
      [mailbox.id],
    );
    return rows.map(({ type }) => type);
  }

  it('should activate the mailbox of a new user at an own domain', async () => {
    const { create, mailboxOf, domain } = await tenantWithDomain();
    const mailbox = await mailboxOf(await create({ userName: `Anna@${domain.toUpperCase()}` }));
    expect(mailbox).toMatchObject({
      status: 'active',
      statusReason: null,
      origin: 'scim',
      kind: 'user',
      rowVersion: 1,
    });
    expect(mailbox.addresses).toMatchObject([
      { localKey: 'anna', localDisplay: 'Anna', domainAscii: domain, basis: 'domain' },
    ]);
    expect(await recipient(`anna@${domain}`)).toEqual({
      action: 'accept',
      primary_key: `anna@${domain}`,
      version: 1,
      mailbox_id: mailbox.id,
    });
    expect(await eventTypes(mailbox)).toEqual(['mailbox.activated', 'address.granted']);
  });

  it('should activate at any domain that nobody owns for a tenant without domains', async () => {
    const { create, mailboxOf } = provider(await createTenant(libs()));
    const mailbox = await mailboxOf(await create({ userName: `anna@free-${newId()}.example` }));
    expect(mailbox).toMatchObject({ status: 'active', addresses: [{ basis: 'open' }] });
  });

  it.each([
    ['domain_not_owned', (domain: string) => `anna@other.${domain}`],
    ['domain_not_owned', () => 'anna@partner.example'],
    ['invalid_syntax', () => 'Anna Muster'],
    ['invalid_syntax', (domain: string) => `"anna"@${domain}`],
    ['invalid_syntax', (domain: string) => `an na@${domain}`],
    ['invalid_syntax', (domain: string) => `${'a'.repeat(65)}@${domain}`],
    ['unsupported_utf8', (domain: string) => `müller@${domain}`],
  ])('should leave a mailbox pending as %s, without a recipient row', async (reason, userName) => {
    const { create, mailboxOf, domain, tenant } = await tenantWithDomain();
    const user = await create({ userName: userName(domain), externalId: 'e1' });
    const mailbox = await mailboxOf(user);
    expect(mailbox).toMatchObject({ status: 'pending', statusReason: reason, addresses: [], wishes: [{ reason }] });
    expect(knownAddress(mailbox)).toBe(userName(domain));
    expect(await query(libs().database, 'SELECT 1 AS one FROM mail_recipient WHERE tenant_id = ?', [tenant])).toEqual(
      [],
    );
    expect(await eventTypes(mailbox)).toEqual(['mailbox.parked']);
  });

  it('should grant the address once the name is one that can be granted', async () => {
    const { create, change, mailboxOf, domain } = await tenantWithDomain();
    const user = await create({ userName: 'anna' });
    await change(user, { userName: `anna@${domain}` });
    const mailbox = await mailboxOf(user);
    expect(mailbox).toMatchObject({ status: 'active', wishes: [] });
    expect(await eventTypes(mailbox)).toEqual(['mailbox.parked', 'mailbox.activated', 'address.granted']);
  });

  it('should keep the old address as former after a rename, and swap back without a second row', async () => {
    const { create, change, mailboxOf, domain } = await tenantWithDomain();
    const user = await create({ userName: `a@${domain}` });
    const first = await mailboxOf(user);
    await change(user, { userName: `b@${domain}` });
    const second = await mailboxOf(user);
    expect(second.id).toBe(first.id);
    expect(held(second)).toEqual([`a@${domain} former live`, `b@${domain} primary live`]);
    expect(await recipient(`a@${domain}`)).toMatchObject({ action: 'accept', primary_key: `b@${domain}`, version: 2 });
    expect(await recipient(`b@${domain}`)).toMatchObject({ action: 'accept', primary_key: `b@${domain}`, version: 2 });
    await change(user, { userName: `a@${domain}` });
    const third = await mailboxOf(user);
    expect(held(third)).toEqual([`a@${domain} primary live`, `b@${domain} former live`]);
    expect(new Set(third.addresses.map(({ id }) => id))).toEqual(new Set(second.addresses.map(({ id }) => id)));
    expect(await recipient(`b@${domain}`)).toMatchObject({ action: 'accept', primary_key: `a@${domain}`, version: 3 });
    expect(await eventTypes(third)).toEqual([
      'mailbox.activated', 'address.granted', 'mailbox.renamed', 'address.granted', 'mailbox.renamed',
    ]); // prettier-ignore
  });

  it('should keep the old address and leave a wish after a rename to a foreign domain', async () => {
    const { create, change, mailboxOf, domain } = await tenantWithDomain();
    const user = await create({ userName: `anna@${domain}` });
    await change(user, { userName: 'anna@partner.example' });
    const mailbox = await mailboxOf(user);
    expect(mailbox).toMatchObject({
      status: 'active',
      wishes: [{ wantedKey: 'anna@partner.example', reason: 'domain_not_owned' }],
    });
    expect(held(mailbox)).toEqual([`anna@${domain} primary live`]);
    expect(await recipient('anna@partner.example')).toBeUndefined();
    await change(user, { userName: `anna@${domain}` });
    expect(await mailboxOf(user)).toMatchObject({ status: 'active', wishes: [] });
  });

  it('should only change the display when a name changes its case', async () => {
    const { create, change, mailboxOf, domain } = await tenantWithDomain();
    const user = await create({ userName: `anna@${domain}` });
    await change(user, { userName: `ANNA@${domain}` });
    const mailbox = await mailboxOf(user);
    expect(mailbox.addresses).toMatchObject([{ localKey: 'anna', localDisplay: 'ANNA', role: 'primary' }]);
    expect(await recipient(`anna@${domain}`)).toMatchObject({ version: 1 });
  });

  it('should suspend and restore with the user', async () => {
    const { create, change, mailboxOf, domain } = await tenantWithDomain();
    const user = await create({ userName: `anna@${domain}` });
    await change(user, { active: false });
    expect(await mailboxOf(user)).toMatchObject({
      status: 'suspended',
      statusReason: 'scim',
      scimActive: false,
      deletedAt: null,
    });
    expect(await recipient(`anna@${domain}`)).toMatchObject({ action: 'reject', version: 2 });
    await change(user, { active: true });
    const mailbox = await mailboxOf(user);
    expect(mailbox).toMatchObject({ status: 'active', eraseAfter: null });
    expect(await recipient(`anna@${domain}`)).toMatchObject({ action: 'accept', version: 3 });
    expect(await eventTypes(mailbox)).toEqual([
      'mailbox.activated',
      'address.granted',
      'mailbox.suspended',
      'mailbox.activated',
    ]);
  });

  it('should schedule the erasure of a deactivated SendSafely user, and of nobody else', async () => {
    const sendsafely = await tenantWithDomain('sendsafely');
    const user = await sendsafely.create({ userName: `anna@${sendsafely.domain}` });
    const off = await sendsafely.change(user, { active: false });
    expect((await sendsafely.mailboxOf(user)).eraseAfter).toBe(off.lastModified + 30 * day);
    await sendsafely.change(user, { active: true });
    expect((await sendsafely.mailboxOf(user)).eraseAfter).toBeNull();
    const other = await tenantWithDomain('alinto-protect');
    const colleague = await other.create({ userName: `anna@${other.domain}`, active: false });
    expect((await other.mailboxOf(colleague)).eraseAfter).toBeNull();
  });

  it('should start erasure for a SendSafely user who is created inactive', async () => {
    const { create, mailboxOf, domain } = await tenantWithDomain('sendsafely');
    const user = await create({ userName: `anna@${domain}`, active: false });
    expect(await mailboxOf(user)).toMatchObject({ status: 'suspended', eraseAfter: user.createdAt + 30 * day });
  });

  it('should reserve the addresses of a deleted user and set the clocks', async () => {
    const { create, change, remove, mailboxOf, byId, domain } = await tenantWithDomain();
    const user = await create({ userName: `a@${domain}`, externalId: 'e1' });
    await change(user, { userName: `b@${domain}` });
    const before = await mailboxOf(user);
    await remove(user);
    const after = await byId(before);
    const deletedAt = after.deletedAt ?? 0;
    expect(after).toMatchObject({
      status: 'deleted',
      scimUserId: null,
      externalId: 'e1',
      purgeAfter: deletedAt + 30 * day,
    });
    expect(held(after)).toEqual([`a@${domain} former reserved`, `b@${domain} primary reserved`]);
    expect(after.addresses.map(({ validUntil }) => validUntil)).toEqual([deletedAt + 120 * day, deletedAt + 120 * day]);
    expect(await recipient(`a@${domain}`)).toMatchObject({ action: 'gone', version: 3 });
    expect(await recipient(`b@${domain}`)).toMatchObject({ action: 'gone', version: 3 });
    expect((await eventTypes(after)).at(-1)).toBe('mailbox.deleted');
  });

  it('should delete a suspended and a pending mailbox as well', async () => {
    const { create, change, remove, mailboxOf, byId, domain } = await tenantWithDomain();
    const users = [await create({ userName: `anna@${domain}` }), await create({ userName: 'bob' })];
    for (const user of users) {
      await change(user, { active: false });
      const mailbox = await mailboxOf(user);
      await remove(user);
      expect(await byId(mailbox)).toMatchObject({ status: 'deleted', wishes: [] });
    }
  });

  it('should revive the same mailbox for the same external id', async () => {
    const { create, change, remove, mailboxOf, domain } = await tenantWithDomain();
    const user = await create({ userName: `a@${domain}`, externalId: 'e1' });
    await change(user, { userName: `b@${domain}` });
    const before = await mailboxOf(user);
    await remove(user);
    const again = await create({ userName: `b@${domain}`, externalId: 'e1' });
    const after = await mailboxOf(again);
    expect(again.id).not.toBe(user.id);
    expect(after).toMatchObject({ id: before.id, status: 'active', deletedAt: null, purgeAfter: null });
    expect(held(after)).toEqual([`a@${domain} former live`, `b@${domain} primary live`]);
    expect(await recipient(`a@${domain}`)).toMatchObject({ action: 'accept', primary_key: `b@${domain}` });
    expect((await eventTypes(after)).at(-1)).toBe('mailbox.restored');
  });

  it('should revive under a new name, with the reserved address as a former one', async () => {
    const { create, remove, mailboxOf, domain } = await tenantWithDomain();
    const user = await create({ userName: `a@${domain}`, externalId: 'e1' });
    const before = await mailboxOf(user);
    await remove(user);
    const after = await mailboxOf(await create({ userName: `c@${domain}`, externalId: 'e1' }));
    expect(after.id).toBe(before.id);
    expect(held(after)).toEqual([`a@${domain} former live`, `c@${domain} primary live`]);
  });

  it('should revive suspended for a person who comes back inactive, and activate later', async () => {
    const { create, change, remove, mailboxOf, domain } = await tenantWithDomain();
    await remove(await create({ userName: `a@${domain}`, externalId: 'e1' }));
    const again = await create({ userName: `a@${domain}`, externalId: 'e1', active: false });
    expect(await mailboxOf(again)).toMatchObject({ status: 'suspended', deletedAt: null });
    expect(await recipient(`a@${domain}`)).toMatchObject({ action: 'reject' });
    await change(again, { active: true });
    expect(await mailboxOf(again)).toMatchObject({ status: 'active' });
  });

  it.each([
    ['another external id', 'e2'],
    ['no external id', undefined],
  ])('should give the address to a new mailbox for %s, and leave the data where it was', async (_, externalId) => {
    const { create, remove, mailboxOf, byId, domain } = await tenantWithDomain();
    const user = await create({ userName: `a@${domain}`, externalId: 'e1' });
    const before = await mailboxOf(user);
    await remove(user);
    const newcomer = await mailboxOf(
      await create({ userName: `a@${domain}`, ...(externalId === undefined ? {} : { externalId }) }),
    );
    expect(newcomer.id).not.toBe(before.id);
    expect(held(newcomer)).toEqual([`a@${domain} primary live`]);
    const predecessor = await byId(before);
    expect(predecessor).toMatchObject({ status: 'deleted', purgeAfter: expect.any(Number) });
    expect(held(predecessor)).toEqual([`a@${domain} primary released`]);
    expect(await recipient(`a@${domain}`)).toMatchObject({ action: 'accept', mailbox_id: newcomer.id });
  });

  it('should revive without the address that somebody else has taken meanwhile', async () => {
    const { create, remove, mailboxOf, domain } = await tenantWithDomain();
    const user = await create({ userName: `a@${domain}`, externalId: 'e1' });
    const before = await mailboxOf(user);
    await remove(user);
    await create({ userName: `a@${domain}`, externalId: 'e2' });
    const back = await mailboxOf(await create({ userName: `a2@${domain}`, externalId: 'e1' }));
    expect(back).toMatchObject({ id: before.id, status: 'active' });
    expect(held(back)).toEqual([`a2@${domain} primary live`, `a@${domain} primary released`]);
  });

  it('should delete and create the same person again and again without piling rows up', async () => {
    const { create, remove, mailboxOf, domain } = await tenantWithDomain();
    const ids = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      const user = await create({ userName: `a@${domain}`, externalId: 'e1' });
      const mailbox = await mailboxOf(user);
      ids.add(mailbox.id);
      expect(mailbox.addresses).toHaveLength(1);
      await remove(user);
    }
    expect(ids.size).toBe(1);
  });

  it('should let a former address yield to a colleague', async () => {
    const { create, change, mailboxOf, domain } = await tenantWithDomain();
    const anna = await create({ userName: `anna@${domain}`, externalId: 'e1' });
    await change(anna, { userName: `anna.muster@${domain}` });
    const colleague = await mailboxOf(await create({ userName: `anna@${domain}`, externalId: 'e2' }));
    expect(colleague).toMatchObject({ status: 'active' });
    const mailbox = await mailboxOf(anna);
    expect(held(mailbox)).toEqual([`anna.muster@${domain} primary live`, `anna@${domain} former released`]);
    expect(await recipient(`anna@${domain}`)).toMatchObject({
      action: 'accept',
      mailbox_id: colleague.id,
      primary_key: `anna@${domain}`,
    });
    expect((await eventTypes(mailbox)).at(-1)).toBe('address.released');
  });

  it('should not take a live address from a colleague', async () => {
    const { create, change, mailboxOf, domain } = await tenantWithDomain();
    const anna = await create({ userName: `anna@${domain}` });
    await change(anna, { userName: 'anna@partner.example' });
    const colleague = await create({ userName: `anna@${domain}` });
    expect(await mailboxOf(colleague)).toMatchObject({
      status: 'pending',
      statusReason: 'address_taken',
      addresses: [],
    });
    expect(await recipient(`anna@${domain}`)).toMatchObject({ mailbox_id: (await mailboxOf(anna)).id });
  });

  it('should let two users swap their names over a third one', async () => {
    const { create, change, mailboxOf, domain } = await tenantWithDomain();
    const [a, b] = [await create({ userName: `a@${domain}` }), await create({ userName: `b@${domain}` })];
    await change(a, { userName: `tmp@${domain}` });
    await change(b, { userName: `a@${domain}` });
    await change(a, { userName: `b@${domain}` });
    expect(held(await mailboxOf(a))).toEqual([
      `a@${domain} former released`,
      `b@${domain} primary live`,
      `tmp@${domain} former live`,
    ]);
    expect(held(await mailboxOf(b))).toEqual([`a@${domain} primary live`, `b@${domain} former released`]);
  });

  it('should adopt a mailbox that waits for its user', async () => {
    const { create, mailboxOf, domain, tenant } = await tenantWithDomain();
    const imported = await mailboxOf(await create({ userName: `anna@${domain}` }));
    const { database } = libs();
    const waiting = {
      sql: "UPDATE mailbox_account SET scim_user_id = NULL, origin = 'import' WHERE id = ?",
      values: [imported.id],
    };
    await database.write(async (session) => {
      await session.run(waiting.sql, waiting.values);
      await session.run('DELETE FROM scim_user WHERE tenant_id = ?', [tenant]);
      await session.run('DELETE FROM scim_page_block WHERE tenant_id = ?', [tenant]);
    });
    const adopted = await mailboxOf(await create({ userName: `Anna@${domain}`, externalId: 'e1' }));
    expect(adopted).toMatchObject({ id: imported.id, status: 'active', origin: 'import', externalId: 'e1' });
    expect((await eventTypes(adopted)).at(-1)).toBe('mailbox.adopted');
  });

  it('should keep what support said above what the identity provider says', async () => {
    const { create, change, mailboxOf, domain } = await tenantWithDomain();
    const user = await create({ userName: `anna@${domain}`, active: false });
    const { id } = await mailboxOf(user);
    await libs().database.write((session) =>
      session.run("UPDATE mailbox_account SET admin_state = 'suspended', status_reason = 'admin' WHERE id = ?", [id]),
    );
    await change(user, { active: true });
    expect(await mailboxOf(user)).toMatchObject({ status: 'suspended', statusReason: 'admin', scimActive: true });
  });

  it('should find a mailbox by primary, former, reserved and wished address in any spelling, in its own tenant only', async () => {
    const { create, change, remove, tenant, domain } = await tenantWithDomain();
    const stranger = await createTenant(libs());
    const user = await create({ userName: `Anna@${domain}` });
    await change(user, { userName: `b@${domain}` });
    await change(user, { userName: 'wish@partner.example' });
    const { mailboxes } = libs();
    const find = (of: TenantId, address: string) => mailboxes.list(of, { address, limit: 10 });
    for (const address of [`b@${domain}`, `ANNA@${domain.toUpperCase()}.`, ' Wish@Partner.Example ']) {
      expect(await find(tenant, address)).toMatchObject([{ scimUserId: user.id }]);
      expect(await find(stranger, address)).toEqual([]);
    }
    await remove(user);
    expect(await find(tenant, `b@${domain}`)).toMatchObject([{ status: 'deleted' }]);
    expect(await find(tenant, 'nobody@partner.example')).toEqual([]);
  });

  it('should list by status and cursor, in the order of creation', async () => {
    const { create, tenant, domain } = await tenantWithDomain();
    for (const name of ['a', 'b', 'c']) await create({ userName: `${name}@${domain}` });
    for (const name of ['d', 'e']) await create({ userName: `${name}@${domain}`, active: false });
    const { mailboxes } = libs();
    const all = await mailboxes.list(tenant, { limit: 10 });
    expect(all.map(knownAddress)).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@${domain}`));
    expect(await mailboxes.list(tenant, { status: 'suspended', limit: 10 })).toEqual(all.slice(3));
    const page = await mailboxes.list(tenant, { limit: 2 });
    expect(page).toEqual(all.slice(0, 2));
    expect(await mailboxes.list(tenant, { limit: 10, after: page.at(-1)?.id ?? '' })).toEqual(all.slice(2));
    const stranger = await createTenant(libs());
    expect(await mailboxes.byId(stranger, all[0]?.id ?? '')).toBeUndefined();
    expect(await mailboxes.byUser(stranger, all[0]?.scimUserId ?? '')).toBeUndefined();
  });
});
