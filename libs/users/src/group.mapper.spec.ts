import { describe, expect, it } from '@jest/globals';
import { groupResourceType, SCHEMA_URNS, ScimError, type ScimResource } from '@cleanmail/scim';
import type { Group } from './group.js';
import { fromGroupRow, groupColumns, type GroupRow, groupToScim, toGroupColumns } from './group.mapper.js';

function group(resource: ScimResource): Group {
  return { id: 'group-1', version: 3, createdAt: 1_700_000_000_000, lastModified: 1_700_000_000_001, resource };
}

function rowOf(stored: Group): GroupRow {
  const values = toGroupColumns(stored, groupResourceType);
  expect(values).toHaveLength(groupColumns.length);
  return Object.fromEntries(groupColumns.map((column, index) => [column, values[index]])) as unknown as GroupRow;
}

describe('the row of a group', () => {
  it.each<[string, ScimResource]>([
    ['with all that it has', { displayName: 'Post Straße', externalId: 'Ext' }],
    ['without externalId', { displayName: ' Post ' }],
  ])('should give back a group %s', (_, resource) => {
    expect(fromGroupRow(rowOf(group(resource)))).toEqual(group(resource));
  });

  it('should hold the name folded beside the name as it was sent', () => {
    expect(rowOf(group({ displayName: 'ÄRZTE' }))).toMatchObject({ display_name: 'ÄRZTE', display_name_key: 'ärzte' });
  });

  it('should refuse a name whose key does not fit its column, in words', () => {
    const growing = group({ displayName: '\u0344'.repeat(400) });
    expect(() => toGroupColumns(growing, groupResourceType)).toThrow(ScimError);
    expect(() => toGroupColumns(growing, groupResourceType)).toThrow('displayName is too long.');
  });
});

describe(groupToScim.name, () => {
  const meta = {
    resourceType: 'Group',
    created: '2023-11-14T22:13:20.000Z',
    lastModified: '2023-11-14T22:13:20.001Z',
    location: 'https://host/Groups/group-1',
    version: 'W/"3"',
  };

  it('should be the resource with schemas, id, meta and the URLs of its members', () => {
    const stored: Group = {
      ...group({ displayName: 'Post' }),
      members: [
        { id: 'u', type: 'User' },
        { id: 'g', type: 'Group' },
      ],
    };
    expect(groupToScim(stored, groupResourceType, 'https://host')).toEqual({
      schemas: [SCHEMA_URNS.group],
      id: 'group-1',
      displayName: 'Post',
      members: [
        { value: 'u', $ref: 'https://host/Users/u', type: 'User' },
        { value: 'g', $ref: 'https://host/Groups/g', type: 'Group' },
      ],
      meta,
    });
  });

  it.each([[undefined], [[]]])('should have no members when they are %p', (members) => {
    const stored = { ...group({ displayName: 'Post' }), ...(members === undefined ? {} : { members }) };
    expect(Object.keys(groupToScim(stored, groupResourceType, 'https://host'))).toEqual([
      'schemas',
      'id',
      'displayName',
      'meta',
    ]);
  });
});
