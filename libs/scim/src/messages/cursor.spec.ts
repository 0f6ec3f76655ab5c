import { describe, expect, it } from '@jest/globals';
import { groupResourceType, userResourceType } from '../schema/resource-types.js';
import { decodeCursor, encodeCursor, listIdentity, rootIdentity } from './cursor.js';
import type { ListQueryParameters } from './list-query.js';
import { parseListQuery } from './list-query.js';
import { parseRootQuery } from './root-query.js';

const limits = { defaultCount: 10, maxCount: 100 };

describe('cursors', () => {
  it.each(['text', 7, 0.1, null])('should carry the position behind the value %j', (key) => {
    const position = { id: 'i', key, backwards: key === null, totalResults: 12 };
    expect(decodeCursor(encodeCursor(position, 1000), 2000, 1000)).toEqual(position);
  });

  it('should expire', () => {
    const content = encodeCursor({ id: 'i', key: null, backwards: false, totalResults: 1 }, 1000);
    expect(() => decodeCursor(content, 2001, 1000)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'expiredCursor' }),
    );
  });

  it('should be refused when nothing could be read', () => {
    expect(() => decodeCursor(undefined, 0, 1000)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'invalidCursor' }),
    );
  });
});

describe(listIdentity.name, () => {
  const identity = (parameters: ListQueryParameters, type = userResourceType) =>
    listIdentity(parseListQuery(parameters, type, limits), type);

  it('should be the same for two spellings of one query, and for another count or projection', () => {
    const query = { filter: 'userName eq "Anna"', sortBy: 'userName', sortOrder: 'ascending' };
    expect(identity({ ...query, count: '5', attributes: 'id' })).toBe(identity(query));
    expect(identity({ filter: '(USERNAME EQ "anna")', sortBy: 'username' })).toBe(identity(query));
  });

  it('should differ with the type, the filter, its values and the sort', () => {
    const queries: readonly ListQueryParameters[] = [
      {},
      { filter: 'displayName eq "a"' },
      { filter: 'displayName ne "a"' },
      { filter: 'displayName eq "b"' },
      { filter: 'displayName eq "a" and id eq "b"' },
      { filter: 'displayName eq "a" or id eq "b"' },
      { filter: 'displayName pr' },
      { filter: 'externalId eq "a"' },
      { filter: 'meta[created pr]' },
      { sortBy: 'id' },
      { sortBy: 'displayName' },
      { sortBy: 'displayName', sortOrder: 'descending' },
    ];
    const identities = [
      ...queries.map((query) => identity(query)),
      ...queries.map((query) => identity(query, groupResourceType)),
      ...queries.map((query) => rootIdentity(parseRootQuery(query, [userResourceType, groupResourceType], limits))),
      rootIdentity(parseRootQuery({}, [userResourceType], limits)),
    ];
    expect(new Set(identities).size).toBe(identities.length);
  });
});
