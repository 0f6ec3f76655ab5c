import { describe, expect, it } from '@jest/globals';
import { MESSAGE_URNS } from './message-urns.js';
import { parseSearchRequest } from './search-request.js';

const schemas = [MESSAGE_URNS.searchRequest];

describe(parseSearchRequest.name, () => {
  it('should read every member as the parameter of the same name', () => {
    const members = { filter: 'userName pr', sortBy: 'userName', sortOrder: 'descending', startIndex: 2, count: 3 };
    expect(parseSearchRequest({ schemas, ...members, attributes: ['a', 'b'], excludedAttributes: [] })).toEqual({
      ...members,
      attributes: 'a,b',
      excludedAttributes: '',
    });
    expect(parseSearchRequest({ schemas, cursor: '' })).toEqual({ cursor: '' });
  });

  it('should read names in any case, take null for absent and ignore what it does not know', () => {
    const body = { SCHEMAS: ['URN:IETF:params:scim:api:messages:2.0:SearchRequest', 1], SortBy: 'id', filter: null };
    expect(parseSearchRequest({ ...body, unknown: {}, ['__proto__x']: 1 })).toEqual({ sortBy: 'id' });
  });

  it.each<[unknown, string]>([
    [undefined, 'JSON object'],
    [[], 'JSON object'],
    ['text', 'JSON object'],
    [{}, 'schemas'],
    [{ schemas: [] }, 'schemas'],
    [{ schemas: MESSAGE_URNS.searchRequest }, 'schemas'],
    [{ schemas: [MESSAGE_URNS.patchOp] }, 'schemas'],
    [{ schemas, filter: 1 }, 'filter'],
    [{ schemas, sortBy: ['userName'] }, 'sortBy'],
    [{ schemas, sortOrder: true }, 'sortOrder'],
    [{ schemas, cursor: 7 }, 'cursor'],
    [{ schemas, startIndex: '1' }, 'startIndex'],
    [{ schemas, startIndex: 1.5 }, 'startIndex'],
    [{ schemas, count: {} }, 'count'],
    [{ schemas, attributes: 'userName' }, 'attributes'],
    [{ schemas, attributes: ['userName', 1] }, 'attributes'],
    [{ schemas, excludedAttributes: {} }, 'excludedAttributes'],
  ])('should refuse %j', (body, named) => {
    expect(() => parseSearchRequest(body)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidSyntax' }));
    expect(() => parseSearchRequest(body)).toThrow(named);
  });
});
