import { describe, expect, it } from '@jest/globals';
import { groupResourceType, userResourceType } from '../../schema/resource-types.js';
import type { PatchOperation } from '../operation.js';
import { clearEmpty, clearEmptyMembers } from './clear-empty.js';
import { keepActive } from './keep-active.js';
import { listRemovals } from './list-removals.js';
import { normaliseOperations } from './normalise-operations.js';
import { splitPathless } from './split-pathless.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

type Row = readonly [string, PatchOperation, readonly PatchOperation[]];

describe(splitPathless.name, () => {
  it.each<Row>([
    [
      'dotted and URN names (U19)',
      {
        op: 'replace',
        value: { displayName: 'Bjfe', 'name.givenName': 'Kkom', [`${ENTERPRISE}:employeeNumber`]: 'Aklq' },
      },
      [
        { op: 'replace', path: 'displayName', value: 'Bjfe' },
        { op: 'replace', path: 'name.givenName', value: 'Kkom' },
        { op: 'replace', path: `${ENTERPRISE}:employeeNumber`, value: 'Aklq' },
      ],
    ],
    [
      'an extension under its URN (U22)',
      { op: 'replace', value: { [ENTERPRISE]: { department: 'E', costCenter: 'C' } } },
      [
        { op: 'replace', path: `${ENTERPRISE}:department`, value: 'E' },
        { op: 'replace', path: `${ENTERPRISE}:costCenter`, value: 'C' },
      ],
    ],
    [
      'an extension as path',
      { op: 'add', path: ENTERPRISE, value: { department: 'E' } },
      [{ op: 'add', path: `${ENTERPRISE}:department`, value: 'E' }],
    ],
    [
      'bracketed names',
      { op: 'add', value: { 'emails[type eq "work"].value': 'a@b' } },
      [{ op: 'add', path: 'emails[type eq "work"].value', value: 'a@b' }],
    ],
    [
      'id, schemas, meta and groups (U57)',
      {
        op: 'replace',
        value: { id: '1', schemas: [], meta: {}, groups: [], externalId: 'z', 'manager.displayName': 'M' },
      },
      [{ op: 'replace', path: 'externalId', value: 'z' }],
    ],
    ['unknown names', { op: 'add', value: { blue: 1, 'a b': 2, '[': 3, 'urn:x:y': 4, '': 5 } }, []],
    [
      'the core schema under its URN',
      { op: 'add', value: { [CORE]: { title: 'T', [CORE]: { title: 'U' } } } },
      [{ op: 'add', path: 'title', value: 'T' }],
    ],
    ['a value in a list', { op: 'add', value: [{ title: 'T' }] }, [{ op: 'add', path: 'title', value: 'T' }]],
    [
      'nothing when there is a path',
      { op: 'add', path: 'title', value: 'T' },
      [{ op: 'add', path: 'title', value: 'T' }],
    ],
    ['nothing of a removal', { op: 'remove' }, [{ op: 'remove' }]],
  ])('should split %s', (_, operation, expected) => {
    expect(splitPathless(operation, userResourceType)).toStrictEqual(expected);
  });

  it.each([['text'], [null], [undefined], [1], [[1]]])('should refuse the value %p without path', (value) => {
    expect(() => splitPathless({ op: 'replace', value }, userResourceType)).toThrow(
      expect.objectContaining({ scimType: 'invalidValue' }),
    );
  });
});

describe(clearEmpty.name, () => {
  it.each<Row>([
    ['null (U38)', { op: 'replace', path: 'name', value: null }, [{ op: 'remove', path: 'name' }]],
    ['"" (U39)', { op: 'replace', path: 'name.familyName', value: '' }, [{ op: 'remove', path: 'name.familyName' }]],
    ['[] (U65)', { op: 'replace', path: 'phoneNumbers', value: [] }, [{ op: 'remove', path: 'phoneNumbers' }]],
    [
      '{"value": ""} (U34)',
      { op: 'replace', path: 'manager', value: { Value: '' } },
      [{ op: 'remove', path: 'manager' }],
    ],
    ['"" for manager (U35)', { op: 'replace', path: 'manager', value: '' }, [{ op: 'remove', path: 'manager' }]],
    ['[{"value": ""}]', { op: 'add', path: 'manager', value: [{ value: null }] }, [{ op: 'remove', path: 'manager' }]],
    [
      'a selected element',
      { op: 'replace', path: 'emails[type eq "work"]', value: { value: '' } },
      [{ op: 'remove', path: 'emails[type eq "work"]' }],
    ],
    ['a whole extension', { op: 'replace', path: ENTERPRISE, value: null }, [{ op: 'remove', path: ENTERPRISE }]],
    ['nothing added', { op: 'add', path: 'emails', value: [] }, []],
    [
      'false, which is a value',
      { op: 'add', path: 'active', value: false },
      [{ op: 'add', path: 'active', value: false }],
    ],
    ['unknown attributes', { op: 'add', path: 'blue', value: '' }, [{ op: 'add', path: 'blue', value: '' }]],
  ])('should read %s', (_, operation, expected) => {
    expect(clearEmpty(operation, userResourceType)).toStrictEqual(expected);
  });
});

