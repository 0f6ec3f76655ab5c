import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ProfileName } from '../../conformance/client/admin-client.js';
import {
  CORE_GROUP,
  CORE_USER,
  ENTERPRISE_USER,
  type ScimList,
  type ScimUser,
} from '../../conformance/client/scim-types.js';
import { BASE_PATHS, TenantClient } from '../../conformance/client/tenant-client.js';
import { fullUser, plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { embeddedEngine } from '../../support/embedded-engine.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import type { ServiceUnderTest } from '../../support/service.js';
import { comparable, expectAllAlike, expectScimError } from './answers.js';

const profiles: readonly ProfileName[] = ['cleanmail', 'alinto-protect', 'sendsafely'];
const FORWARDED = { Host: 'inner.example', 'X-Forwarded-Host': 'cloud.cleanmail.ch', 'X-Forwarded-Proto': 'https' };

/** Creates and reads a user with these headers; gives what all the locations in the answers begin with. */
async function startOfLocations(tenant: TenantClient, headers: Readonly<Record<string, string>>): Promise<string> {
  const created = await tenant.send('POST', '/Users', { body: plainUser(uniqueAddress()), headers });
  const { id } = created.body as ScimUser;
  const read = await tenant.send('GET', `/Users/${id}`, { headers });
  const patched = await tenant.send('PATCH', `/Users/${id}`, {
    headers,
    body: { Operations: [{ op: 'replace', path: 'title', value: 'x' }] },
  });
  const listed = await tenant.send('GET', `/Users?filter=id+eq+%22${id}%22`, { headers });
  const schemas = await tenant.send('GET', '/Schemas', { headers });
  const type = await tenant.send('GET', '/ResourceTypes/User', { headers });
  const ends = [
    [created.headers.location, `/Users/${id}`],
    ...[created.body, read.body, patched.body, (listed.body as ScimList).Resources[0]].map((body) => [
      (body as ScimUser).meta.location,
      `/Users/${id}`,
    ]),
    [(type.body as ScimUser).meta.location, '/ResourceTypes/User'],
    [(schemas.body as ScimList<ScimUser>).Resources[0]?.meta.location, `/Schemas/${CORE_USER}`],
  ];
  const starts = ends.map(([location = '', end = '']) => {
    expect(location.endsWith(`${tenant.basePath}${end}`)).toBe(true);
    return location.slice(0, -`${tenant.basePath}${end}`.length);
  });
  expect(new Set(starts).size).toBe(1);
  return starts[0] ?? '';
}

describeEachEngine('service profiles', (engine) => {
  const service = serviceForSuite(engine);
  const tenants = new Map<ProfileName, TenantClient>();
  const tenantOf = (profile: ProfileName): TenantClient => {
    const tenant = tenants.get(profile);
    if (tenant === undefined) throw new Error(`no tenant of ${profile}`);
    return tenant;
  };
  beforeAll(async () => {
    for (const profile of profiles) tenants.set(profile, await TenantClient.open(service(), profile));
  });

  it.each(profiles)('%s: should create, find, change, disable and delete a user end to end', async (profile) => {
    const tenant = tenantOf(profile);
    const body = fullUser();
    const user = await tenant.createUser(body);
    expect(user).toEqual({ ...body, id: user.id, meta: user.meta });
    expect(user.meta.location).toBe(`${tenant.tenant.tenantUrl}/Users/${user.id}`);
    expect((await tenant.findByUserName(user.userName.toUpperCase())).Resources).toEqual([user]);
    expect(await tenant.mailboxOf(user.id)).toMatchObject({ address: user.userName, status: 'active' });
    const named = await tenant.patch(user.id, { op: 'replace', path: 'name.familyName', value: 'Other' });
    expect(named.body).toMatchObject({ name: { familyName: 'Other', givenName: 'Anna' }, meta: { version: 'W/"2"' } });
    await tenant.disable(user.id);
    expect(await tenant.mailboxOf(user.id)).toMatchObject({ status: 'suspended' });
    await tenant.remove(user.id);
    expectScimError(await tenant.send('GET', `/Users/${user.id}`), 404);
    expect((await tenant.admin.mailboxesOf(tenant.tenant.id, user.userName))[0]).toMatchObject({ status: 'deleted' });
  });

  it.each(profiles)('%s: should take double and trailing slashes for single ones on every route', async (profile) => {
    const tenant = tenantOf(profile);
    const user = await tenant.createUser(plainUser(uniqueAddress()));
    const spelled = async (tail: string): Promise<void> => {
      const paths = [`/${tail}`, `//${tail}`, `/${tail}/`, `//${tail}/`, `///${tail}//`, `/${tail.replace('/', '//')}`];
      const answers = [];
      for (const path of paths) answers.push([path, await tenant.send('GET', path)] as const);
      const doubledBase = tenant.basePath.replaceAll('/', '//');
      const headers = { Authorization: `Bearer ${tenant.token}` };
      answers.push([doubledBase, await tenant.sendRaw('GET', `${doubledBase}//${tail}`, { headers })] as const);
      expect(answers[0]?.[1].status).toBe(200);
      expectAllAlike(answers);
    };
    for (const tail of ['Users', `Users/${user.id}`, 'Groups', 'Schemas', 'ResourceTypes', 'ServiceProviderConfig'])
      await spelled(tail);
    const posted = await tenant.send('POST', '//Users/', { body: plainUser(uniqueAddress()) });
    expect([posted.status, posted.headers.location]).toEqual([
      201,
      `${service().scimUrl}${tenant.basePath}/Users/${(posted.body as ScimUser).id}`,
    ]);
    const { id } = posted.body as ScimUser;
    const body = { Operations: [{ op: 'replace', path: 'title', value: 'x' }] };
    expect((await tenant.send('PATCH', `//Users//${id}/`, { body })).status).toBe(200);
    expect((await tenant.send('DELETE', `//Users//${id}//`)).status).toBe(204);
  });

  it.each(profiles)('%s: should open nothing with its token on the path of another profile', async (profile) => {
    const tenant = tenantOf(profile);
    const headers = { Authorization: `Bearer ${tenant.token}` };
    const others = Object.values(BASE_PATHS).filter((path) => path !== tenant.basePath);
    const wrong = { headers: { Authorization: 'Bearer nonsense' } };
    const expected = comparable(await tenant.sendRaw('GET', `${tenant.basePath}/Users`, wrong));
    for (const path of others)
      for (const tail of ['/Users', '/Users/1', '/Groups', '/Schemas', '/ServiceProviderConfig', '//Users/'])
        expect(comparable(await tenant.sendRaw('GET', path + tail, { headers }))).toEqual(expected);
  });

  it.each(profiles)('%s: should answer the group probe of Entra with an empty list', async (profile) => {
    const tenant = tenantOf(profile);
    for (const query of [
      '?excludedAttributes=members&filter=displayName+eq+%22Sales%22',
      '?excludedAttributes=members&filter=externalId+eq+%22ab12%22',
      '?filter=id+eq+%22x%22+and+members+eq+%22y%22&attributes=id',
      '?startIndex=1&count=100',
      '',
    ]) {
      const answer = await tenant.send('GET', `/Groups${query}`);
      expect([answer.status, answer.body]).toMatchObject([200, { totalResults: 0, startIndex: 1, Resources: [] }]);
    }
    expectScimError(await tenant.send('GET', '/Groups?filter=displayName'), 400, 'invalidFilter');
    expectScimError(await tenant.send('GET', '/Groups/1'), 404);
    const body = { Operations: [{ op: 'remove', path: 'members' }] };
    expectScimError(await tenant.send('PATCH', '/Groups/1', { body }), 404);
  });

  it('sendsafely: should say that it has no groups', async () => {
    const tenant = tenantOf('sendsafely');
    expectScimError(await tenant.send('POST', '/Groups', { body: { displayName: 'Sales' } }), 501);
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await tenant.send(method, '/Groups/1', method === 'PUT' || method === 'PATCH' ? { body: {} } : {});
      expect(expectScimError(answer, 404)).toContain('not provisioned by this service');
    }
    for (const path of ['/Schemas', '/ResourceTypes']) {
      const { Resources } = (await tenant.send('GET', path)).body as ScimList<{ readonly name: string }>;
      expect(Resources.map(({ name }) => name)).not.toContain('Group');
    }
  });

  it.each(['cleanmail', 'alinto-protect'] as const)('%s: should list Group in its discovery', async (profile) => {
    const tenant = tenantOf(profile);
    const types = (await tenant.send('GET', '/ResourceTypes')).body as ScimList<{ readonly name: string }>;
    expect(types.Resources.map(({ name }) => name)).toEqual(['User', 'Group']);
    const schemas = (await tenant.send('GET', '/Schemas')).body as ScimList<{ readonly id: string }>;
    expect(schemas.Resources.map(({ id }) => id)).toEqual([CORE_USER, CORE_GROUP, ENTERPRISE_USER]);
    for (const { id } of schemas.Resources) expect((await tenant.send('GET', `/Schemas/${id}`)).status).toBe(200);
    const type = await tenant.send('GET', '/ResourceTypes/Group');
    expect([type.status, type.body]).toMatchObject([200, { endpoint: '/Groups', schema: CORE_GROUP }]);
  });
});

