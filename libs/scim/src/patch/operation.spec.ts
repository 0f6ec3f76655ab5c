import { describe, expect, it } from '@jest/globals';
import { parsePatchRequest } from './operation.js';

describe(parsePatchRequest.name, () => {
  it.each<[string, unknown, unknown]>([
    [
      'capitalised operations before schemas (U03, U06)',
      { Operations: [{ op: 'Add', path: 'a', value: 'b' }], schemas: ['x'] },
      [{ op: 'add', path: 'a', value: 'b' }],
    ],
    ['no schemas (U68)', { Operations: [{ op: 'REMOVE', path: 'a' }] }, [{ op: 'remove', path: 'a' }]],
    [
      'extra members (U69)',
      { id: '1', Operations: [{ name: 'x', op: 'replace', path: 'a', value: false }] },
      [{ op: 'replace', path: 'a', value: false }],
    ],
    [
      'member names in any case',
      { operations: [{ OP: 'replace', Path: 'a', Value: null }] },
      [{ op: 'replace', path: 'a', value: null }],
    ],
    ['no path', { Operations: [{ op: 'add', path: null, value: {} }] }, [{ op: 'add', value: {} }]],
    ['a blank path', { Operations: [{ op: 'add', path: ' ', value: {} }] }, [{ op: 'add', value: {} }]],
  ])('should read %s', (_, body, expected) => {
    expect(parsePatchRequest(body)).toStrictEqual(expected);
  });

  it.each<[string, unknown]>([
    ['an unknown op (U58)', { Operations: [{ op: 'move', path: 'active', value: false }] }],
    ['no op', { Operations: [{ path: 'active', value: false }] }],
    ['an op that is no text', { Operations: [{ op: 1 }] }],
    ['no Operations', { schemas: [] }],
    ['no operation', { Operations: [] }],
    ['Operations that are an object', { Operations: {} }],
    ['an operation that is a text', { Operations: ['add'] }],
    ['a list as body', [{ op: 'add' }]],
    ['null', null],
    ['1001 operations', { Operations: Array.from({ length: 1001 }, () => ({ op: 'remove', path: 'a' })) }],
  ])('should refuse %s', (_, body) => {
    expect(() => parsePatchRequest(body)).toThrow(expect.objectContaining({ scimType: 'invalidSyntax' }));
  });

  it('should refuse a path that is no text', () => {
    expect(() => parsePatchRequest({ Operations: [{ op: 'remove', path: ['a'] }] })).toThrow(
      expect.objectContaining({ scimType: 'invalidPath' }),
    );
  });
});
