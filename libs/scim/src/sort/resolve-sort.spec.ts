import { describe, expect, it } from '@jest/globals';
import { targetName } from '../schema/attribute-target.js';
import { groupResourceType, userResourceType } from '../schema/resource-types.js';
import { resolveSort } from './resolve-sort.js';

function nameOf(sortBy: string, sortOrder?: string): string {
  const sort = resolveSort(sortBy, sortOrder, [userResourceType]);
  const target = sort?.targets.get(userResourceType);
  return `${target === undefined ? '' : targetName(target)} ${sort?.order}`;
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe(resolveSort.name, () => {
  it.each([
    ['userName', undefined, 'userName ascending'],
    ['USERNAME', 'ascending', 'userName ascending'],
    [' name.familyName ', 'descending', 'name.familyName descending'],
    ['emails', undefined, 'emails.value ascending'],
    ['manager', undefined, `${enterprise}:manager.value ascending`],
    [`${enterprise}:department`, undefined, `${enterprise}:department ascending`],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName', undefined, 'userName ascending'],
    ['schemas', undefined, 'schemas ascending'],
  ])('should sort by %s %s', (sortBy, sortOrder, expected) => {
    expect(nameOf(sortBy, sortOrder)).toBe(expected);
  });

  it('should not sort without sortBy, whatever sortOrder says', () => {
    expect(resolveSort(undefined, 'sideways', [userResourceType])).toBeUndefined();
  });

  it.each([
    ['shoeSize', undefined, 'invalidPath', '"shoeSize"'],
    ['', undefined, 'invalidPath', '""'],
    ['name;drop table scim_user', undefined, 'invalidPath', 'not known'],
    ['x'.repeat(5000), undefined, 'invalidPath', `${'x'.repeat(128)}…`],
    [enterprise, undefined, 'invalidPath', 'not known'],
    ['__proto__', undefined, 'invalidPath', 'not known'],
    ['name', undefined, 'invalidPath', 'name.formatted, name.familyName, name.givenName'],
    ['addresses', undefined, 'invalidPath', 'addresses.locality'],
    ['meta', undefined, 'invalidPath', 'meta.lastModified'],
    ['password', undefined, 'invalidPath', 'cannot be sorted by'],
    ['userName', 'sideways', 'invalidValue', 'ascending or descending'],
    ['userName', 'Ascending', 'invalidValue', 'ascending or descending'],
    ['userName', '', 'invalidValue', 'ascending or descending'],
  ])('should refuse sortBy "%.40s" sortOrder "%s"', (sortBy, sortOrder, scimType, detail) => {
    expect(() => nameOf(sortBy, sortOrder)).toThrow(expect.objectContaining({ status: 400, scimType }));
    expect(() => nameOf(sortBy, sortOrder)).toThrow(detail);
  });

  it('should know of each type whether it has the attribute', () => {
    const types = [userResourceType, groupResourceType];
    expect([...(resolveSort('userName', undefined, types)?.targets.keys() ?? [])]).toEqual([userResourceType]);
    expect([...(resolveSort('displayName', undefined, types)?.targets.keys() ?? [])]).toEqual(types);
  });
});