/** A `describe` with a service of its own: one at a time, as one process of the product is one service. */
function describeAddresses(
  title: string,
  environment: Readonly<Record<string, string>>,
  suite: (service: () => ServiceUnderTest) => void,
): void {
  describe(`the addresses in answers ${title}`, () => suite(serviceForSuite(embeddedEngine(), environment)));
}

describeAddresses('without a trusted proxy', {}, (service) => {
  it.each(profiles)('%s: should be the listener’s own, whatever host or proxy the client claims', async (profile) => {
    const tenant = await TenantClient.open(service(), profile);
    for (const headers of [
      {},
      FORWARDED,
      { Host: 'cloud.cleanmail.eu' },
      { Forwarded: 'host=evil.example;proto=https' },
    ])
      expect(await startOfLocations(tenant, headers)).toBe(service().scimUrl);
  });
});

describeAddresses('behind a trusted proxy', { TRUST_PROXY: '127.0.0.1' }, (service) => {
  it.each(profiles)('%s: should be those that the proxy was asked for', async (profile) => {
    const tenant = await TenantClient.open(service(), profile);
    expect(await startOfLocations(tenant, FORWARDED)).toBe('https://cloud.cleanmail.ch');
    expect(await startOfLocations(tenant, { Host: 'cloud.cleanmail.eu:8443' })).toBe('http://cloud.cleanmail.eu:8443');
    const port = { ...FORWARDED, 'X-Forwarded-Host': 'cloud.cleanmail.fr:444' };
    expect(await startOfLocations(tenant, port)).toBe('https://cloud.cleanmail.fr:444');
  });
});

describeAddresses('behind a proxy that is not trusted', { TRUST_PROXY: '10.0.0.0/8' }, (service) => {
  it('should not be what X-Forwarded-* says', async () => {
    const start = await startOfLocations(await TenantClient.open(service(), 'alinto-protect'), FORWARDED);
    expect(start).not.toMatch(/https|cloud\.cleanmail\.ch/);
  });
});

const published = { PUBLIC_SCIM_URL: 'https://scim.public.example/' };
for (const environment of [published, { ...published, TRUST_PROXY: '127.0.0.1' }]) {
  describeAddresses(`with ${Object.keys(environment).join(' and ')}`, environment, (service) => {
    it.each(profiles)('%s: should be PUBLIC_SCIM_URL before anything else', async (profile) => {
      const tenant = await TenantClient.open(service(), profile);
      expect(tenant.tenant.tenantUrl).toBe(`https://scim.public.example${BASE_PATHS[profile]}`);
      for (const headers of [{}, FORWARDED])
        expect(await startOfLocations(tenant, headers)).toBe('https://scim.public.example');
    });
  });
}
