import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  CORE_GROUP,
  CORE_USER,
  ENTERPRISE_USER,
  PATCH_OP,
  type ScimUser,
} from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { fullUser, plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { embeddedEngine } from '../../support/embedded-engine.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';

type Shape = (user: ScimUser) => Record<string, unknown>;

const always = ({ schemas, id }: ScimUser): Record<string, unknown> => ({ schemas, id });
const without = (user: ScimUser, ...names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(user).filter(([name]) => !names.includes(name)));
const only = (user: ScimUser, ...names: readonly string[]): Record<string, unknown> => ({
  ...always(user),
  ...Object.fromEntries(Object.entries(user).filter(([name]) => names.includes(name))),
});
const addresses = ({ emails = [] }: ScimUser): readonly object[] => emails.map(({ value }) => ({ value }));

const projections: readonly (readonly [query: string, shape: Shape])[] = [
  ['attributes=userName', (user) => only(user, 'userName')],
  ['attributes=USERNAME', (user) => only(user, 'userName')],
  [`attributes=${CORE_USER}:userName`, (user) => only(user, 'userName')],
  [`attributes=${CORE_USER.toUpperCase()}:USERNAME`, (user) => only(user, 'userName')],
  ['attributes=userName,displayName,meta', (user) => only(user, 'userName', 'displayName', 'meta')],
  ['attributes=%20userName%20,,%20title', (user) => only(user, 'userName', 'title')],
  ['attributes=name.givenName', (user) => ({ ...always(user), name: { givenName: user.name?.givenName } })],
  ['attributes=NAME.GIVENNAME', (user) => ({ ...always(user), name: { givenName: user.name?.givenName } })],
  [
    `attributes=${CORE_USER}:name.familyName`,
    (user) => ({ ...always(user), name: { familyName: user.name?.familyName } }),
  ],
  ['attributes=emails.value', (user) => ({ ...always(user), emails: addresses(user) })],
  ['attributes=emails.value,emails', (user) => only(user, 'emails')],
  ['attributes=meta.version', (user) => ({ ...always(user), meta: { version: user.meta.version } })],
  [`attributes=${ENTERPRISE_USER}`, (user) => only(user, ENTERPRISE_USER)],
  [
    `attributes=${ENTERPRISE_USER.toLowerCase()}:DEPARTMENT`,
    (user) => ({ ...always(user), [ENTERPRISE_USER]: { department: 'Post' } }),
  ],
  [
    `attributes=${ENTERPRISE_USER}:manager.value`,
    (user) => ({ ...always(user), [ENTERPRISE_USER]: { manager: { value: '9f2c0f6e-manager-before' } } }),
  ],
  ['attributes=id', always],
  ['attributes=password', always],
  ['attributes=groups', always],
  ['attributes=noSuchAttribute', always],
  ['attributes=__proto__,constructor,toString', always],
  ['attributes=', (user) => ({ ...user })],
  ['excludedAttributes=', (user) => ({ ...user })],
  ['excludedAttributes=emails,phoneNumbers', (user) => without(user, 'emails', 'phoneNumbers')],
  ['excludedAttributes=EMAILS', (user) => without(user, 'emails')],
  ['excludedAttributes=meta', (user) => without(user, 'meta')],
  ['excludedAttributes=id,schemas', (user) => ({ ...user })],
  ['excludedAttributes=noSuchAttribute', (user) => ({ ...user })],
  ['excludedAttributes=emails.type,emails.primary', (user) => ({ ...user, emails: addresses(user) })],
  [`excludedAttributes=${CORE_USER}:displayName`, (user) => without(user, 'displayName')],
  [`excludedAttributes=${ENTERPRISE_USER}`, (user) => without(user, ENTERPRISE_USER)],
  [
    `excludedAttributes=${ENTERPRISE_USER}:manager,${ENTERPRISE_USER}:employeeNumber`,
    (user) => ({ ...user, [ENTERPRISE_USER]: { department: 'Post' } }),
  ],
];

describe('attributes and excludedAttributes', () => {
  const service = serviceForSuite(embeddedEngine());
  let tenant: TenantClient;
  let user: ScimUser;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    user = await tenant.createUser(fullUser());
  });

  it.each(projections)('should shape a resource and a list by %s, and keep the ETag', async (query, shape) => {
    const one = await tenant.send('GET', `/Users/${user.id}?${query}`);
    expect([one.status, one.body, one.headers.etag]).toEqual([200, shape(user), 'W/"1"']);
    const list = await tenant.send('GET', `/Users?${query}`);
    expect([list.status, list.body]).toMatchObject([200, { totalResults: 1, Resources: [shape(user)] }]);
    expect((list.body as { Resources: unknown[] }).Resources).toEqual([shape(user)]);
  });

  it('should shape the answers of POST, PUT and PATCH, and keep their ETag and Location', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const query = '?attributes=userName';
    const created = await own.send('POST', `/Users${query}`, { body: fullUser() });
    const { id, userName } = created.body as ScimUser;
    const shaped = { schemas: [CORE_USER, ENTERPRISE_USER], id, userName };
    expect([created.status, created.body, created.headers.etag]).toEqual([201, shaped, 'W/"1"']);
    expect(created.headers.location).toBe(`${service().scimUrl}/api/v3/scim2/Users/${id}`);
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'Chief' }] };
    const patched = await own.send('PATCH', `/Users/${id}${query}`, { body: patch });
    expect([patched.status, patched.body, patched.headers.etag]).toEqual([200, shaped, 'W/"2"']);
    const replaced = await own.send('PUT', `/Users/${id}?excludedAttributes=meta,active`, {
      body: plainUser(userName),
    });
    expect([replaced.status, replaced.body, replaced.headers.etag]).toEqual([
      200,
      { schemas: [CORE_USER], id, userName },
      'W/"3"',
    ]);
  });

  it('should shape the answers of all that is written to a group', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const { id: member } = await own.createUser(plainUser(uniqueAddress()));
    const body = { displayName: uniqueAddress('group'), externalId: 'x', members: [{ value: member }] };
    const created = await own.send('POST', `/Groups?attributes=${CORE_GROUP.toUpperCase()}:MEMBERS.value`, { body });
    const { id } = created.body as { readonly id: string };
    const members = { schemas: [CORE_GROUP], id, members: [{ value: member }] };
    expect([created.status, created.body]).toEqual([201, members]);
    const replaced = await own.send('PUT', `/Groups/${id}?excludedAttributes=members,META,externalid`, { body });
    expect([replaced.status, replaced.body]).toEqual([
      200,
      { schemas: [CORE_GROUP], id, displayName: body.displayName },
    ]);
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'externalId', value: 'y' }] };
    const patched = await own.send('PATCH', `/Groups/${id}?attributes=externalId`, { body: patch });
    expect([patched.status, patched.body]).toEqual([200, { schemas: [CORE_GROUP], id, externalId: 'y' }]);
    const both = await own.send('PATCH', `/Groups/${id}?attributes=id&excludedAttributes=members`, { body: patch });
    expectScimError(both, 400, 'invalidValue');
  });

  it('should never show a password, whoever asks for it', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const body = plainUser(uniqueAddress(), { password: 'secret-of-a-test' });
    const created = await own.send('POST', '/Users?attributes=password,userName', { body });
    const { id } = created.body as ScimUser;
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'password', value: 'secret-of-a-test' }] };
    const answers = [
      created,
      await own.send('PUT', `/Users/${id}?attributes=${CORE_USER}:PASSWORD`, { body }),
      await own.send('PATCH', `/Users/${id}?attributes=password`, { body: patch }),
      await own.send('GET', `/Users/${id}`),
      await own.send('GET', '/Users?attributes=password'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200, 200]);
    for (const { text } of answers) expect(text).not.toMatch(/password|secret-of-a-test/);
    for (const filter of ['password eq "secret-of-a-test"', 'password pr', `${CORE_USER}:password sw "s"`])
      expectScimError(await own.send('GET', `/Users?filter=${encodeURIComponent(filter)}`), 400, 'invalidFilter');
  });

  it.each([
    ['both at once', 'attributes=userName&excludedAttributes=title'],
    ['attributes twice', 'attributes=userName&attributes=title'],
    ['excludedAttributes twice', 'excludedAttributes=userName&excludedAttributes=title'],
  ])('should refuse %s before anything is written', async (_name, query) => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const kept = await own.createUser(plainUser(uniqueAddress()));
    const patch = { Operations: [{ op: 'replace', path: 'title', value: 'x' }] };
    const answers = [
      await own.send('POST', `/Users?${query}`, { body: plainUser(uniqueAddress()) }),
      await own.send('PUT', `/Users/${kept.id}?${query}`, { body: plainUser(uniqueAddress()) }),
      await own.send('PATCH', `/Users/${kept.id}?${query}`, { body: patch }),
      await own.send('GET', `/Users/${kept.id}?${query}`),
      await own.send('GET', `/Users?${query}`),
    ];
    for (const answer of answers) expectScimError(answer, 400, 'invalidValue');
    expect((await own.send('GET', '/Users')).body).toMatchObject({ totalResults: 1, Resources: [kept] });
  });
});
