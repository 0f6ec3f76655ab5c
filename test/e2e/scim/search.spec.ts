import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { LIST_RESPONSE, type ScimGroup, type ScimList, type ScimUser } from '../../conformance/client/scim-types.js';
import { SCIM_JSON, TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { embeddedEngine } from '../../support/embedded-engine.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectHeaders, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';

const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'];
const endpoints = ['/Users', '/Groups', ''] as const;

function search(tenant: TenantClient, endpoint: string, members: object): Promise<Exchange> {
  return tenant.send('POST', `${endpoint}/.search`, { body: { schemas, ...members } });
}

describeEachEngine('queries by POST and over all types', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let [users, groups]: [ScimUser[], ScimGroup[]] = [[], []];
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    const anna = await tenant.createUser(plainUser(uniqueAddress('anna'), { displayName: 'b', title: 'Head' }));
    const sales = await tenant.createGroup({ displayName: 'c', members: [{ value: anna.id }] });
    const bert = await tenant.createUser(plainUser(uniqueAddress('bert'), { displayName: 'd' }));
    const post = await tenant.createGroup({ displayName: 'A', externalId: 'x' });
    users = [await tenant.readUser(anna.id), bert];
    groups = [sales, post];
  });

  const list = (totalResults: number, startIndex: number, Resources: readonly unknown[]): object => ({
    schemas: [LIST_RESPONSE],
    totalResults,
    startIndex,
    itemsPerPage: Resources.length,
    Resources,
  });

  it('should answer each type as by GET', async () => {
    for (const [members, query] of [
      [{}, ''],
      [{ filter: 'displayName eq "B"' }, 'filter=displayName+eq+%22B%22'],
      [{ sortBy: 'displayName', sortOrder: 'descending' }, 'sortBy=displayName&sortOrder=descending'],
      [{ startIndex: 2, count: 1 }, 'startIndex=2&count=1'],
      [{ attributes: ['displayName', 'id'] }, 'attributes=displayName,id'],
      [{ excludedAttributes: ['meta', 'members', 'groups'] }, 'excludedAttributes=meta,members,groups'],
      [{ count: 1_000_000_000 }, 'count=1000000000'],
      [{ count: 0 }, 'count=0'],
    ] as const) {
      for (const endpoint of endpoints) {
        const [posted, got] = [
          await search(tenant, endpoint, members),
          await tenant.send('GET', `${endpoint}?${query}`),
        ];
        expect([endpoint, members, posted.status, posted.body]).toEqual([endpoint, members, 200, got.body]);
        expectHeaders(posted.headers, { 'content-type': SCIM_MEDIA_TYPE });
      }
    }
  });

  it('should answer whole bodies for each type and for all', async () => {
    const answers = await Promise.all(endpoints.map((endpoint) => search(tenant, endpoint, {})));
    const [anna, bert] = users;
    expect(answers.map(({ body }) => body)).toEqual([
      list(2, 1, users),
      list(2, 1, groups),
      list(4, 1, [anna, groups[0], bert, groups[1]]),
    ]);
  });

  it.each([
    ['displayName pr', ['anna', 'c', 'bert', 'A']],
    ['displayName eq "A"', ['A']],
    ['userName sw "anna"', ['anna']],
    ['userName pr', ['anna', 'bert']],
    ['not (userName pr)', ['c', 'A']],
    ['userName ne "x"', ['anna', 'c', 'bert', 'A']],
    ['externalId eq "x" or title eq "head"', ['anna', 'A']],
    ['meta.resourceType eq "Group"', ['c', 'A']],
    ['meta.resourceType eq "User" and displayName eq "d"', ['bert']],
    ['members pr', ['c']],
    ['groups pr', ['anna']],
    ['meta.resourceType eq "Robot"', []],
  ])('should find over all types by %s', async (filter, names) => {
    const answer = await search(tenant, '', { filter });
    const nameOf = (one: ScimUser | ScimGroup) => ('userName' in one ? one.userName.split('.')[0] : one.displayName);
    expect((answer.body as ScimList<ScimUser | ScimGroup>).Resources.map(nameOf)).toEqual(names);
    expect(answer.body).toMatchObject({ totalResults: names.length });
  });

  it.each([
    [{ sortBy: 'displayName' }, 'A b c d'],
    [{ sortBy: 'displayName', sortOrder: 'descending' }, 'd c b A'],
    [{ sortBy: 'userName' }, 'b d c A'],
    [{ sortBy: 'userName', sortOrder: 'descending' }, 'A c d b'],
    [{ sortBy: 'meta.resourceType' }, 'c A b d'],
    [{ sortBy: 'title' }, 'b c d A'],
    [{ sortBy: 'members' }, 'c b d A'],
    [{ sortBy: 'externalId' }, 'A b c d'],
  ])('should merge the types in the order of %j, by index and by cursor', async (sort, order) => {
    const names = ({ body }: Exchange) => (body as ScimList).Resources.map(({ displayName }) => displayName);
    const whole = await search(tenant, '', sort);
    expect(names(whole).join(' ')).toBe(order);
    const second = await search(tenant, '', { ...sort, startIndex: 2, count: 2 });
    expect(second.body).toEqual(list(4, 2, (whole.body as ScimList).Resources.slice(1, 3)));
    const first = await search(tenant, '', { ...sort, cursor: '', count: 3 });
    const { nextCursor } = first.body as { readonly nextCursor: string };
    const last = await search(tenant, '', { ...sort, cursor: nextCursor, count: 3 });
    expect([...names(first), ...names(last)].join(' ')).toBe(order);
    expect(last.body).toEqual({
      schemas: [LIST_RESPONSE],
      totalResults: 4,
      itemsPerPage: 1,
      previousCursor: expect.any(String),
      Resources: (whole.body as ScimList).Resources.slice(3),
    });
  });

  it('should see nothing of another tenant', async () => {
    const stranger = await TenantClient.open(service(), 'cleanmail');
    const { nextCursor } = (await search(tenant, '', { cursor: '', count: 1 })).body as { readonly nextCursor: string };
    for (const endpoint of endpoints) {
      for (const filter of [undefined, `id eq "${users[0]?.id}"`, 'not (id eq "x")', 'displayName pr']) {
        const answer = await search(stranger, endpoint, filter === undefined ? {} : { filter });
        expect([answer.status, answer.body]).toEqual([200, list(0, 1, [])]);
      }
      expectScimError(await search(stranger, endpoint, { cursor: nextCursor }), 400, 'invalidCursor');
    }
    expect((await stranger.send('GET', '')).body).toEqual(list(0, 1, []));
  });

  it('should log a query as one that succeeded, with the name that it looked for', async () => {
    const client = await TenantClient.open(service(), 'cleanmail');
    await search(client, '/Users', { filter: 'userName eq "ada@story.example"' });
    await search(client, '', { filter: 'userName eq' });
    const log = async () => {
      const { body } = await client.admin.call('GET', `/tenants/${client.tenant.id}/provisioning-log`);
      return (body as { readonly items: readonly object[] }).items;
    };
    const { answer } = await eventually(log, ({ length }) => length === 2, 10_000);
    expect(answer).toEqual([
      expect.objectContaining({
        method: 'POST',
        operation: 'query',
        outcome: 'failure',
        status: 400,
        scimType: 'invalidFilter',
      }),
      expect.objectContaining({
        method: 'POST',
        operation: 'query',
        resourceType: 'User',
        outcome: 'success',
        status: 200,
        userName: 'ada@story.example',
      }),
    ]);
  });
});

