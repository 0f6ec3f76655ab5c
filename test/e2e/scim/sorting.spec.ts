import { beforeAll, expect, it } from '@jest/globals';
import { ENTERPRISE_USER, LIST_RESPONSE, type ScimList, type ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';

/** Users by the letters of their names; every attribute orders them differently. */
const people = {
  a: { displayName: 'gamma', title: 'b', active: true, emails: [{ value: 'z@x' }, { value: 'b@x', primary: true }] },
  b: { displayName: 'Beta', title: 'A', active: false, [ENTERPRISE_USER]: { department: 'Sales' } },
  c: { displayName: 'alpha', active: true, emails: [{ value: 'A@x' }], [ENTERPRISE_USER]: { department: 'post' } },
} as const;

describeEachEngine('sortBy and sortOrder', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  const users = new Map<string, ScimUser>();
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    for (const letter of ['b', 'c', 'a'] as const)
      users.set(letter, await tenant.createUser(plainUser(uniqueAddress(letter), people[letter])));
  });

  async function expectOrder(query: string, letters: string): Promise<void> {
    const answer = await tenant.send('GET', `/Users?${query}`);
    const Resources = [...letters].map((letter) => users.get(letter));
    expect([query, answer.status, answer.body]).toEqual([
      query,
      200,
      { schemas: [LIST_RESPONSE], totalResults: 3, startIndex: 1, itemsPerPage: 3, Resources },
    ]);
  }

  it.each([
    ['sortBy=userName', 'abc'],
    ['sortBy=userName&sortOrder=ascending', 'abc'],
    ['sortBy=userName&sortOrder=descending', 'cba'],
    ['sortBy=USERNAME', 'abc'],
    ['sortBy=urn:ietf:params:scim:schemas:core:2.0:User:userName', 'abc'],
    ['sortBy=displayName', 'cba'],
    ['sortBy=title', 'bac'],
    ['sortBy=title&sortOrder=descending', 'cab'],
    ['sortBy=active', 'bca'],
    ['sortBy=emails', 'cab'],
    ['sortBy=emails.value&sortOrder=descending', 'bac'],
    [`sortBy=${ENTERPRISE_USER}:department`, 'cba'],
    ['sortBy=department', 'cba'],
    ['sortBy=meta.created&sortOrder=descending', 'acb'],
    ['sortBy=id', 'bca'],
    ['sortBy=nickName', 'bca'],
    ['sortOrder=descending', 'bca'],
    ['sortOrder=sideways', 'bca'],
    ['', 'bca'],
  ])('should answer "%s" in the order %s', async (query, letters) => {
    await expectOrder(query, letters);
  });

  it('should page a sorted and filtered list', async () => {
    const query = `sortBy=title&sortOrder=descending&startIndex=2&count=1&filter=${encodeURIComponent('active eq true')}`;
    const answer = await tenant.send('GET', `/Users?${query}`);
    expect([answer.status, answer.body]).toEqual([
      200,
      { schemas: [LIST_RESPONSE], totalResults: 2, startIndex: 2, itemsPerPage: 1, Resources: [users.get('a')] },
    ]);
  });

  it('should sort by what the answer does not show', async () => {
    const answer = await tenant.send('GET', '/Users?sortBy=displayName&attributes=userName');
    const { Resources } = answer.body as ScimList;
    expect(Resources.map(({ userName }) => userName[0])).toEqual(['c', 'b', 'a']);
    expect(Object.keys(Resources[0] ?? {}).sort()).toEqual(['id', 'schemas', 'userName']);
  });

  it.each([
    ['sortBy=shoeSize', 'invalidPath', '"shoeSize"'],
    ['sortBy=', 'invalidPath', 'not known'],
    ['sortBy=name', 'invalidPath', 'name.familyName'],
    ['sortBy=addresses', 'invalidPath', 'addresses.country'],
    ['sortBy=password', 'invalidPath', '"password"'],
    ['sortBy=meta.version', 'invalidPath', '"meta.version"'],
    ['sortBy=groups.$ref', 'invalidPath', '"groups.$ref"'],
    [`sortBy=${ENTERPRISE_USER}`, 'invalidPath', 'not known'],
    ['sortBy=userName&sortOrder=sideways', 'invalidValue', 'sortOrder'],
    ['sortBy=userName&sortOrder=', 'invalidValue', 'sortOrder'],
    ['sortBy=userName&sortBy=title', 'invalidValue', 'sortBy'],
  ])('should refuse "%s"', async (query, scimType, named) => {
    expect(expectScimError(await tenant.send('GET', `/Users?${query}`), 400, scimType)).toContain(named);
  });

  it('should sort groups, also by their members', async () => {
    const idOf = (letter: string) => users.get(letter)?.id;
    const groups = [
      await tenant.createGroup({ displayName: 'sales', members: [{ value: idOf('c') }, { value: idOf('b') }] }),
      await tenant.createGroup({ displayName: 'Post', members: [{ value: idOf('c') }] }),
      await tenant.createGroup({ displayName: 'empty', externalId: 'x' }),
    ];
    for (const [query, order] of [
      ['sortBy=displayName', [2, 1, 0]],
      ['sortBy=members', [0, 1, 2]],
      ['sortBy=members.value&sortOrder=descending', [2, 1, 0]],
      ['sortBy=externalId', [2, 0, 1]],
    ] as const) {
      const answer = await tenant.send('GET', `/Groups?${query}`);
      expect([query, (answer.body as ScimList).Resources]).toEqual([query, order.map((index) => groups[index])]);
    }
    expectScimError(await tenant.send('GET', '/Groups?sortBy=members.display'), 400, 'invalidPath');
    expectScimError(await tenant.send('GET', '/Groups?sortBy=userName'), 400, 'invalidPath');
  });
});
