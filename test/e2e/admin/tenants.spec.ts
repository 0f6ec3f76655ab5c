import { expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { adminSurface, allPages, instant, listOf, unknownId, uuid } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

describeEachEngine('Admin REST, tenants', (engine) => {
  const surface = adminSurface(engine);
  const create = async (body: object): Promise<Tenant> => {
    const answer = await surface.call('POST', '/tenants', body);
    expect(answer.status).toBe(201);
    return answer.body as Tenant;
  };

  it.each([
    ['cleanmail', '/api/v3/scim2'],
    ['alinto-protect', '/api/v3/scim2'],
    ['sendsafely', '/scim/v2/entra'],
  ])('should create a %s tenant and read back the same', async (profile, path) => {
    const domains = [`${profile}.example`, `zürich-${profile}.example`];
    const created = await surface.call('POST', '/tenants', { name: `Contoso ${profile}`, profile, domains });

    expect(created.status).toBe(201);
    expect(created.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(created.body).toEqual({
      id: expect.stringMatching(uuid),
      name: `Contoso ${profile}`,
      profile,
      domains,
      status: 'active',
      dialect: null,
      tenantUrl: `${surface.service().scimUrl}${path}`,
      createdAt: expect.stringMatching(instant),
      updatedAt: expect.stringMatching(instant),
    });
    const read = await surface.call('GET', `/tenants/${(created.body as Tenant).id}`);
    expect([read.status, read.body]).toEqual([200, created.body]);
  });

  it('should create a tenant without domains, and one whose name another tenant has', async () => {
    const first = await create({ name: 'Twin', profile: 'cleanmail' });
    const second = await create({ name: 'Twin', profile: 'cleanmail', domains: [] });
    expect(first).toMatchObject({ domains: [] });
    expect(second.id).not.toBe(first.id);
  });

  it('should list 25 tenants in the order of creation, ten a page', async () => {
    const ids: string[] = [];
    for (let number = 1; number <= 25; number += 1) {
      ids.push((await create({ name: `Walk ${number}`, profile: 'cleanmail', domains: [`walk${number}.example`] })).id);
    }
    const pages = await allPages<Tenant>(surface, '/tenants', 10);
    const listed = pages.flat();

    expect(pages.slice(0, -1).map(({ length }) => length)).toEqual(pages.slice(1).map(() => 10));
    expect(listed.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(ids);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
    expect(listed.at(-1)).toEqual((await surface.call('GET', `/tenants/${ids.at(-1)}`)).body);
  });

  it('should answer no cursor when a page ends with the last tenant', async () => {
    await create({ name: 'At least one', profile: 'cleanmail' });
    const count = (await allPages(surface, '/tenants', 1000)).flat().length;
    expect(listOf(await surface.call('GET', `/tenants?limit=${count}`)).nextCursor).toBeUndefined();
    expect(listOf(await surface.call('GET', `/tenants?limit=${count - 1}`)).nextCursor).toEqual(expect.any(String));
  });

  it('should rename a tenant and leave everything else as it was', async () => {
    const tenant = await create({ name: 'Before', profile: 'cleanmail', domains: ['rename.example'] });
    const renamed = await surface.call('PATCH', `/tenants/${tenant.id}`, { name: 'After 名前' });

    expect(renamed.status).toBe(200);
    expect(renamed.body).toEqual({ ...tenant, name: 'After 名前', updatedAt: expect.stringMatching(instant) });
    expect((renamed.body as Tenant).updatedAt >= tenant.updatedAt).toBe(true);
    expect((await surface.call('GET', `/tenants/${tenant.id}`)).body).toEqual(renamed.body);
  });

  it('should refuse the tokens of a suspended tenant at once, and accept them again when it is resumed', async () => {
    const client = await TenantClient.open(surface.service(), 'cleanmail');
    const path = `/tenants/${client.tenant.id}`;
    expect((await client.send('GET', '/Users')).status).toBe(200);

    const suspended = await surface.call('PATCH', path, { status: 'suspended' });
    expect([suspended.status, suspended.body]).toEqual([
      200,
      { ...client.tenant, status: 'suspended', updatedAt: expect.any(String) },
    ]);
    expect((await client.send('GET', '/Users')).status).toBe(401);

    const resumed = await surface.call('PATCH', path, { status: 'active' });
    expect([resumed.status, resumed.body]).toEqual([
      200,
      { ...client.tenant, status: 'active', updatedAt: expect.any(String) },
    ]);
    expect((await client.send('GET', '/Users')).status).toBe(200);
  });

  it('should decommission a tenant: gone, its tokens dead, its domain and addresses free for another', async () => {
    const client = await TenantClient.open(surface.service(), 'cleanmail', ['leaving.example']);
    const path = `/tenants/${client.tenant.id}`;
    await client.createUser({ userName: 'ada@leaving.example' });

    const closed = await surface.call('DELETE', path);
    expect([closed.status, closed.text]).toEqual([204, '']);

    const gone = [
      await surface.call('GET', path),
      await surface.call('PATCH', path, { name: 'Back' }),
      await surface.call('GET', `${path}/tokens`),
      await surface.call('POST', `${path}/tokens`, {}),
      await surface.call('GET', `${path}/users`),
      await surface.call('GET', `${path}/mailboxes`),
      await surface.call('GET', `${path}/provisioning-log`),
    ];
    for (const answer of gone) {
      expectProblem(answer, 404, 'tenant_not_found', `No tenant has the id ${client.tenant.id}.`);
    }
    expect((await client.send('GET', '/Users')).status).toBe(401);
    const listed = (await allPages<Tenant>(surface, '/tenants', 1000)).flat();
    expect(listed.some(({ id }) => id === client.tenant.id)).toBe(false);

    const next = await TenantClient.open(surface.service(), 'cleanmail', ['leaving.example']);
    const user = await next.createUser({ userName: 'ada@leaving.example' });
    expect(await next.mailboxOf(user.id)).toMatchObject({ address: 'ada@leaving.example', status: 'active' });
  });

  it('should finish a decommissioning that is repeated', async () => {
    const tenant = await create({ name: 'Twice', profile: 'cleanmail' });
    const statuses = [
      (await surface.call('DELETE', `/tenants/${tenant.id}`)).status,
      (await surface.call('DELETE', `/tenants/${tenant.id}`)).status,
    ];
    expect(statuses).toEqual([204, 204]);
  });

  it('should answer 404 to every call on a tenant that never was', async () => {
    const path = `/tenants/${unknownId}`;
    const calls: readonly (readonly [string, string, object?])[] = [
      ['GET', path],
      ['PATCH', path, { name: 'Nobody' }],
      ['DELETE', path],
      ['GET', `${path}/tokens`],
      ['POST', `${path}/tokens`, {}],
      ['DELETE', `${path}/tokens/${unknownId}`],
      ['POST', `${path}/tokens/${unknownId}/rotate`, {}],
      ['GET', `${path}/users`],
      ['GET', `${path}/mailboxes`],
      ['GET', `${path}/mailboxes/${unknownId}`],
      ['GET', `${path}/provisioning-log`],
      ['GET', `${path}/audit-log`],
    ];
    const codes = await Promise.all(
      calls.map(async ([method, target, body]) => {
        const answer = await surface.call(method, target, body);
        return [method, target, answer.status, (answer.body as { code?: string } | undefined)?.code];
      }),
    );
    expect(codes).toEqual(calls.map(([method, target]) => [method, target, 404, 'tenant_not_found']));
  });
});
