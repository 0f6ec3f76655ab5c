import { describe, expect, it } from '@jest/globals';
import { matches } from '../filter/matches.js';
import type { ScimResource } from '../resource/resource.js';
import { groupResourceType, userResourceType } from '../schema/resource-types.js';
import { parseRootQuery } from './root-query.js';

const types = [userResourceType, groupResourceType];
const limits = { defaultCount: 10, maxCount: 100 };
const user: ScimResource = {
  id: 'u',
  userName: 'Anna',
  displayName: 'Anna',
  active: true,
  meta: { resourceType: 'User' },
};
const group: ScimResource = {
  id: 'g',
  displayName: 'Sales',
  members: [{ value: 'u' }],
  meta: { resourceType: 'Group' },
};

/** The ids of those of the user and the group that the filter finds. */
function found(filter: string): string {
  const { parts } = parseRootQuery({ filter }, types, limits);
  return parts
    .filter(
      (part) =>
        part.filter === undefined || matches(part.filter, part.resourceType === userResourceType ? user : group),
    )
    .map(({ resourceType }) => resourceType.name)
    .join();
}

describe(parseRootQuery.name, () => {
  it.each([
    ['userName eq "anna"', 'User'],
    ['userName ne "anna"', 'Group'],
    ['userName pr', 'User'],
    ['not (userName pr)', 'Group'],
    ['userName eq null', 'Group'],
    ['userName ne null', 'User'],
    ['displayName pr', 'User,Group'],
    ['displayName co "a"', 'User,Group'],
    ['members[value eq "u"]', 'Group'],
    ['members.value eq "u" or active eq true', 'User,Group'],
    ['members.value eq "u" and active eq true', ''],
    ['not (members.value eq "u" and active eq true)', 'User,Group'],
    ['members.value ne "x" and displayName eq "anna"', 'User'],
    ['meta.resourceType eq "User"', 'User'],
    ['meta.resourceType eq "Group" or meta.resourceType eq "User"', 'User,Group'],
    ['meta.resourceType ne "Group"', 'User'],
    ['meta.resourceType eq "Group" and userName eq "anna"', ''],
    ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "sales"', 'Group'],
  ])('should find by %s: %s', (filter, expected) => {
    expect(found(filter)).toBe(expected);
  });

  it('should leave out types of which the filter can find nothing', () => {
    const typesOf = (filter: string) =>
      parseRootQuery({ filter }, types, limits).parts.map(({ resourceType }) => resourceType.name);
    expect(typesOf('userName eq "x"')).toEqual(['User']);
    expect(typesOf('meta.resourceType eq "Group"')).toEqual(['Group']);
    expect(typesOf('meta.resourceType eq "Robot"')).toEqual([]);
  });

  it('should sort each type by the attribute, if it has it', () => {
    const { order, parts } = parseRootQuery({ sortBy: 'userName', sortOrder: 'descending' }, types, limits);
    expect([order, ...parts.map(({ sortBy }) => sortBy?.attribute.name)]).toEqual([
      'descending',
      'userName',
      undefined,
    ]);
  });

  it.each([
    [{ filter: 'shoeSize eq 1' }, 'invalidFilter'],
    [{ filter: 'userName eq' }, 'invalidFilter'],
    [{ filter: '' }, 'invalidFilter'],
    [{ filter: 'active eq "maybe"' }, 'invalidFilter'],
    [{ sortBy: 'shoeSize' }, 'invalidPath'],
    [{ count: 'x' }, 'invalidValue'],
  ])('should refuse %j', (parameters, scimType) => {
    expect(() => parseRootQuery(parameters, types, limits)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });
});
