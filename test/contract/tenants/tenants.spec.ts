import { afterEach, expect, it, jest } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import { DomainInUseError } from '@cleanmail/mailboxes';
import { serviceProfiles, TenantNotFoundError } from '@cleanmail/tenants';
import { describeEachEngine } from '../../support/engines/index.js';
import { command } from '../support/commands.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';

describeEachEngine('tenants', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const newDomain = () => `d-${newId()}.example`;

  async function trail(tenant: TenantId) {
    const entries = await libs().audit.list(tenant, { limit: 100 });
    return entries
      .map(({ action, target, actor: name, requestId, details }) => ({ action, target, name, requestId, details }))
      .reverse();
  }

  it('should create, read, list and change', async () => {
    const domain = newDomain();
    const created = await libs().tenants.create(actor, {
      name: 'Contoso',
      profile: 'alinto-protect',
      domains: [domain],
    });
    expect(created).toMatchObject({
      name: 'Contoso',
      profile: 'alinto-protect',
      status: 'active',
      domains: [{ name: domain, status: 'verified' }],
    });
    expect(await libs().tenants.get(created.id)).toEqual(created);
    expect(await libs().tenants.require(created.id)).toMatchObject({ name: 'Contoso' });
    const changed = await libs().tenants.change(created.id, actor, { name: 'Contoso AG', status: 'suspended' });
    expect(changed).toMatchObject({
      id: created.id,
      name: 'Contoso AG',
      status: 'suspended',
      domains: created.domains,
    });
    const second = await createTenant(libs());
    const page = await libs().tenants.list({ limit: 100 });
    expect(page.map(({ id }) => id)).toEqual([...page.map(({ id }) => id)].sort());
    expect(page.find(({ id }) => id === created.id)).toEqual(changed);
    expect((await libs().tenants.list({ limit: 100, after: created.id })).map(({ id }) => id)).toEqual([second]);
  });

  it('should know no tenant by another id', async () => {
    const unknown = newId() as TenantId;
    const { tenants } = libs();
    const attempts = [
      tenants.get(unknown),
      tenants.require(unknown),
      tenants.change(unknown, actor, { name: 'x' }),
      tenants.close(unknown, actor),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toBeInstanceOf(TenantNotFoundError);
    expect(await trail(unknown)).toEqual([]);
  });

  it('should leave an audit entry with its actor for every action', async () => {
    const domain = newDomain();
    const tenant = await createTenant(libs(), { domains: [domain] });
    const { tenants, tokens } = libs();
    await tenants.change(tenant, { name: 'support:anna', requestId: 'r-2' }, { status: 'suspended' });
    const token = await tokens.issue(tenant, actor, { description: 'secret words' });
    const successor = await tokens.rotate(tenant, actor, token.id, 60);
    await tokens.revoke(tenant, actor, successor.id);
    await tenants.close(tenant, actor);
    const by = { name: actor.name, requestId: actor.requestId };
    expect(await trail(tenant)).toEqual([
      {
        action: 'tenant.create',
        target: tenant,
        ...by,
        details: { name: expect.any(String), profile: 'cleanmail', domains: [domain] },
      },
      {
        action: 'tenant.change',
        target: tenant,
        name: 'support:anna',
        requestId: 'r-2',
        details: { status: 'suspended' },
      },
      { action: 'token.issue', target: token.id, ...by, details: {} },
      { action: 'token.rotate', target: token.id, ...by, details: { successor: successor.id, overlapSeconds: 60 } },
      { action: 'token.revoke', target: successor.id, ...by, details: {} },
      { action: 'tenant.close', target: tenant, ...by, details: { mailEndsAt: expect.any(String) } },
    ]);
  });

  it('should do nothing of an action whose audit entry cannot be written', async () => {
    const tenant = await createTenant(libs());
    const { tenants, tokens, audit, database } = libs();
    const token = await tokens.issue(tenant, actor, {});
    const counts = () =>
      query(
        database,
        'SELECT (SELECT COUNT(*) FROM tenant) AS tenants, (SELECT COUNT(*) FROM secret_token) AS tokens, (SELECT COUNT(*) FROM audit_entry) AS entries, (SELECT COUNT(*) FROM mail_domain) AS domains',
      );
    const before = [await counts(), await tenants.get(tenant), await tokens.list(tenant, { limit: 10 })];
    jest.spyOn(audit, 'record').mockRejectedValue(new Error('no audit entry'));
    const attempts = [
      tenants.create(actor, { name: 'x', profile: 'cleanmail', domains: [newDomain()] }),
      tenants.change(tenant, actor, { name: 'x' }),
      tenants.close(tenant, actor),
      tokens.issue(tenant, actor, {}),
      tokens.rotate(tenant, actor, token.id),
      tokens.revoke(tenant, actor, token.id),
    ];
    for (const outcome of await Promise.allSettled(attempts)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'no audit entry' } });
    }
    expect([await counts(), await tenants.get(tenant), await tokens.list(tenant, { limit: 10 })]).toEqual(before);
  });

  it('should free domains and addresses when a tenant is closed', async () => {
    const domain = newDomain();
    const tenant = await createTenant(libs(), { domains: [domain] });
    const { credential } = await libs().tokens.issue(tenant, actor, {});
    for (let count = 0; count < 60; count += 1) {
      await libs().users.create(tenant, command(), { userName: `u${count}@${domain}`, active: count % 2 === 0 });
    }
    await libs().users.create(tenant, command(), { userName: 'pending' });
    await expect(createTenant(libs(), { domains: [domain] })).rejects.toBeInstanceOf(DomainInUseError);
    await libs().tenants.close(tenant, actor);
    expect(await libs().verifier.verify(credential, serviceProfiles.cleanmail.basePath)).toBeUndefined();
    await expect(libs().tenants.get(tenant)).rejects.toBeInstanceOf(TenantNotFoundError);
    expect((await libs().tenants.list({ limit: 500 })).map(({ id }) => id)).not.toContain(tenant);
    const { database } = libs();
    expect(
      await query(database, "SELECT 1 AS one FROM mailbox_address WHERE tenant_id = ? AND state <> 'released'", [
        tenant,
      ]),
    ).toEqual([]);
    expect(
      await query(database, "SELECT 1 AS one FROM mail_recipient WHERE tenant_id = ? AND action <> 'gone'", [tenant]),
    ).toEqual([]);
    expect(await query(database, 'SELECT 1 AS one FROM mail_relay_domain WHERE tenant_id = ?', [tenant])).toEqual([]);
    expect(
      await query(database, "SELECT 1 AS one FROM mailbox_account WHERE tenant_id = ? AND status <> 'deleted'", [
        tenant,
      ]),
    ).toEqual([]);
    await expectMailConsistent(database);
    const heir = await createTenant(libs(), { domains: [domain] });
    const user = await libs().users.create(heir, command(), { userName: `u1@${domain}` });
    expect(await libs().mailboxes.byUser(heir, user.id)).toMatchObject({ status: 'active' });
    await expectMailConsistent(database);
  });

  it.each([
    ['when it is repeated', (tenant: TenantId) => libs().tenants.close(tenant, actor)],
    ['by a clock', () => libs().clocks.run({ only: 'tenant-closures', now: true })],
  ] as const)('should finish a close that was interrupted %s', async (_, finish) => {
    const domain = newDomain();
    const tenant = await createTenant(libs(), { domains: [domain] });
    for (let count = 0; count < 40; count += 1) {
      await libs().users.create(tenant, command(), { userName: `u${count}@${domain}` });
    }
    const { database } = libs();
    const write = database.write.bind(database);
    let units = 0;
    const spy = jest.spyOn(database, 'write').mockImplementation((work, options) => {
      units += 1;
      return units > 2 ? Promise.reject(new Error('killed')) : write(work, options);
    });
    await expect(libs().tenants.close(tenant, actor)).rejects.toThrow('killed');
    spy.mockRestore();
    await expect(createTenant(libs(), { domains: [domain] })).rejects.toBeInstanceOf(DomainInUseError);
    await finish(tenant);
    expect(await libs().tenants.get(await createTenant(libs(), { domains: [domain] }))).toMatchObject({
      domains: [{ name: domain }],
    });
    expect((await trail(tenant)).filter(({ action }) => action === 'tenant.close')).toHaveLength(1);
    await expectMailConsistent(database);
  });

  it('should close a tenant while its users are still being created', async () => {
    const domain = newDomain();
    const tenant = await createTenant(libs(), { domains: [domain] });
    const creating = Array.from({ length: 30 }, (_, index) =>
      libs().users.create(tenant, command(), { userName: `u${index}@${domain}` }),
    );
    const closing = libs().tenants.close(tenant, actor);
    await Promise.allSettled([...creating, closing]);
    await libs().tenants.close(tenant, actor);
    const left = "SELECT 1 AS one FROM mailbox_address WHERE tenant_id = ? AND state <> 'released'";
    expect(await query(libs().database, left, [tenant])).toEqual([]);
    await expectMailConsistent(libs().database);
  });

  it('should page through the trail, newest first, of one tenant only', async () => {
    const [tenant, other] = [await createTenant(libs()), await createTenant(libs())];
    for (const name of ['a', 'b', 'c']) await libs().tenants.change(tenant, actor, { name });
    const all = await libs().audit.list(tenant, { limit: 10 });
    expect(all.map(({ details }) => details['name'])).toEqual(['c', 'b', 'a', expect.any(String)]);
    expect(await libs().audit.list(tenant, { limit: 2, before: all[1]?.id ?? '' })).toEqual(all.slice(2));
    expect(await libs().audit.list(other, { limit: 10 })).toHaveLength(1);
  });
});
