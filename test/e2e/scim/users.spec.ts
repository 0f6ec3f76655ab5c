import { beforeAll, expect, it } from '@jest/globals';
import { exchange } from '../../conformance/client/http-exchange.js';
import {
  CORE_USER,
  ENTERPRISE_USER,
  LIST_RESPONSE,
  PATCH_OP,
  type ScimUser,
} from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { fullUser, plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { comparable, expectHeaders, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';

const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describeEachEngine('operations on /Users', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  const locationOf = (id: string): string => `${service().scimUrl}/api/v3/scim2/Users/${id}`;

  it('should answer POST with 201, the whole resource, its Location and its ETag', async () => {
    const sent = fullUser();
    const answer = await tenant.send('POST', '/Users', { body: sent });
    const user = answer.body as ScimUser;
    expect(answer.status).toBe(201);
    expect(user).toEqual({
      ...sent,
      schemas: [CORE_USER, ENTERPRISE_USER],
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      meta: {
        resourceType: 'User',
        created: expect.stringMatching(INSTANT),
        lastModified: user.meta.created,
        location: locationOf(user.id),
        version: 'W/"1"',
      },
    });
    expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE, etag: 'W/"1"', location: locationOf(user.id) });
    expect(Math.abs(Date.parse(user.meta.created) - Date.now())).toBeLessThan(60_000);
  });

  it('should answer GET with the resource that POST answered, at the Location that POST gave', async () => {
    const created = await tenant.send('POST', '/Users', { body: fullUser() });
    const location = new URL(String(created.headers.location));
    const answer = await exchange({
      method: 'GET',
      origin: location.origin,
      path: location.pathname,
      headers: { Authorization: `Bearer ${tenant.token}` },
    });
    expect([answer.status, answer.body]).toEqual([200, created.body]);
    expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE, etag: 'W/"1"' });
  });

  it('should answer a list with a whole ListResponse', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const users = [await own.createUser(fullUser()), await own.createUser(plainUser(uniqueAddress()))];
    const answer = await own.send('GET', '/Users');
    expect([answer.status, answer.body]).toEqual([
      200,
      { schemas: [LIST_RESPONSE], totalResults: 2, startIndex: 1, itemsPerPage: 2, Resources: users },
    ]);
    expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE });
  });

  it('should answer PUT with the replaced resource: what was not sent is gone, but active and the creation stay', async () => {
    const before = await tenant.createUser(fullUser());
    await tenant.disable(before.id);
    const sent = plainUser(uniqueAddress('replaced'), { displayName: 'Replaced', active: undefined });
    const answer = await tenant.send('PUT', `/Users/${before.id}`, { body: sent });
    const user = answer.body as ScimUser;
    expect([answer.status, user]).toEqual([
      200,
      {
        ...(JSON.parse(JSON.stringify(sent)) as object),
        id: before.id,
        active: false,
        meta: { ...before.meta, lastModified: expect.stringMatching(INSTANT), version: 'W/"3"' },
      },
    ]);
    expect(user.meta.lastModified > before.meta.lastModified).toBe(true);
    expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE, etag: 'W/"3"' });
    expect(await tenant.readUser(before.id)).toEqual(user);
  });

  it('should answer PATCH with the whole changed resource', async () => {
    const before = await tenant.createUser(fullUser());
    const answer = await tenant.patch(
      before.id,
      { op: 'replace', path: 'displayName', value: 'Changed' },
      { op: 'remove', path: 'title' },
      { op: 'add', path: 'nickName', value: 'Anni' },
    );
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        ...before,
        title: undefined,
        displayName: 'Changed',
        nickName: 'Anni',
        meta: { ...before.meta, lastModified: expect.stringMatching(INSTANT), version: 'W/"2"' },
      },
    ]);
    expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE, etag: 'W/"2"' });
    expect(await tenant.readUser(before.id)).toEqual(answer.body);
  });

  it('should leave version and lastModified alone when a PUT or PATCH changes nothing', async () => {
    const body = fullUser();
    const user = await tenant.createUser(body);
    const answers = [
      await tenant.send('PUT', `/Users/${user.id}`, { body }),
      await tenant.patch(user.id, { op: 'replace', path: 'displayName', value: user.displayName }),
      await tenant.patch(user.id, { op: 'remove', path: 'nickName' }),
    ];
    for (const answer of answers)
      expect([answer.status, answer.body, answer.headers.etag]).toEqual([200, user, 'W/"1"']);
  });

  it('should answer DELETE with 204 and nothing else, and 404 to whatever comes after it', async () => {
    const user = await tenant.createUser(fullUser());
    const answer = await tenant.send('DELETE', `/Users/${user.id}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expectHeaders(answer.headers, {});
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'active', value: false }] };
    const after = [
      await tenant.send('GET', `/Users/${user.id}`),
      await tenant.send('DELETE', `/Users/${user.id}`),
      await tenant.send('PUT', `/Users/${user.id}`, { body: plainUser(user.userName) }),
      await tenant.send('PATCH', `/Users/${user.id}`, { body: patch }),
    ];
    for (const gone of after) expectScimError(gone, 404);
    expect((await tenant.findByUserName(user.userName)).totalResults).toBe(0);
    expect((await tenant.createUser(plainUser(user.userName))).id).not.toBe(user.id);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('should answer %s of an unknown id with the same 404', async (method) => {
    const bodies: Record<string, object> = {
      PUT: plainUser(uniqueAddress()),
      PATCH: { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'title' }] },
    };
    for (const id of [UNKNOWN_ID, 'nobody', '1', '%E2%82%AC', "'%20OR%201=1--", 'a'.repeat(512)]) {
      const answer = await tenant.send(method, `/Users/${id}`, { body: bodies[method] });
      expect(expectScimError(answer, 404)).toBe(`User ${decodeURIComponent(id)} does not exist.`);
      expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE });
    }
  });

  it('should answer HEAD with the status and headers of GET and no body', async () => {
    const user = await tenant.createUser(fullUser());
    for (const path of [`/Users/${user.id}`, '/Users?count=1', `/Users/${UNKNOWN_ID}`]) {
      const [get, head] = [await tenant.send('GET', path), await tenant.send('HEAD', path)];
      expect(head.text).toBe('');
      expect(comparable({ ...head, text: get.text })).toEqual(comparable(get));
    }
  });

  it('should answer 409 to a userName that is taken, in any case, by POST, PUT and PATCH, and change nothing', async () => {
    const [taken, other] = [await tenant.createUser(fullUser()), await tenant.createUser(fullUser())];
    const name = taken.userName.toUpperCase();
    const answers = [
      await tenant.send('POST', '/Users', { body: plainUser(name) }),
      await tenant.send('PUT', `/Users/${other.id}`, { body: plainUser(name) }),
      await tenant.patch(other.id, { op: 'replace', path: 'userName', value: name }),
    ];
    for (const answer of answers) expectScimError(answer, 409, 'uniqueness');
    expect(await tenant.readUser(other.id)).toEqual(other);
    expect(await tenant.readUser(taken.id)).toEqual(taken);
  });

  it('should take a userName that differs in accents or a blank as another one', async () => {
    const base = uniqueAddress('zoe');
    const names = [base, base.replace('zoe', 'zoë'), base.replace('zoe', 'zöe'), base.replace('zoe', 'zo e')];
    const users = await Promise.all(names.map(async (name) => tenant.createUser(plainUser(name))));
    for (const user of users) {
      const found = await tenant.findByUserName(user.userName);
      expect([user.userName, found.Resources]).toEqual([user.userName, [user]]);
    }
  });

  it('should keep what a mail client can show: every script, emoji and composed letters as they came', async () => {
    const texts = [
      'Łukasz Żółć',
      '王小明',
      'משה',
      '👩‍👩‍👧‍👦',
      'Zoë',
      'Zoe\u0308',
      'line\nbreak\ttab',
      ' blanks ',
      '"quoted" \\ back',
    ];
    for (const displayName of texts) {
      const user = await tenant.createUser(plainUser(uniqueAddress(), { displayName, title: displayName }));
      expect(await tenant.readUser(user.id)).toMatchObject({ displayName, title: displayName });
    }
  });

  it('should refuse a body that is no user with the names of everything that is wrong in it, and store nothing', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const body = { schemas: [CORE_USER], active: 'perhaps', displayName: 7, emails: [{ value: 5 }], userName: '' };
    const detail = expectScimError(await own.send('POST', '/Users', { body }), 400, 'invalidValue');
    for (const name of ['userName', 'active', 'displayName', 'emails[0].value']) expect(detail).toContain(name);
    expect((await own.send('GET', '/Users')).body).toMatchObject({ totalResults: 0 });
  });
});
