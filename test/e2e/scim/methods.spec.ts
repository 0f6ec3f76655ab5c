import { beforeAll, expect, it } from '@jest/globals';
import { BASE_PATHS, TenantClient } from '../../conformance/client/tenant-client.js';
import { fullUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { withWatchedService } from '../../support/recorded-routes.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { comparable, expectHeaders, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';

const resources = ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];
const collection = ['GET', 'POST', 'HEAD', 'OPTIONS'];
const document = ['GET', 'HEAD', 'OPTIONS'];

/** The methods of every path, in the words of RFC 7644. */
const allowed: readonly (readonly [path: string, methods: readonly string[]])[] = [
  ['/Users', collection],
  ['/Users/(user)', resources],
  ['/Groups', collection],
  ['/Groups/(group)', resources],
  ['/Bulk', ['POST', 'OPTIONS']],
  ['/ServiceProviderConfig', document],
  ['/ResourceTypes', document],
  ['/ResourceTypes/User', document],
  ['/Schemas', document],
  ['/Schemas/urn:ietf:params:scim:schemas:core:2.0:User', document],
];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'LOCK', 'SEARCH'];
const scimJson = { 'Content-Type': SCIM_MEDIA_TYPE };

describeEachEngine('the methods of a path', (engine) => {
  const service = serviceForSuite(engine, { RATE_LIMIT_PER_SECOND: '1000' });
  let tenant: TenantClient;
  let user: string;
  let group: string;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    user = (await tenant.createUser(fullUser())).id;
    group = (await tenant.createGroup({ displayName: uniqueAddress(), members: [{ value: user }] })).id;
  });

  const located = (path: string): string => path.replace('(user)', user).replace('(group)', group);

  it.each(allowed)('should be told by OPTIONS of %s', async (path, expected) => {
    for (const spelling of [located(path), `${located(path)}/`, `/${located(path)}`]) {
      const answer = await tenant.send('OPTIONS', spelling);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expectHeaders(answer.headers, { allow: expect.any(String) });
      expect(answer.headers.allow?.split(', ').sort()).toEqual([...expected].sort());
    }
  });

  it.each(allowed)('should be the only ones of %s: others are 405, and change nothing', async (path, expected) => {
    for (const method of methods.filter((name) => !expected.includes(name))) {
      const body = method === 'HEAD' || method === 'GET' ? undefined : {};
      const answer = await tenant.send(method, located(path), { body });
      if (method === 'HEAD') expect([answer.status, answer.text]).toEqual([405, '']);
      else expect(expectScimError(answer, 405)).toContain(expected.join(', '));
      expect(answer.headers.allow?.split(', ').sort()).toEqual([...expected].sort());
    }
    expect((await tenant.send('GET', `/Users/${user}`)).status).toBe(200);
  });

  it.each(allowed)('should want a token on %s, whatever the method', async (path) => {
    const full = `${tenant.basePath}${located(path)}`;
    const known = await tenant.sendRaw('GET', full);
    expectScimError(known, 401);
    for (const method of methods.filter((name) => name !== 'HEAD'))
      expect(comparable(await tenant.sendRaw(method, full, { headers: scimJson }))).toEqual(comparable(known));
  });

  it.each(allowed.filter(([, expected]) => expected.includes('GET')))(
    'should have HEAD answered as GET without a body at %s',
    async (path) => {
      for (const query of ['', '?attributes=id', '?attributes=id&excludedAttributes=id', '?filter=oops']) {
        const target = `${located(path)}${query}`;
        const [get, head] = [await tenant.send('GET', target), await tenant.send('HEAD', target)];
        expect(head.text).toBe('');
        expect(comparable({ ...head, text: get.text })).toEqual(comparable(get));
        expect(Number(get.headers['content-length'])).toBe(Buffer.byteLength(get.text));
      }
    },
  );

  it('should have HEAD of a known version answered with 304, and of an unknown id with 404', async () => {
    for (const path of [`/Users/${user}`, `/Groups/${group}`]) {
      const answer = await tenant.send('HEAD', path, { headers: { 'If-None-Match': 'W/"1"' } });
      expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, '', 'W/"1"']);
      expect((await tenant.send('HEAD', `${path}0`)).status).toBe(404);
    }
  });

  it('should be logged as what they are', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const { id } = await own.createUser(fullUser());
    await own.send('HEAD', `/Users/${id}`);
    await own.send('HEAD', '/Users?count=1');
    await own.send('OPTIONS', '/Users');
    await own.send('DELETE', '/Users');
    const answer = await own.admin.call('GET', `/tenants/${own.tenant.id}/provisioning-log`);
    expect((answer.body as { readonly items: object[] }).items.slice(0, 4)).toMatchObject([
      { method: 'DELETE', operation: 'delete', outcome: 'failure', status: 405 },
      { method: 'OPTIONS', operation: 'discover', outcome: 'success', status: 204 },
      { method: 'HEAD', operation: 'query', resourceType: 'User', outcome: 'success', status: 200 },
      { method: 'HEAD', operation: 'read', resourceType: 'User', resourceId: id, outcome: 'success', status: 200 },
    ]);
  });

  it('should all be 501 at /Me and below it, with a token', async () => {
    for (const path of ['/Me', '/Me/', '/Me/photos', '/Me/a/b', '/Me?attributes=userName']) {
      for (const method of methods) {
        const answer = await tenant.send(method, path, { headers: scimJson });
        if (method === 'HEAD') expect([answer.status, answer.text]).toEqual([501, '']);
        else expectScimError(answer, 501);
      }
    }
    expectScimError(await tenant.sendRaw('POST', `${tenant.basePath}/Me/x`, { headers: scimJson }), 401);
  });

  it('should be 404 on paths that there are none of', async () => {
    for (const path of ['/Nothing', '/Users/1/2', '/Bulk/1', '/ServiceProviderConfig/1', '/Schemas/1/2', '/users'])
      for (const method of methods.filter((name) => name !== 'HEAD'))
        expectScimError(await tenant.send(method, path, { headers: scimJson }), 404);
  });
});

it('every SCIM path should have OPTIONS that tells the methods that are no 405', async () => {
  await withWatchedService(async (service, routes) => {
    for (const profile of ['cleanmail', 'sendsafely'] as const) {
      const tenant = await TenantClient.open(service, profile);
      const scim = routes.filter(({ path }) => path.startsWith(`${BASE_PATHS[profile]}/`) && !path.includes('/Me'));
      for (const path of new Set(scim.map((route) => route.path))) {
        const target = path.slice(BASE_PATHS[profile].length).replace(/:\w+/g, 'unknown');
        const { headers } = await tenant.send('OPTIONS', target);
        const open = [];
        for (const method of new Set(scim.filter((route) => route.path === path).map((route) => route.method))) {
          const { status } = await tenant.send(method, target, { headers: scimJson });
          if (status !== 405) open.push(method);
        }
        expect([path, headers.allow?.split(', ').sort()]).toEqual([path, open.sort()]);
      }
    }
  });
});
