import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { LIST_RESPONSE, type ScimGroup, type ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { embeddedEngine } from '../../support/embedded-engine.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';

const TOTAL = 7;
const unreserved = /^[A-Za-z0-9._~-]+$/;

/** A page by cursor. */
interface Page {
  readonly totalResults: number;
  readonly nextCursor?: string;
  readonly previousCursor?: string;
  readonly Resources: readonly ScimUser[];
}

function pageOf(answer: Exchange): Page {
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return answer.body as Page;
}

async function getPage(tenant: TenantClient, query: string, cursor = '', endpoint = '/Users'): Promise<Page> {
  return pageOf(await tenant.send('GET', `${endpoint}?${query}&cursor=${cursor}`));
}

/** All pages from the first to the last. */
async function walk(tenant: TenantClient, query: string, endpoint?: string): Promise<readonly Page[]> {
  let page = await getPage(tenant, query, '', endpoint);
  const pages = [page];
  while (page.nextCursor !== undefined) {
    page = await getPage(tenant, query, page.nextCursor, endpoint);
    pages.push(page);
    if (pages.length > 200) throw new Error('the walk does not end');
  }
  return pages;
}

const idsOf = (pages: readonly Page[]): readonly string[] =>
  pages.flatMap(({ Resources }) => Resources.map(({ id }) => id));

async function createUsers(tenant: TenantClient, count: number): Promise<ScimUser[]> {
  const users: ScimUser[] = [];
  for (let index = 0; index < count; index += 1) {
    const title = index % 3 === 0 ? {} : { title: `Title ${index % 2}` };
    users.push(await tenant.createUser(plainUser(uniqueAddress(`n${9 - index}`), title)));
  }
  return users;
}

describeEachEngine('pages by cursor', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let users: readonly ScimUser[];
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    users = await createUsers(tenant, TOTAL);
  });

  it('should answer whole bodies, forwards and backwards', async () => {
    const body = (first: number, last: number, links: object): object => ({
      schemas: [LIST_RESPONSE],
      totalResults: TOTAL,
      itemsPerPage: last - first,
      Resources: users.slice(first, last),
      ...links,
    });
    const cursor = expect.stringMatching(unreserved);
    const first = await getPage(tenant, 'count=3');
    expect(first).toEqual(body(0, 3, { nextCursor: cursor }));
    const second = await getPage(tenant, 'count=3', first.nextCursor);
    expect(second).toEqual(body(3, 6, { nextCursor: cursor, previousCursor: cursor }));
    const third = await getPage(tenant, 'count=3', second.nextCursor);
    expect(third).toEqual(body(6, 7, { previousCursor: cursor }));
    const back = await getPage(tenant, 'count=3', third.previousCursor);
    expect(back).toEqual(body(3, 6, { nextCursor: cursor, previousCursor: cursor }));
    const start = await getPage(tenant, 'count=3', back.previousCursor);
    expect(start).toEqual(body(0, 3, { nextCursor: cursor }));
    expect(await getPage(tenant, 'count=3', start.nextCursor)).toEqual(
      body(3, 6, { nextCursor: cursor, previousCursor: cursor }),
    );
  });

  it('should take a cursor without "=" for the first page, and answer all there is on one page', async () => {
    const answer = await tenant.send('GET', '/Users?cursor&count=500');
    const list = { schemas: [LIST_RESPONSE], totalResults: TOTAL, itemsPerPage: TOTAL, Resources: users };
    expect([answer.status, answer.body]).toEqual([200, list]);
    expect(pageOf(await tenant.send('GET', '/Users?cursor='))).toEqual(list);
  });

  it('should answer an exactly full last page without nextCursor', async () => {
    expect(await getPage(tenant, `count=${TOTAL}`)).not.toHaveProperty('nextCursor');
    const none = await getPage(tenant, `filter=${encodeURIComponent('userName eq "nobody"')}`);
    expect(none).toEqual({ schemas: [LIST_RESPONSE], totalResults: 0, itemsPerPage: 0, Resources: [] });
  });

  it.each([
    '',
    'sortBy=userName',
    'sortBy=userName&sortOrder=descending',
    'sortBy=title',
    'sortBy=title&sortOrder=descending',
    'sortBy=meta.lastModified',
    `filter=${encodeURIComponent('title pr')}`,
    `sortBy=title&filter=${encodeURIComponent('not (userName sw "n9")')}`,
  ])('should walk "%s" in the order of pages by index', async (query) => {
    const whole = pageOf(await tenant.send('GET', `/Users?${query}`));
    for (const count of [1, 3]) {
      const pages = await walk(tenant, `${query}&count=${count}`);
      expect([count, idsOf(pages)]).toEqual([count, whole.Resources.map(({ id }) => id)]);
      expect(new Set(pages.map(({ totalResults }) => totalResults))).toEqual(new Set([whole.totalResults]));
    }
  });

  it('should let a client change count and attributes on the way', async () => {
    const { nextCursor } = await getPage(tenant, 'count=2');
    const { Resources } = await getPage(tenant, 'count=3&attributes=id', nextCursor);
    expect(Resources).toEqual(users.slice(2, 5).map(({ schemas, id }) => ({ schemas, id })));
  });

  it('should page groups', async () => {
    const groups: ScimGroup[] = [];
    for (const displayName of ['c', 'a', 'b']) groups.push(await tenant.createGroup({ displayName }));
    const pages = await walk(tenant, 'sortBy=displayName&count=2', '/Groups');
    expect(idsOf(pages)).toEqual([groups[1]?.id, groups[2]?.id, groups[0]?.id]);
    expect(pages).toHaveLength(2);
  });

  it('should refuse a cursor with another filter, sort, type or endpoint', async () => {
    const filter = (text: string) => `filter=${encodeURIComponent(text)}`;
    const query = `${filter('active eq true')}&sortBy=userName&count=2`;
    const { nextCursor = '' } = await getPage(tenant, query);
    for (const other of [
      `/Users?sortBy=userName&count=2`,
      `/Users?${filter('active eq false')}&sortBy=userName`,
      `/Users?${filter('active eq true')}`,
      `/Users?${filter('active eq true')}&sortBy=userName&sortOrder=descending`,
      `/Users?${filter('active eq true')}&sortBy=displayName`,
      '/Groups?count=2',
      '?count=2',
    ])
      expectScimError(await tenant.send('GET', `${other}&cursor=${nextCursor}`), 400, 'invalidCursor');
    expectScimError(await tenant.send('GET', `?${query}&cursor=${nextCursor}`), 400, 'invalidCursor');
    const respelled = `${filter('(ACTIVE eq True)')}&sortBy=username&sortOrder=ascending&count=2`;
    expect((await getPage(tenant, respelled, nextCursor)).Resources).toHaveLength(2);
  });

  it('should refuse what is no cursor, and tampered ones', async () => {
    const { nextCursor = '' } = await getPage(tenant, 'count=2');
    const wrong = [
      'x',
      '0',
      'AAAA',
      `${nextCursor}A`,
      nextCursor.slice(1),
      nextCursor.toUpperCase(),
      '%00',
      '%F0%9F%98%80',
      'a'.repeat(4000),
    ];
    const flip = (index: number) =>
      `${nextCursor.slice(0, index)}${nextCursor[index] === 'A' ? 'B' : 'A'}${nextCursor.slice(index + 1)}`;
    for (const cursor of [...wrong, ...[0, 20, 30, 40, nextCursor.length - 3].map(flip)])
      expectScimError(await tenant.send('GET', `/Users?cursor=${cursor}`), 400, 'invalidCursor');
  });

  it('should refuse wrong counts, and startIndex beside a cursor', async () => {
    for (const count of ['0', '-1', '501', '1000000000', 'many', '1.5', ''])
      expect(expectScimError(await tenant.send('GET', `/Users?cursor=&count=${count}`), 400, 'invalidCount')).toContain(
        '500',
      );
    expectScimError(await tenant.send('GET', '/Users?cursor=&startIndex=1'), 400, 'invalidValue');
    expectScimError(await tenant.send('GET', '/Users?cursor=&cursor='), 400, 'invalidValue');
  });

  it('should open no other tenant’s cursor, on either path', async () => {
    const query = 'count=2&sortBy=userName';
    const { nextCursor } = await getPage(tenant, query);
    for (const profile of ['cleanmail', 'alinto-protect', 'sendsafely'] as const) {
      const stranger = await TenantClient.open(service(), profile);
      await createUsers(stranger, 3);
      const answer = await stranger.send('GET', `/Users?${query}&cursor=${nextCursor}`);
      expectScimError(answer, 400, 'invalidCursor');
      for (const { id, userName } of users) {
        expect(answer.text).not.toContain(id);
        expect(answer.text).not.toContain(userName);
      }
    }
    expect((await getPage(tenant, query, nextCursor)).Resources).toHaveLength(2);
  });

  it('should say nothing of a position in the cursor', async () => {
    const { nextCursor = '' } = await getPage(tenant, 'count=2&sortBy=userName');
    const bytes = Buffer.from(nextCursor, 'base64url').toString('latin1');
    expect(bytes).not.toContain('contoso');
    expect(bytes).not.toContain(String(users[1]?.id));
  });

  it('should begin anew when everything before a page is gone', async () => {
    const shrinking = await TenantClient.open(service(), 'cleanmail');
    const [first, second, third] = await createUsers(shrinking, 3);
    const { nextCursor } = await getPage(shrinking, 'count=2');
    const { previousCursor } = await getPage(shrinking, 'count=2', nextCursor);
    for (const user of [first, second]) await shrinking.remove(user?.id ?? '');
    expect(await getPage(shrinking, 'count=2', previousCursor)).toEqual({
      schemas: [LIST_RESPONSE],
      totalResults: 1,
      itemsPerPage: 1,
      Resources: [third],
    });
  });

  it('should end when everything behind a page is gone', async () => {
    const shrinking = await TenantClient.open(service(), 'cleanmail');
    const created = await createUsers(shrinking, 3);
    const { nextCursor } = await getPage(shrinking, 'count=2');
    await shrinking.remove(created[2]?.id ?? '');
    const { totalResults, Resources, ...rest } = await getPage(shrinking, 'count=2', nextCursor);
    expect([totalResults, Resources]).toEqual([3, []]);
    expect(rest).not.toHaveProperty('nextCursor');
  });
});

