import { describe, expect, it } from '@jest/globals';
import { userResourceType } from '../schema/resource-types.js';
import { equalResources } from './equal-resources.js';
import { searchDocument } from './search-document.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe(searchDocument.name, () => {
  it('should fold, normalise and leave out the password', () => {
    const user = {
      id: 'Ab',
      userName: 'ANNA',
      externalId: 'ABC',
      active: false,
      password: 'x',
      unknown: 'y',
      emails: [{ value: 'A@B', primary: true }],
      [ENTERPRISE]: { department: 'Sales', manager: { value: 'X1' } },
      meta: { created: '2026-01-01T01:00:00+01:00', location: '/Users/Ab' },
    };
    expect(searchDocument(user, userResourceType)).toStrictEqual({
      id: 'Ab',
      externalId: 'ABC',
      meta: { created: '2026-01-01T00:00:00.000Z', location: '/Users/Ab' },
      userName: 'anna',
      active: false,
      emails: [{ value: 'a@b', primary: true }],
      [ENTERPRISE]: { department: 'sales', manager: { value: 'X1' } },
    });
  });
});

describe(equalResources.name, () => {
  it.each<[boolean, Record<string, never> | object, object]>([
    [true, { a: 1, b: 'x' }, { b: 'x', a: 1 }],
    [true, { l: [{ v: 1, w: 2 }, { v: 2 }] }, { l: [{ v: 2 }, { w: 2, v: 1 }] }],
    [false, { l: [{ v: 1 }, { v: 1 }, { v: 2 }] }, { l: [{ v: 1 }, { v: 2 }, { v: 2 }] }],
    [false, { l: ['a', 'b'] }, { l: ['a,b'] }],
    [false, { a: 'X' }, { a: 'x' }],
    [false, { a: 1 }, { a: '1' }],
    [false, { a: 1 }, { b: 1 }],
    [false, { a: 1 }, {}],
    [false, { toString: 1 }, {}],
  ])('should say %p', (expected, a, b) => {
    expect(equalResources(a as never, b as never)).toBe(expected);
    expect(equalResources(b as never, a as never)).toBe(expected);
  });
});