describe('searches that are refused', () => {
  const service = serviceForSuite(embeddedEngine());
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  it.each([
    [{ schemas: [] }, 'invalidSyntax', 'SearchRequest'],
    [{ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'] }, 'invalidSyntax', 'SearchRequest'],
    [{ schemas: null }, 'invalidSyntax', 'SearchRequest'],
    [{ filter: ['id pr'] }, 'invalidSyntax', 'filter'],
    [{ filter: '' }, 'invalidFilter', ''],
    [{ filter: 'id eq' }, 'invalidFilter', ''],
    [{ filter: 'shoeSize eq 1' }, 'invalidFilter', 'shoeSize'],
    [{ sortBy: 1 }, 'invalidSyntax', 'sortBy'],
    [{ sortBy: 'shoeSize' }, 'invalidPath', 'shoeSize'],
    [{ sortBy: 'meta.version' }, 'invalidPath', 'meta.version'],
    [{ sortBy: 'id', sortOrder: 'up' }, 'invalidValue', 'sortOrder'],
    [{ startIndex: '1' }, 'invalidSyntax', 'startIndex'],
    [{ count: 1.5 }, 'invalidSyntax', 'count'],
    [{ cursor: 1 }, 'invalidSyntax', 'cursor'],
    [{ cursor: 'x' }, 'invalidCursor', ''],
    [{ cursor: '', count: 0 }, 'invalidCount', 'count'],
    [{ cursor: '', count: 501 }, 'invalidCount', '500'],
    [{ cursor: '', startIndex: 1 }, 'invalidValue', 'startIndex'],
    [{ attributes: 'id' }, 'invalidSyntax', 'attributes'],
    [{ excludedAttributes: [1] }, 'invalidSyntax', 'excludedAttributes'],
    [{ attributes: ['id'], excludedAttributes: ['meta'] }, 'invalidValue', 'excludedAttributes'],
  ])('should refuse %j on every endpoint', async (members, scimType, named) => {
    for (const endpoint of endpoints)
      expect(expectScimError(await search(tenant, endpoint, members), 400, scimType)).toContain(named);
  });

  it.each([undefined, '', '[]', '"x"', '{', 'null'])('should refuse the body %s', async (body) => {
    for (const endpoint of endpoints) {
      const headers = { 'Content-Type': SCIM_JSON };
      expectScimError(await tenant.send('POST', `${endpoint}/.search`, { body, headers }), 400, 'invalidSyntax');
    }
  });

  it('should need the token', async () => {
    for (const endpoint of endpoints) expectScimError(await search(tenant.withToken('x'), endpoint, {}), 401);
    expectScimError(await tenant.withToken('x').send('GET', ''), 401);
  });
});

describe('searches on a profile without groups', () => {
  const service = serviceForSuite(embeddedEngine());

  it('should answer no groups, and users alone over all types', async () => {
    const tenant = await TenantClient.open(service(), 'sendsafely');
    const user = await tenant.createUser(plainUser(uniqueAddress()));
    const empty = { schemas: [LIST_RESPONSE], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] };
    const filter = 'displayName eq "Sales"';
    expect((await search(tenant, '/Groups', { filter })).body).toEqual(empty);
    expect((await search(tenant, '/Groups', {})).body).toEqual((await tenant.send('GET', '/Groups')).body);
    expect((await search(tenant, '', {})).body).toEqual({
      ...empty,
      totalResults: 1,
      itemsPerPage: 1,
      Resources: [user],
    });
    expect((await tenant.send('GET', '/')).body).toMatchObject({ Resources: [user] });
    expectScimError(await search(tenant, '', { filter: 'members pr' }), 400, 'invalidFilter');
  });
});
