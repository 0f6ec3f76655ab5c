import { describe, expect, it } from '@jest/globals';
import { groupResourceType } from '../resource-types.js';
import { checkCompatible } from './check-compatible.js';
import { readExtension } from './read-extension.js';
import { IncompatibleSchemaError } from './schema-issues.js';

const id = 'urn:example:team';
const desk = { name: 'desk', type: 'complex', subAttributes: [{ name: 'floor', type: 'integer' }, { name: 'seat' }] };
const read = (attributes: readonly object[], changes: object = {}) =>
  readExtension({ id, attributes, ...changes }, { resourceType: groupResourceType, otherUrns: [] });
const before = read([{ name: 'badge' }, desk]);

function issuesOf(attributes: readonly object[], changes: object = {}): readonly string[] {
  try {
    checkCompatible(before, read(attributes, changes));
  } catch (error) {
    if (error instanceof IncompatibleSchemaError) return error.issues.map(({ path, problem }) => `${path} ${problem}`);
    throw error;
  }
  return [];
}

describe(checkCompatible.name, () => {
  it('should take more attributes, other words and another required', () => {
    const changed = { name: 'badge', description: 'Number', canonicalValues: ['1'], required: true };
    const more = { ...desk, subAttributes: [...desk.subAttributes, { name: 'lamp', type: 'boolean' }] };
    expect(issuesOf([more, { name: 'locker' }, changed], { name: 'Other', description: 'Other' })).toEqual([]);
  });

  it.each<[string, readonly object[], readonly string[]]>([
    ['another type', [{ name: 'badge', type: 'integer' }, desk], ['badge must keep type string']],
    ['several values', [{ name: 'badge', multiValued: true }, desk], ['badge must keep multiValued false']],
    ['case that counts', [{ name: 'badge', caseExact: true }, desk], ['badge must keep caseExact false']],
    ['another returned', [{ name: 'badge', returned: 'never' }, desk], ['badge must keep returned default']],
    ['another mutability', [{ name: 'badge', mutability: 'immutable' }, desk], ['badge must keep mutability readWrite']],
    ['another spelling', [{ name: 'Badge' }, desk], ['badge must not become Badge: values are stored under the name as it is spelled']],
    ['one attribute less', [{ name: 'badge' }], ['desk must not be removed']],
    ['one part less', [{ name: 'badge' }, { ...desk, subAttributes: [{ name: 'seat' }] }], ['desk.floor must not be removed']],
    ['a part of another type', [{ name: 'badge' }, { ...desk, subAttributes: [{ name: 'floor' }, { name: 'seat' }] }], ['desk.floor must keep type integer']],
    ['all of it', [{ name: 'desk' }], ['badge must not be removed', 'desk must keep type complex', 'desk.floor must not be removed', 'desk.seat must not be removed']],
  ])('should refuse %s', (_what, attributes, issues) => {
    expect(issuesOf(attributes)).toEqual(issues);
  }); // prettier-ignore

  it('should refuse another spelling of the URN, and say what to do', () => {
    expect(issuesOf([{ name: 'badge' }, desk], { id: 'urn:example:TEAM' })).toEqual([
      'id must be spelled urn:example:team, as it was registered',
    ]);
    expect(() => checkCompatible(before, read([desk]))).toThrow(/badge must not be removed\. .*under another URN\.$/);
  });
});