describe(clearEmptyMembers.name, () => {
  it.each<Row>([
    [
      'empty members apart from the others',
      { op: 'replace', path: 'name', value: { givenName: null, familyName: 'M', middleName: '' } },
      [
        { op: 'remove', path: 'name.givenName' },
        { op: 'remove', path: 'name.middleName' },
        { op: 'replace', path: 'name', value: { familyName: 'M' } },
      ],
    ],
    [
      'only empty members',
      { op: 'add', path: 'name', value: { givenName: '' } },
      [{ op: 'remove', path: 'name.givenName' }],
    ],
    [
      'read-only members, not at all',
      { op: 'add', path: 'manager', value: { value: '1', displayName: null } },
      [{ op: 'add', path: 'manager', value: { value: '1', displayName: null } }],
    ],
  ])('should take %s', (_, operation, expected) => {
    expect(clearEmptyMembers(operation, userResourceType)).toStrictEqual(expected);
  });
});

describe(keepActive.name, () => {
  it.each<Row>([
    ['drop the removal of active (U46)', { op: 'remove', path: 'ACTIVE' }, []],
    ['drop it behind the URN', { op: 'remove', path: `${CORE}:active` }, []],
    ['let other removals be', { op: 'remove', path: 'title' }, [{ op: 'remove', path: 'title' }]],
    [
      'let active be set',
      { op: 'replace', path: 'active', value: false },
      [{ op: 'replace', path: 'active', value: false }],
    ],
  ])('should %s', (_, operation, expected) => {
    expect(keepActive(operation, userResourceType)).toStrictEqual(expected);
  });
});

describe(listRemovals.name, () => {
  it.each<Row>([
    [
      'members with $ref null (G07)',
      {
        op: 'remove',
        path: 'members',
        value: [
          { $ref: null, value: 'u1' },
          { value: 'u2', type: 'User' },
        ],
      },
      [
        { op: 'remove', path: 'members[value eq "u1"]' },
        { op: 'remove', path: 'members[value eq "u2"]' },
      ],
    ],
    [
      'members as texts',
      { op: 'remove', path: 'members', value: ['a"b'] },
      [{ op: 'remove', path: 'members[value eq "a\\"b"]' }],
    ],
    [
      'one member',
      { op: 'remove', path: 'members', value: { value: 'u1' } },
      [{ op: 'remove', path: 'members[value eq "u1"]' }],
    ],
    ['an empty list as nothing', { op: 'remove', path: 'members', value: [] }, []],
    ['members that say nothing', { op: 'remove', path: 'members', value: [{}, null, 1, ''] }, []],
    [
      'no value as all',
      { op: 'remove', path: 'members', value: null },
      [{ op: 'remove', path: 'members', value: null }],
    ],
    [
      'a single-valued attribute as it is',
      { op: 'remove', path: 'displayName', value: 'x' },
      [{ op: 'remove', path: 'displayName', value: 'x' }],
    ],
  ])('should read %s', (_, operation, expected) => {
    expect(listRemovals(operation, groupResourceType)).toStrictEqual(expected);
  });

  it('should ask for all that is said about other elements', () => {
    const value = [{ type: 'work', value: 'a@b', primary: true }];
    expect(listRemovals({ op: 'remove', path: 'emails', value }, userResourceType)).toEqual([
      { op: 'remove', path: 'emails[type eq "work" and value eq "a@b" and primary eq true]' },
    ]);
  });
});

describe(normaliseOperations.name, () => {
  it('should clear what a path-less value leaves empty (U66)', () => {
    expect(
      normaliseOperations(
        [{ op: 'replace', value: { title: '', active: null, name: { givenName: null } } }],
        userResourceType,
      ),
    ).toEqual([
      { op: 'remove', path: 'title' },
      { op: 'remove', path: 'name.givenName' },
    ]);
  });

  it('should change nothing in operations that it made itself', () => {
    const once = normaliseOperations(
      [{ op: 'replace', value: { title: '', 'name.givenName': 'A', emails: ['x'] } }],
      userResourceType,
    );
    expect(normaliseOperations(once, userResourceType)).toEqual(once);
  });
});
