import { beforeAll, expect, it } from '@jest/globals';
import { ENTERPRISE_USER } from '../../../conformance/client/scim-types.js';
import { TenantClient } from '../../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../../conformance/entra/people.js';
import { describeEachEngine } from '../../../support/engines/index.js';
import { serviceForSuite } from '../../../support/service-for-suite.js';
import { addMembers, bulk, idOf, managerOf, membersOf, newGroup, newUser, statuses } from './operations.js';

describeEachEngine('references between the operations of a bulk request', (engine) => {
  const service = serviceForSuite(engine, { RATE_LIMIT_PER_SECOND: '1000' });
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  it('should be to what stands before, and after', async () => {
    const results = await bulk(tenant, [
      newUser('a'),
      newGroup('before', 'bulkId:a', 'bulkId:later'),
      newUser('later', 'bulkId:a'),
    ]);
    expect(results).toMatchObject([
      { method: 'POST', bulkId: 'a', status: '201', version: 'W/"1"' },
      { method: 'POST', bulkId: 'before', status: '201', version: 'W/"1"' },
      { method: 'POST', bulkId: 'later', status: '201', version: 'W/"1"' },
    ]);
    const [a, group, later] = results.map(idOf);
    expect(await membersOf(tenant, group ?? '')).toEqual([a, later].sort());
    expect(await managerOf(tenant, later ?? '')).toBe(a);
    expect(results[1]?.location).toBe(`${service().scimUrl}/api/v3/scim2/Groups/${group}`);
  });

  it('should be in the data of PUT and PATCH, and in paths', async () => {
    const user = await tenant.createUser(plainUser(uniqueAddress()));
    const group = await tenant.createGroup({ displayName: uniqueAddress() });
    const data = plainUser(user.userName, { [ENTERPRISE_USER]: { manager: { value: 'bulkId:boss' } } });
    const results = await bulk(tenant, [
      { method: 'put', path: `/Users/${user.id}`, data },
      addMembers(`/Groups/${group.id}`, 'bulkId:boss'),
      addMembers('/Groups/bulkId:team', user.id),
      { method: 'Delete', path: 'Users/bulkId:gone/' },
      newUser('boss'),
      newGroup('team'),
      newUser('gone'),
    ]);
    expect(statuses(results)).toEqual(['200', '200', '200', '204', '201', '201', '201']);
    expect(results.map(({ method }) => method)).toEqual(['PUT', 'PATCH', 'PATCH', 'DELETE', 'POST', 'POST', 'POST']);
    const boss = idOf(results[4]);
    expect(await managerOf(tenant, user.id)).toBe(boss);
    expect(await membersOf(tenant, group.id)).toEqual([boss]);
    expect(await membersOf(tenant, idOf(results[5]))).toEqual([user.id]);
    expect((await tenant.send('GET', `/Users/${idOf(results[6])}`)).status).toBe(404);
  });

  it('should be of two groups to each other, with the version and location of the end', async () => {
    const results = await bulk(tenant, [newGroup('g', 'bulkId:h'), newGroup('h', 'bulkId:g')]);
    expect(statuses(results)).toEqual(['201', '201']);
    const [g, h] = results.map(idOf);
    expect([await membersOf(tenant, g ?? ''), await membersOf(tenant, h ?? '')]).toEqual([[h], [g]]);
    for (const { version, location } of results) {
      const read = await tenant.send('GET', `/Groups/${location?.split('/').at(-1)}`);
      expect([read.headers.etag, (read.body as { meta: { location: string } }).meta.location]).toEqual([
        version,
        location,
      ]);
    }
    expect(results[0]?.version).toBe('W/"2"');
  });

  it('should be of three groups in a circle, with members beside it', async () => {
    const results = await bulk(tenant, [
      newGroup('a', 'bulkId:b', 'bulkId:u'),
      newGroup('b', 'bulkId:c', 'bulkId:u'),
      newGroup('c', 'bulkId:a', 'bulkId:b'),
      newUser('u'),
    ]);
    expect(statuses(results)).toEqual(['201', '201', '201', '201']);
    const [a = '', b = '', c = '', u = ''] = results.map(idOf);
    expect(await membersOf(tenant, a)).toEqual([b, u].sort());
    expect(await membersOf(tenant, b)).toEqual([c, u].sort());
    expect(await membersOf(tenant, c)).toEqual([a, b].sort());
  });

  it.each([1, 2, 3])('should be of %i users who manage each other', async (size) => {
    const operations = Array.from({ length: size }, (_, index) =>
      newUser(`u${index}`, `bulkId:u${(index + 1) % size}`),
    );
    const results = await bulk(tenant, operations);
    expect(statuses(results)).toEqual(operations.map(() => '201'));
    const ids = results.map(idOf);
    for (const [index, id] of ids.entries()) expect(await managerOf(tenant, id)).toBe(ids[(index + 1) % size]);
    for (const { version, location } of results) {
      const read = await tenant.send('GET', `/Users/${location?.split('/').at(-1)}`);
      expect(read.headers.etag).toBe(version);
    }
  });

  it('should be of users and groups in circles at once, and of a change in between', async () => {
    const results = await bulk(tenant, [
      newGroup('g', 'bulkId:h', 'bulkId:u'),
      { method: 'PATCH', path: '/Groups/bulkId:g', data: { Operations: [{ op: 'remove', path: 'members' }] } },
      newGroup('h', 'bulkId:g', 'bulkId:v'),
      newUser('u', 'bulkId:v'),
      newUser('v', 'bulkId:u'),
    ]);
    expect(statuses(results)).toEqual(['201', '200', '201', '201', '201']);
    const [g = '', , h = '', u = '', v = ''] = results.map(idOf);
    expect(await membersOf(tenant, g)).toEqual([]);
    expect(await membersOf(tenant, h)).toEqual([g, v].sort());
    expect([await managerOf(tenant, u), await managerOf(tenant, v)]).toEqual([v, u]);
  });

  it('should fail with what they refer to, and say so', async () => {
    const taken = await tenant.createUser(plainUser(uniqueAddress()));
    const results = await bulk(tenant, [
      { ...newUser('taken'), data: plainUser(taken.userName) },
      newUser('of-taken', 'bulkId:taken'),
      newUser('of-of-taken', 'bulkId:of-taken'),
      { method: 'DELETE', path: '/Users/bulkId:taken' },
      newUser('of-nobody', 'bulkId:nobody'),
      { method: 'DELETE', path: '/Users/bulkId:nobody' },
      newGroup('itself', 'bulkId:itself'),
      newUser('twice'),
      newUser('twice'),
      newUser('well'),
    ]);
    expect(statuses(results)).toEqual(['409', '409', '409', '409', '400', '400', '400', '400', '400', '201']);
    expect(results.map(({ response }) => response?.scimType)).toEqual([
      'uniqueness',
      ...[undefined, undefined, undefined],
      ...['invalidValue', 'invalidValue', 'invalidValue', 'invalidValue', 'invalidValue', undefined],
    ]);
    expect(results.map(({ response }) => response?.detail)).toMatchObject([
      ...[expect.stringContaining(taken.userName), expect.stringContaining('bulkId:taken')],
      ...[expect.stringContaining('bulkId:of-taken'), expect.stringContaining('bulkId:taken')],
      ...[expect.stringContaining('"nobody"'), expect.stringContaining('"nobody"'), expect.stringContaining('itself')],
      ...[expect.stringContaining('"twice"'), expect.stringContaining('"twice"'), undefined],
    ] as unknown[]);
    expect(results.slice(0, 9).map(({ location }) => location)).toEqual(Array.from({ length: 9 }));
    expect(await tenant.readUser(taken.id)).toEqual(taken);
  });

  it('should leave what a circle could not complete, and tell it', async () => {
    const taken = await tenant.createUser(plainUser(uniqueAddress()));
    const extension = { [ENTERPRISE_USER]: { manager: { value: 'bulkId:first' }, department: 'Post' } };
    const results = await bulk(tenant, [
      newUser('first', 'bulkId:second'),
      { ...newUser('second'), data: plainUser(taken.userName, extension) },
    ]);
    expect(statuses(results)).toEqual(['409', '409']);
    expect(results[0]?.response?.detail).toContain('created without a part of it');
    expect(results[0]?.response?.detail).toContain('bulkId:second');
    expect(await managerOf(tenant, idOf(results[0]))).toBeUndefined();
  });
});
