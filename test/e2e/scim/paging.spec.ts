import { beforeAll, expect, it } from '@jest/globals';
import { LIST_RESPONSE, type ScimList, type ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';

const TOTAL = 7;

/** `first` and `last` are positions in the whole list, counted from 1. */
const pages: readonly { query: string; startIndex: number; first: number; last: number }[] = [
  { query: '', startIndex: 1, first: 1, last: 7 },
  { query: 'startIndex=1&count=3', startIndex: 1, first: 1, last: 3 },
  { query: 'startIndex=4&count=3', startIndex: 4, first: 4, last: 6 },
  { query: 'startIndex=7&count=3', startIndex: 7, first: 7, last: 7 },
  { query: 'startIndex=8&count=3', startIndex: 8, first: 1, last: 0 },
  { query: 'startIndex=1000', startIndex: 1000, first: 1, last: 0 },
  { query: 'startIndex=0&count=2', startIndex: 1, first: 1, last: 2 },
  { query: 'startIndex=-5&count=2', startIndex: 1, first: 1, last: 2 },
  { query: 'startIndex=%2B2&count=1', startIndex: 2, first: 2, last: 2 },
  { query: 'startIndex=007', startIndex: 7, first: 7, last: 7 },
  { query: 'count=0', startIndex: 1, first: 1, last: 0 },
  { query: 'count=-1', startIndex: 1, first: 1, last: 0 },
  { query: 'count=500', startIndex: 1, first: 1, last: 7 },
  { query: 'count=501', startIndex: 1, first: 1, last: 7 },
  { query: 'count=99999999999999999999999999', startIndex: 1, first: 1, last: 7 },
  { query: 'startIndex=3&sortOrder=descending', startIndex: 3, first: 3, last: 7 },
];

describeEachEngine('startIndex and count', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let users: readonly ScimUser[];
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    for (let index = 0; index < TOTAL; index += 1) await tenant.createUser(plainUser(uniqueAddress()));
    users = ((await tenant.send('GET', '/Users')).body as ScimList).Resources;
    expect(users).toHaveLength(TOTAL);
  });

  it.each(pages)(
    'should answer "$query" with the users $first to $last',
    async ({ query, startIndex, first, last }) => {
      const answer = await tenant.send('GET', `/Users?${query}`);
      const Resources = users.slice(first - 1, last);
      expect([answer.status, answer.body]).toEqual([
        200,
        { schemas: [LIST_RESPONSE], totalResults: TOTAL, startIndex, itemsPerPage: Resources.length, Resources },
      ]);
    },
  );

  it('should answer a startIndex beyond every number with an empty page', async () => {
    const answer = await tenant.send('GET', `/Users?startIndex=${'9'.repeat(40)}`);
    expect([answer.status, answer.body]).toMatchObject([200, { totalResults: TOTAL, itemsPerPage: 0, Resources: [] }]);
  });

  it('should say the total right after creations, deletions and refusals, for users and groups alike', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const totals = async () => {
      const answers = [await own.send('GET', '/Users?count=0'), await own.send('GET', '/Groups?startIndex=2&count=1')];
      return answers.map(({ body }) => (body as ScimList).totalResults);
    };
    const userName = uniqueAddress();
    const user = await own.createUser(plainUser(userName));
    await own.createUser(plainUser(uniqueAddress()));
    const group = await own.createGroup({ displayName: 'one' });
    expect(await totals()).toEqual([2, 1]);
    expect((await own.send('POST', '/Users', { body: plainUser(userName) })).status).toBe(409);
    expect((await own.send('POST', '/Groups', { body: { displayName: 'ONE' } })).status).toBe(409);
    expect((await own.send('DELETE', `/Users/${group.id}`)).status).toBe(404);
    expect(await totals()).toEqual([2, 1]);
    expect((await own.send('DELETE', `/Users/${user.id}`)).status).toBe(204);
    expect((await own.send('DELETE', `/Groups/${group.id}`)).status).toBe(204);
    expect(await totals()).toEqual([1, 0]);
  });

  it('should page a filtered list the same way', async () => {
    const filter = `filter=id+gt+%22${users[1]?.id}%22`;
    const answer = await tenant.send('GET', `/Users?${filter}&startIndex=2&count=2`);
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { totalResults: TOTAL - 2, startIndex: 2, itemsPerPage: 2, Resources: users.slice(3, 5) },
    ]);
    const beyond = await tenant.send('GET', `/Users?filter=userName+eq+%22${users[0]?.userName}%22&startIndex=2`);
    expect([beyond.status, beyond.body]).toMatchObject([200, { totalResults: 1, startIndex: 2, Resources: [] }]);
    const none = await tenant.send('GET', `/Users?filter=userName+eq+%22${users[0]?.userName}%22&count=0`);
    expect([none.status, none.body]).toMatchObject([200, { totalResults: 1, itemsPerPage: 0, Resources: [] }]);
  });

  it.each(['abc', '1.5', '1e3', '0x10', '', '%20', '1;drop', '-', '١'])(
    'should refuse "%s" as a number',
    async (text) => {
      for (const name of ['startIndex', 'count']) {
        const answer = await tenant.send('GET', `/Users?${name}=${encodeURI(decodeURIComponent(text))}`);
        expect(expectScimError(answer, 400, 'invalidValue')).toContain(name);
      }
    },
  );

  it.each(['startIndex', 'count', 'sortBy', 'sortOrder'])('should refuse %s given twice', async (name) => {
    expect(expectScimError(await tenant.send('GET', `/Users?${name}=1&${name}=2`), 400, 'invalidValue')).toContain(
      name,
    );
  });

  it('should refuse a filter given twice or empty, and never answer the unfiltered list', async () => {
    const one = 'filter=userName+eq+%22x%22';
    for (const query of [`${one}&${one}`, 'filter=', 'filter=%20', 'filter', 'filter[]=x&filter[]=y&filter=a&filter=b'])
      expectScimError(await tenant.send('GET', `/Users?${query}`), 400, 'invalidFilter');
  });
});
