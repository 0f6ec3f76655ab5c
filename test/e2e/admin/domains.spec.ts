import { expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { adminSurface, allPages } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

describeEachEngine('Admin REST, mail domains', (engine) => {
  const surface = adminSurface(engine);
  const create = (name: string, domains: readonly string[]) =>
    surface.call('POST', '/tenants', { name, profile: 'cleanmail', domains });
  const tenantNames = async () =>
    (await allPages<{ readonly name: string }>(surface, '/tenants', 1000)).flat().map(({ name }) => name);

  it.each([
    ['the same name', 'owned-1.example', 'owned-1.example'],
    ['another case', 'owned-2.example', 'OWNED-2.Example'],
    ['the A-labels of a name in U-labels', 'bücher-3.example', 'xn--bcher-3-n2a.example'],
    ['a dot at the end', 'owned-4.example', 'owned-4.example.'],
  ])('should refuse a domain that another tenant owns, as %s', async (form, owned, wanted) => {
    expect((await create(`Owner of ${owned}`, [owned])).status).toBe(201);
    const refused = await create(`Latecomer, ${form}`, [wanted]);

    expectProblem(
      refused,
      409,
      'domain_in_use',
      `The domain ${owned} belongs to another tenant; contact support to have it transferred.`,
    );
    expect(await tenantNames()).not.toContain(`Latecomer, ${form}`);
  });

  it('should create nothing at all when one of two domains is taken', async () => {
    await create('Holder', ['taken.example']);
    expect((await create('Greedy', ['spare.example', 'taken.example'])).status).toBe(409);
    expect(await tenantNames()).not.toContain('Greedy');

    const client = await TenantClient.open(surface.service(), 'cleanmail', ['spare.example']);
    const user = await client.createUser({ userName: 'eve@spare.example' });
    expect(await client.mailboxOf(user.id)).toMatchObject({ address: 'eve@spare.example', status: 'active' });
  });

  it('should give a domain that two ask for at once to one of them', async () => {
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => create(`Racer ${name}`, [`${name}.race.example`, 'race.example'])),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('should count a domain once that is given twice', async () => {
    const created = await create('Repeats itself', ['double.example', 'Double.Example']);
    expect([created.status, created.body]).toEqual([201, expect.objectContaining({ domains: ['double.example'] })]);
  });

  it.each([
    '',
    ' ',
    'nodots',
    '-a.example',
    'a..example',
    'user@a.example',
    'https://a.example',
    'a b.example',
    '1.2.3.4',
  ])('should refuse %j as a domain', async (domain) => {
    const refused = await create('Misspelt', [domain]);
    expectProblem(
      refused,
      400,
      'invalid_domain',
      `"${domain}" is not a mail domain; give a host name such as contoso.ch.`,
    );
    expect(await tenantNames()).not.toContain('Misspelt');
  });

  it('should let the owner of a domain win over what tenants without domains claimed there', async () => {
    const open = await TenantClient.open(surface.service(), 'cleanmail');
    const early = await open.createUser({ userName: 'ann@claimed.example' });
    const elsewhere = await open.createUser({ userName: 'ann@elsewhere.example' });
    expect(await open.mailboxOf(early.id)).toMatchObject({ address: 'ann@claimed.example', status: 'active' });

    const owner = await TenantClient.open(surface.service(), 'cleanmail', ['claimed.example']);
    expect(await open.mailboxOf(early.id)).toMatchObject({
      address: 'ann@claimed.example',
      status: 'pending',
      statusReason: 'domain_not_owned',
    });
    expect(await open.mailboxOf(elsewhere.id)).toMatchObject({ status: 'active' });

    const owned = await owner.createUser({ userName: 'ann@claimed.example' });
    expect(await owner.mailboxOf(owned.id)).toMatchObject({ address: 'ann@claimed.example', status: 'active' });
    const late = await open.createUser({ userName: 'bob@claimed.example' });
    expect(await open.mailboxOf(late.id)).toMatchObject({ status: 'pending', statusReason: 'domain_not_owned' });
    expect((await open.readUser(early.id)).userName).toBe('ann@claimed.example');
  });

  it('should park an address outside the domains of a tenant, and say so', async () => {
    const client = await TenantClient.open(surface.service(), 'cleanmail', ['inside.example']);
    const user = await client.createUser({ userName: 'max@outside.example' });
    expect(await client.mailboxOf(user.id)).toMatchObject({
      address: 'max@outside.example',
      status: 'pending',
      statusReason: 'domain_not_owned',
      addresses: [],
      wishes: [{ address: 'max@outside.example', role: 'primary', reason: 'domain_not_owned' }],
    });
  });
});
