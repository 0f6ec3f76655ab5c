import { beforeAll, expect, it } from '@jest/globals';
import {
  CORE_GROUP,
  PATCH_OP,
  type ScimGroup,
  type ScimList,
  type ScimUser,
} from '../../conformance/client/scim-types.js';
import { formEncode, TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectHeaders, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';

describeEachEngine('groups', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let stranger: TenantClient;
  let anna: ScimUser;
  let otto: ScimUser;
  let count = 0;

  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'alinto-protect');
    stranger = await TenantClient.open(service(), 'cleanmail');
    anna = await tenant.createUser(plainUser(uniqueAddress()));
    otto = await tenant.createUser(plainUser(uniqueAddress()));
  });

  const name = (): string => `Sales ${(count += 1)}`;
  const base = (): string => `${service().scimUrl}${tenant.basePath}`;
  const memberOf = ({ id }: ScimUser) => ({ value: id, $ref: `${base()}/Users/${id}`, type: 'User' });
  const membershipIn = ({ id, displayName }: ScimGroup) => ({
    value: id,
    $ref: `${base()}/Groups/${id}`,
    display: displayName,
    type: 'direct',
  });
  const valuesOf = (...users: readonly ScimUser[]) => users.map(({ id: value }) => ({ value }));
  const create = (...members: readonly ScimUser[]): Promise<ScimGroup> =>
    tenant.createGroup({ displayName: name(), members: valuesOf(...members) });

  it('should be answered in whole when they are created', async () => {
    const body = { schemas: [CORE_GROUP], displayName: name(), externalId: 'e-1', members: valuesOf(anna, anna) };
    const answer = await tenant.send('POST', '/Groups', { body });
    const { id, meta } = answer.body as ScimGroup;
    expect([answer.status, answer.body]).toEqual([201, { ...body, id, members: [memberOf(anna)], meta }]);
    const location = `${base()}/Groups/${id}`;
    expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE, etag: 'W/"1"', location });
    expect(meta).toEqual({ resourceType: 'Group', created: meta.created, lastModified: meta.created, location, version: 'W/"1"' });
    const read = await tenant.send('GET', `/Groups/${id}`);
    expect([read.status, read.body, read.headers.etag]).toEqual([200, answer.body, 'W/"1"']);
  }); // prettier-ignore

  it('should answer a PATCH with 204 and no body, and with 200 when it says what it wants to see', async () => {
    const group = await create(anna);
    const quiet = await tenant.patchGroup(group.id, { op: 'Add', path: 'members', value: valuesOf(otto) });
    expect([quiet.status, quiet.text]).toEqual([204, '']);
    expectHeaders(quiet.headers, { etag: 'W/"2"' });
    const body = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'externalId', value: 'new' }] };
    const named = await tenant.send('PATCH', `/Groups/${group.id}?attributes=members.value,externalId`, { body });
    const both = [anna.id, otto.id].sort().map((value) => ({ value }));
    const always = { schemas: [CORE_GROUP], id: group.id };
    expect([named.status, named.body]).toEqual([200, { ...always, externalId: 'new', members: both }]);
    expectHeaders(named.headers, { 'content-type': SCIM_MEDIA_TYPE, etag: 'W/"3"' });
    const excluded = await tenant.send('PATCH', `/Groups/${group.id}?excludedAttributes=members,meta`, { body });
    const { displayName } = group;
    expect([excluded.status, excluded.body]).toEqual([200, { ...always, externalId: 'new', displayName }]);
    expect(excluded.headers.etag).toBe('W/"3"');
  });

  it('should answer a PUT with 200 and the whole group', async () => {
    const group = await create(anna);
    const body = { schemas: [CORE_GROUP], displayName: name(), members: valuesOf(otto) };
    const answer = await tenant.send('PUT', `/Groups/${group.id}`, { body });
    const { meta } = answer.body as ScimGroup;
    expect([answer.status, answer.body]).toEqual([200, { ...body, id: group.id, members: [memberOf(otto)], meta }]);
    expect(meta).toMatchObject({ created: group.meta.created, version: 'W/"2"' });
    expect(await tenant.readGroup(group.id)).toEqual(answer.body);
  });

  it('should be gone after DELETE, from their members too', async () => {
    const group = await create(anna);
    const answer = await tenant.send('DELETE', `/Groups/${group.id}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
    for (const method of ['GET', 'DELETE']) expectScimError(await tenant.send(method, `/Groups/${group.id}`), 404);
    expect((await tenant.readUser(anna.id)).groups ?? []).not.toContainEqual(membershipIn(group));
    await tenant.createGroup({ displayName: group.displayName });
  });

  it('should list with their members unless these are left out', async () => {
    const groups = [await create(anna, otto), await create(), await create(otto)];
    const filter = `/Groups?filter=${formEncode(groups.map(({ id }) => `id eq "${id}"`).join(' or '))}`;
    const whole = (await tenant.send('GET', filter)).body as ScimList<ScimGroup>;
    expect(whole).toMatchObject({ totalResults: 3, itemsPerPage: 3, startIndex: 1 });
    expect(whole.Resources).toEqual(groups);
    expect(whole.Resources[1]).not.toHaveProperty('members');
    for (const query of ['excludedAttributes=members', 'attributes=displayName,externalId,meta']) {
      const { Resources } = (await tenant.send('GET', `${filter}&${query}`)).body as ScimList<ScimGroup>;
      expect(Resources).toEqual(groups.map((group) => ({ ...group, members: undefined })));
    }
    const page = (await tenant.send('GET', `${filter}&startIndex=2&count=1`)).body as ScimList<ScimGroup>;
    expect([page.totalResults, page.Resources]).toEqual([3, [groups[1]]]);
  });

  it.each<[string, (group: ScimGroup) => string]>([
    ['displayName without regard to case', ({ displayName }) => `displayName eq "${displayName.toUpperCase()}"`],
    ['a member', ({ displayName }) => `members.value eq "${anna.id}" and displayName eq "${displayName}"`],
    ['a member in brackets', ({ id }) => `members[value eq "${anna.id}" and type eq "user"] and id eq "${id}"`],
    ['having members', ({ id }) => `members pr and id eq "${id}"`],
    ['not having other members', ({ id }) => `not (members.value eq "${otto.id}") and id eq "${id}"`],
    ['the time of the last change', ({ id, meta }) => `id eq "${id}" and meta.lastModified eq "${meta.lastModified}"`],
  ])('should be found by %s', async (_, filter) => {
    const group = await create(anna);
    expect((await tenant.findGroups(filter(group))).Resources).toEqual([group]);
    expect((await stranger.findGroups(filter(group))).Resources).toEqual([]);
  });

  it('should show on a user, read-only, as long as they last', async () => {
    const user = await tenant.createUser(plainUser(uniqueAddress(), { groups: [{ value: 'claimed' }] }));
    expect(user).not.toHaveProperty('groups');
    const [first, second] = [await create(user), await create(user, anna)];
    const groups = [membershipIn(first), membershipIn(second)];
    expect(await tenant.readUser(user.id)).toEqual({ ...user, groups });
    expect((await tenant.findByUserName(user.userName)).Resources).toEqual([{ ...user, groups }]);
    expect((await tenant.find(`groups.value eq "${first.id}"`)).Resources).toEqual([{ ...user, groups }]);
    const patched = await tenant.patch(user.id, { op: 'replace', path: 'title', value: 'T' });
    expect(patched.body).toMatchObject({ title: 'T', groups });
    const put = await tenant.send('PUT', `/Users/${user.id}`, { body: { ...user, groups: [] } });
    expect(put.body).toMatchObject({ groups });
    for (const op of ['add', 'remove'])
      expectScimError(await tenant.patch(user.id, { op, path: 'groups', value: [{ value: first.id }] }), 400, 'mutability');
    const without = (await tenant.send('GET', `/Users/${user.id}?excludedAttributes=groups`)).body;
    expect(without).not.toHaveProperty('groups');
    await tenant.patchGroup(first.id, { op: 'remove', path: `members[value eq "${user.id}"]` });
    expect((await tenant.readUser(user.id)).groups).toEqual([membershipIn(second)]);
    await tenant.remove(user.id);
    const left = await tenant.readGroup(second.id);
    expect(left.members).toEqual([memberOf(anna)]);
    expect(left.meta.version).toBe('W/"2"');
    expect(left.meta.lastModified > second.meta.lastModified).toBe(true);
  }); // prettier-ignore

  it('should be written only in the version that the client names', async () => {
    const group = await create(anna);
    const path = `/Groups/${group.id}`;
    const stale = { headers: { 'If-Match': 'W/"7"' } };
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'members' }] };
    expectScimError(await tenant.send('PATCH', path, { ...stale, body: patch }), 412);
    expectScimError(await tenant.send('PUT', path, { ...stale, body: { displayName: name() } }), 412);
    expectScimError(await tenant.send('DELETE', path, stale), 412);
    expect(await tenant.readGroup(group.id)).toEqual(group);
    const known = await tenant.send('GET', path, { headers: { 'If-None-Match': 'W/"1"' } });
    expect([known.status, known.text, known.headers.etag]).toEqual([304, '', 'W/"1"']);
    const current = { headers: { 'If-Match': '"1"' }, body: patch };
    expect((await tenant.send('PATCH', path, current)).status).toBe(204);
    expectScimError(await tenant.send('PATCH', path, current), 412);
  });

  it.each<[string, object]>([
    ['no displayName', {}],
    ['a blank displayName', { displayName: ' ' }],
    ['members that are no list', { displayName: 'x', members: 7 }],
    ['a member without value', { displayName: 'x', members: [{ display: 'Anna' }] }],
    ['a member that is not there', { displayName: 'x', members: [{ value: 'nobody' }] }],
  ])('should be refused with %s', async (_, body) => {
    expectScimError(await tenant.send('POST', '/Groups', { body }), 400, 'invalidValue');
  });

  it('should be refused when the displayName is taken, by POST, PUT and PATCH', async () => {
    const [{ displayName }, other] = [await create(), await create()];
    const taken = { displayName: displayName.toUpperCase() };
    expect(expectScimError(await tenant.send('POST', '/Groups', { body: taken }), 409, 'uniqueness')).toContain(taken.displayName);
    expectScimError(await tenant.send('PUT', `/Groups/${other.id}`, { body: taken }), 409, 'uniqueness');
    const rename = await tenant.patchGroup(other.id, { op: 'replace', path: 'displayName', value: taken.displayName });
    expectScimError(rename, 409, 'uniqueness');
    expect(await tenant.readGroup(other.id)).toEqual(other);
  }); // prettier-ignore

  it('should not be there for another tenant', async () => {
    const group = await create(anna);
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'members' }] };
    expectScimError(await stranger.send('GET', `/Groups/${group.id}`), 404);
    expectScimError(await stranger.send('PATCH', `/Groups/${group.id}`, { body: patch }), 404);
    expectScimError(await stranger.send('PUT', `/Groups/${group.id}`, { body: { displayName: 'x' } }), 404);
    expectScimError(await stranger.send('DELETE', `/Groups/${group.id}`), 404);
    const body = { displayName: name(), members: valuesOf(anna) };
    expect(expectScimError(await stranger.send('POST', '/Groups', { body }), 400, 'invalidValue')).toContain(anna.id);
    expect(await tenant.readGroup(group.id)).toEqual(group);
  });

  it('should lose no member of five parallel PATCHes', async () => {
    const users = await Promise.all([1, 2, 3, 4, 5].map(() => tenant.createUser(plainUser(uniqueAddress()))));
    const group = await create(anna);
    const answers = await Promise.all(
      users.map((user) => tenant.patchGroup(group.id, { op: 'add', path: 'members', value: valuesOf(user) })),
    );
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    const { members, meta } = await tenant.readGroup(group.id);
    expect(members?.map(({ value }) => value)).toEqual([anna, ...users].map(({ id }) => id).sort());
    expect(meta.version).toBe('W/"6"');
  });
});