describe('the age of a cursor', () => {
  const service = serviceForSuite(embeddedEngine(), { CURSOR_TIMEOUT_SECONDS: '1' });

  it('should be announced, and end it', async () => {
    const tenant = await TenantClient.open(service(), 'cleanmail');
    await createUsers(tenant, 3);
    const config = (await tenant.send('GET', '/ServiceProviderConfig')).body as { readonly pagination: object };
    expect(config.pagination).toMatchObject({ cursorTimeout: 1 });
    const { nextCursor } = await getPage(tenant, 'count=2');
    const send = () => tenant.send('GET', `/Users?count=2&cursor=${nextCursor}`);
    const { answer } = await eventually(send, ({ status }) => status !== 200, 20_000);
    expect(expectScimError(answer, 400, 'expiredCursor')).toContain('begin again');
  });
});

describe('cursors on a profile without groups', () => {
  const service = serviceForSuite(embeddedEngine());

  it('should answer an empty list, and refuse what is no cursor', async () => {
    const tenant = await TenantClient.open(service(), 'sendsafely');
    const answer = await tenant.send('GET', '/Groups?cursor=');
    const empty = { schemas: [LIST_RESPONSE], totalResults: 0, itemsPerPage: 0, Resources: [] };
    expect([answer.status, answer.body]).toEqual([200, empty]);
    expectScimError(await tenant.send('GET', '/Groups?cursor=abc'), 400, 'invalidCursor');
  });
});
