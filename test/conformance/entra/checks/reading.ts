import { expect } from '@jest/globals';
import { CORE_USER, LIST_RESPONSE, type ScimList } from '../../client/scim-types.js';
import { formEncode } from '../../client/tenant-client.js';
import { afterPost, attributesOf } from '../expected-user.js';
import { fullUser } from '../people.js';
import { expectListOf, expectScimError, expectScimJson, expectUnchanged } from './assertions.js';
import type { CheckContext, CheckTable } from './check.js';

/** Test Connection, filters and reads (T and F). */
export const readingChecks: CheckTable = {
  'Body is a ListResponse: schemas=[urn:ietf:params:scim:api:messages:2.0:ListResponse], totalResults=0, Resources=[] (array, not null), startIndex=1, itemsPerPage a number':
    ({ answer }) => {
      expect(answer.body).toEqual({
        schemas: [LIST_RESPONSE],
        totalResults: 0,
        startIndex: 1,
        itemsPerPage: expect.any(Number),
        Resources: [],
      });
    },
  'Response Content-Type is application/scim+json': ({ answer }) => expectScimJson(answer),
  'Never 404 and never 204': async (context) => {
    for (const encoding of ['%20', '+']) {
      const answer = await context.again({ path: context.request.path.replaceAll(/%20|\+/g, encoding) });
      expect([answer.status, answer.body]).toEqual([200, context.answer.body]);
    }
  },
  'Also on a product without groups: answer the empty list, because a 404 here quarantines the whole job': async ({
    tenant,
  }) => {
    expectListOf(await tenant.send('GET', '/Groups'));
  },
  'ListResponse (empty when groups are not offered)': ({ answer }) => {
    expectListOf(answer);
  },
  'SCIM Error body, application/scim+json': ({ answer }) => {
    expectScimError(answer, 401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b/);
  },
  'No rejection because User-Agent or Accept is absent, in the app or in a WAF in front (AWS WAF rule NoUserAgent_HEADER answered 403 before auth)':
    ({ answer }) => {
      expect(answer.sentHeaders).not.toContain('user-agent');
      expect(answer.sentHeaders).not.toContain('accept');
      expectListOf(answer);
    },
  'The unknown query parameter is ignored wherever it appears': async (context) => {
    expectListOf(context.answer);
    const filter = 'filter=userName+eq+%22x%22';
    for (const query of [
      `${filter}&aadOptscim062020`,
      `aadOptscim062020=&${filter}`,
      `${filter}&aadOptscim062020=true&count=5`,
    ]) {
      expectListOf(await context.tenant.send('GET', `/Users?${query}`));
    }
  },
  "Base URL with '/?aadOptscim062020' and without slash both work": async ({ tenant }) => {
    for (const path of ['//Users?aadOptscim062020', '/Users/?aadOptscim062020', '/Users?aadOptscim062020']) {
      expectListOf(await tenant.send('GET', `${path}&filter=userName+eq+%22x%22`));
    }
    const created = await tenant.send('POST', '/Users?aadOptscim062020', { body: fullUser() });
    expect(created.status).toBe(201);
  },
  'Scheme name compared case-insensitively': async (context) => {
    expectListOf(context.answer);
    const upper = context.request.headers['Authorization']?.replace('bearer', 'BEARER') ?? '';
    expectListOf(await context.again({ headers: { Authorization: upper } }));
  },
  'Same 404 body as an id that never existed': async ({ answer, tenant }) => {
    const never = await tenant.send('GET', '/Users/00000000-0000-4000-8000-000000000000');
    expectScimError(answer, 404);
    const neutral = (text: string): string => text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');
    expect(neutral(answer.text)).toBe(neutral(never.text));
  },
  'PATCH and DELETE on that id also 404 and change nothing': async ({ world, tenant }) => {
    const [foreign] = world.created;
    const id = world.values.get('idOfTenantB') ?? '';
    expectScimError(await tenant.patch(id, { op: 'Replace', path: 'active', value: false }), 404);
    expectScimError(await tenant.send('PUT', `/Users/${id}`, { body: fullUser() }), 404);
    expectScimError(await tenant.send('DELETE', `/Users/${id}`), 404);
    expect(await (await world.otherTenant()).readUser(id)).toEqual(foreign);
  },
  "Resource with schemas, id, userName, active, name, externalId when set, meta{resourceType:'User',created,lastModified}":
    ({ user, world }) => {
      expect(user).toEqual(world.created[0]);
      expect(user.schemas).toContain(CORE_USER);
      expect(user).toMatchObject({
        userName: expect.any(String),
        active: true,
        name: expect.any(Object),
        externalId: expect.any(String),
      });
      expect(user.meta.resourceType).toBe('User');
      for (const instant of [user.meta.created, user.meta.lastModified])
        expect(new Date(instant).toISOString()).toBe(instant);
    },
  'id is a string and equals the path id': ({ user, world }) => expect(user.id).toBe(world.values.get('id')),
  'Error body: schemas=[urn:ietf:params:scim:api:messages:2.0:Error], status:"404" (string); detail optional': ({
    answer,
  }) => {
    expectScimError(answer, 404);
  },
  'No HTML page': ({ answer }) => {
    expectScimJson(answer);
    expect(answer.text).toMatch(/^\{/);
  },
  "404, not 400 and not 500, whatever the id's form": async ({ answer, tenant }) => {
    expectScimError(answer, 404);
    for (const id of ['0', '%00', '%27%20OR%201=1--', 'ä'.repeat(50), 'x'.repeat(600), '..%2FGroups', '__proto__']) {
      expectScimError(await tenant.send('GET', `/Users/${id.startsWith('ä') ? encodeURIComponent(id) : id}`), 404);
    }
  },
  'totalResults=1': expectSubjectOnly,
  'every attribute sent at creation comes back equal': ({ answer, world }) => {
    const [found] = (answer.body as ScimList).Resources;
    const created = world.created[0];
    expect(found).toEqual(created);
    expect(attributesOf(found ?? {})).toEqual(afterPost(world.sentBodies[0] ?? {}));
  },
  'userName is returned in the stored case (noemie.hoppe@schaefer.us)': ({ answer }) => {
    expect((answer.body as ScimList).Resources.map(({ userName }) => userName)).toEqual(['noemie.hoppe@schaefer.us']);
  },
  'The unquoted value is accepted as the string jyoung': ({ answer }) => {
    expect((answer.body as ScimList).Resources.map(({ externalId }) => externalId)).toEqual(['jyoung']);
  },
  'totalResults=1; the stored externalId is echoed': (context) => {
    expectSubjectOnly(context);
    expect((context.answer.body as ScimList).Resources[0]?.externalId).toBe('2a69c9a6-1708-45b7-acbe-a7b4c8fb102a');
  },
  'Attribute names and operators compared without case': async (context) => {
    for (const filter of ['username Eq "user@contoso.com"', 'USERNAME eQ "user@contoso.com" AND Active EQ true']) {
      expectListOf(await context.tenant.send('GET', `/Users?filter=${formEncode(filter)}`), context.before);
    }
  },
  "%23 decodes to '#'; no truncation at the fragment sign": expectSubjectOnly,
  "'and' is supported: Entra only uses eq and and": async (context) => {
    expectSubjectOnly(context);
    expectListOf(await context.again({ path: context.request.path.replace('eq+true', 'eq+false') }));
  },
  'SCIM Error, scimType invalidFilter, detail names the attribute': ({ answer }) => {
    expect(expectScimError(answer, 400, 'invalidFilter').detail).toContain('favouriteColour');
  },
  'Never the unfiltered list: Entra would take the first user as its match': ({ answer, world }) => {
    expect(answer.body).not.toHaveProperty('Resources');
    for (const { id, userName } of world.created) {
      expect(answer.text).not.toContain(id);
      expect(answer.text).not.toContain(userName);
    }
  },
  'scimType invalidFilter': ({ answer }) => {
    expectScimError(answer, 400, 'invalidFilter');
  },
  "Correct prefix matches, or 400 invalidFilter; not used by Entra, but in Microsoft's Postman collection": ({
    answer,
    world,
  }) => {
    expect(world.created).toHaveLength(3);
    if (answer.status === 200) expectListOf(answer, ...world.created.slice(0, 2));
    else expectScimError(answer, 400, 'invalidFilter');
  },
  'totalResults=1 and active=false': (context) => {
    expectSubjectOnly(context);
    expect((context.answer.body as ScimList).Resources[0]?.active).toBe(false);
  },
  'Hidden disabled users make Entra POST again, which ends in 409 or duplicates': async (context) => {
    const again = await context.tenant.send('POST', '/Users', { body: fullUser(context.before.userName) });
    expectScimError(again, 409, 'uniqueness');
    await expectUnchanged(context);
  },
  'totalResults is never above 1 for userName; otherwise Entra reports SystemForCrossDomainIdentityManagementMultipleEntriesInResponse / DuplicateTargetEntries':
    expectSubjectOnly,
  'Only the asked attributes, plus id and schemas always': ({ answer, world }) => {
    const found = (answer.body as ScimList).Resources;
    const asked = world.created.map(({ id, userName, emails }) => ({
      schemas: expect.arrayContaining([CORE_USER]),
      id,
      userName,
      emails,
    }));
    expect(found).toEqual(expect.arrayContaining(asked));
    expect(found).toHaveLength(asked.length);
  },
  'Every supported attribute is byte-for-byte what Entra sent: no trimming, lower-casing, phone formatting': ({
    user,
    world,
  }) => {
    expect(attributesOf(user)).toEqual(afterPost(world.sentBodies[0] ?? {}));
  },
  'Unset attributes are omitted, not null; meta keys camelCase; multi-valued attributes are arrays of objects; booleans are JSON booleans':
    ({ answer, user, world }) => {
      expect(answer.text).not.toContain('null');
      expect(Object.keys(user).sort()).toEqual(['active', 'emails', 'id', 'meta', 'schemas', 'userName']);
      for (const key of Object.keys(user.meta)) expect(key).toMatch(/^[a-z][A-Za-z]*$/);
      expect(user.emails).toEqual([{ type: 'work', value: 'a@contoso.com' }]);
      expect(user.active).toBe(true);
      expect(user).toEqual(world.created[0]);
    },
  'startIndex echoed as 6': ({ answer }) => expect((answer.body as ScimList).startIndex).toBe(6),
  'at most 5 Resources, none of page 1': async ({ answer, tenant }) => {
    const page = (answer.body as ScimList).Resources;
    const first = (await tenant.send('GET', '/Users?startIndex=1&count=5')).body as ScimList;
    expect([first.Resources.length, page.length]).toEqual([5, 5]);
    expect(new Set([...first.Resources, ...page].map(({ id }) => id)).size).toBe(10);
  },
  'totalResults constant over the pages': async ({ tenant, world }) => {
    const pages = await Promise.all(
      [1, 6, 11].map((start) => tenant.send('GET', `/Users?startIndex=${start}&count=5`)),
    );
    const lists = pages.map(({ body }) => body as ScimList);
    expect(lists.map(({ totalResults, itemsPerPage }) => [totalResults, itemsPerPage])).toEqual([
      [12, 5],
      [12, 5],
      [12, 2],
    ]);
    const ids = lists.flatMap(({ Resources }) => Resources.map(({ id }) => id)).sort();
    expect(ids).toEqual(world.created.map(({ id }) => id).sort());
  },
  'totalResults=5, itemsPerPage=2, two Resources': ({ answer, world }) => {
    const list = answer.body as ScimList;
    expect([list.totalResults, list.itemsPerPage, list.startIndex, list.Resources.length]).toEqual([5, 2, 1, 2]);
    expect(world.created).toEqual(expect.arrayContaining([...list.Resources]));
  },
  'totalResults = all, no Resources, itemsPerPage=0': ({ answer }) => {
    const { Resources = [], ...rest } = answer.body as ScimList;
    expect(rest).toEqual({ schemas: [LIST_RESPONSE], totalResults: 3, startIndex: 1, itemsPerPage: 0 });
    expect(Resources).toEqual([]);
  },
};

/** The list holds the case's user, whole, and nobody else. */
function expectSubjectOnly({ answer, world }: CheckContext): void {
  const expected = world.subject ?? world.created[0];
  expect(expected).toBeDefined();
  expectListOf(answer, ...(expected === undefined ? [] : [expected]));
}
