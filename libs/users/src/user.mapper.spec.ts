import { describe, expect, it } from '@jest/globals';
import { readResource, SCHEMA_URNS, ScimError, type ScimResource, userResourceType } from '@cleanmail/scim';
import { fromRow, readColumns, toColumns, toScim, userColumns, type UserRow } from './user.mapper.js';
import type { User } from './user.js';

const enterprise = SCHEMA_URNS.enterpriseUser;

function user(resource: ScimResource): User {
  return { id: 'user-1', version: 3, createdAt: 1_700_000_000_000, lastModified: 1_700_000_000_001, resource };
}

/** The row as a driver would read it back. */
function rowOf(given: User): UserRow {
  const values = toColumns(given, userResourceType).map((value) =>
    typeof value === 'boolean' ? Number(value) : value,
  );
  const all = Object.fromEntries(userColumns.map((column, index) => [column, values[index]]));
  return Object.fromEntries(readColumns.split(', ').map((column) => [column, all[column]])) as unknown as UserRow;
}

function column(given: User, name: (typeof userColumns)[number]): unknown {
  return toColumns(given, userResourceType)[userColumns.indexOf(name)];
}

const full = readResource(
  {
    schemas: [SCHEMA_URNS.user, enterprise],
    userName: 'Anna.Muster@Contoso.CH',
    externalId: ' Case-Exact ',
    active: false,
    displayName: 'Müster, Ana ',
    name: { givenName: 'Ana', familyName: 'Müster', middleName: 'M.', formatted: 'Dr. Ana M. Müster' },
    nickName: 'Ani',
    title: 'Ingénieure 😀',
    emails: [
      { value: 'Anna@Contoso.CH', type: 'work', primary: true },
      { value: 'ana@home.example', type: 'home' },
    ],
    addresses: [{ streetAddress: 'Weg 1\nHinterhaus', country: 'CH', primary: true }],
    roles: [{ value: 'admin' }],
    [enterprise]: { employeeNumber: '0042', manager: { value: 'M1' } },
  },
  userResourceType,
);

describe(fromRow.name, () => {
  it.each([
    ['everything', full],
    ['only what is required', { userName: 'a', active: true }],
    ['a name without mapped parts', { userName: 'a', active: true, name: { formatted: 'A' } }],
    ['a name of mapped parts only', { userName: 'a', active: true, name: { givenName: 'A' } }],
    ['text that is only blank', { userName: ' ', active: true, displayName: '  ', name: { givenName: ' ' } }],
    ['the name of a prototype', { userName: '__proto__', active: true, displayName: 'constructor' }],
  ])('should bring back a user with %s', (_, resource) => {
    expect(fromRow(rowOf(user(resource)))).toEqual(user(resource));
  });
});

describe(toColumns.name, () => {
  it('should have a value for each column', () => {
    expect(toColumns(user(full), userResourceType)).toHaveLength(userColumns.length);
  });

  it('should keep names as they were sent and fold their keys', () => {
    expect(column(user(full), 'user_name')).toBe('Anna.Muster@Contoso.CH');
    expect(column(user(full), 'user_name_key')).toBe('anna.muster@contoso.ch');
    expect(column(user(full), 'display_name_key')).toBe('müster, ana ');
    expect(column(user(full), 'external_id')).toBe(' Case-Exact ');
  });

  it('should not repeat a mapped attribute in the document', () => {
    const document = JSON.parse(String(column(user(full), 'document'))) as Record<string, unknown>;
    const kept = ['nickName', 'title', 'emails', 'addresses', 'roles', enterprise, 'name'];
    expect(new Set(Object.keys(document))).toEqual(new Set(kept));
    expect(document['name']).toEqual({ middleName: 'M.', formatted: 'Dr. Ana M. Müster' });
  });

  it('should keep the comparable form of every attribute for filters', () => {
    const search = JSON.parse(String(column(user(full), 'search'))) as Record<string, unknown>;
    expect(search).toMatchObject({
      schemas: [SCHEMA_URNS.user, enterprise].map((urn) => expect.stringMatching(new RegExp(urn, 'i'))),
      title: 'ingénieure 😀',
      emails: [
        { value: 'anna@contoso.ch', type: 'work', primary: true },
        { value: 'ana@home.example', type: 'home' },
      ],
      [enterprise]: { employeeNumber: '0042', manager: { value: 'M1' } },
    });
  });

  it('should refuse a name whose key does not fit its column, in words', () => {
    // U+0344 becomes two characters in NFC.
    const growing = '\u0344'.repeat(400);
    expect(() => toColumns(user({ userName: growing }), userResourceType)).toThrow(ScimError);
    expect(() => toColumns(user({ userName: growing }), userResourceType)).toThrow('userName is too long.');
    expect(() => toColumns(user({ userName: 'a', displayName: growing }), userResourceType)).toThrow(
      'displayName is too long.',
    );
  });
});

describe(toScim.name, () => {
  it('should be the resource with schemas, id and meta', () => {
    expect(toScim(user(full), userResourceType, 'https://host')).toEqual({
      ...full,
      schemas: [SCHEMA_URNS.user, enterprise],
      id: 'user-1',
      meta: {
        resourceType: 'User',
        created: '2023-11-14T22:13:20.000Z',
        lastModified: '2023-11-14T22:13:20.001Z',
        location: 'https://host/Users/user-1',
        version: 'W/"3"',
      },
    });
  });

  it('should show the groups that were read, and none when there are none', () => {
    const inGroup = { ...user(full), groups: [{ groupId: 'group-1', displayName: 'Post' }] };
    const groups = [{ value: 'group-1', $ref: 'https://host/Groups/group-1', display: 'Post', type: 'direct' }];
    expect(toScim(inGroup, userResourceType, 'https://host')).toMatchObject({ groups });
    expect(toScim({ ...inGroup, groups: [] }, userResourceType, 'https://host')).not.toHaveProperty('groups');
  });

  it('should show a user that was never told otherwise as active, and only the schemas that it has', () => {
    expect(toScim(user({ userName: 'a' }), userResourceType, '')).toMatchObject({
      active: true,
      schemas: [SCHEMA_URNS.user],
    });
  });
});
