import { describe, expect, it } from '@jest/globals';
import type { ScimResource } from '../resource/resource.js';
import { groupResourceType } from '../schema/resource-types.js';
import { applyPatch } from './apply-patch.js';
import { normaliseOperations } from './normalise/normalise-operations.js';
import { parsePatchRequest } from './operation.js';
import { type ElementPlan, elementValues, planElements } from './plan-elements.js';

function normalised(operations: readonly unknown[]) {
  return normaliseOperations(parsePatchRequest({ Operations: operations }), groupResourceType);
}

function plan(...operations: readonly unknown[]): ElementPlan {
  return planElements(normalised(operations), 'members', groupResourceType);
}

const add = (...ids: readonly string[]) => ({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) });
const drop = (...ids: readonly string[]) => ({ op: 'remove', path: 'members', value: ids.map((value) => ({ value })) });
const select = (filter: string) => ({ op: 'remove', path: `members[${filter}]` });
const set = (...ids: readonly string[]) => ({ op: 'replace', path: 'members', value: ids });
const clear = { op: 'remove', path: 'members' };

describe(planElements.name, () => {
  it.each<[string, readonly unknown[], readonly string[], readonly string[]]>([
    ['an addition', [add('a', 'b')], ['a', 'b'], []],
    ['an addition with $ref null and as bare texts', [{ op: 'Add', path: 'members', value: [{ $ref: null, value: 'a' }, 'b'] }], ['a', 'b'], []],
    ['an addition of one object', [{ op: 'add', path: 'members', value: { value: 'a' } }], ['a'], []],
    ['an addition without path', [{ op: 'add', value: { members: [{ value: 'a' }] } }], ['a'], []],
    ['the same member twice', [add('a', 'a'), add('a')], ['a'], []],
    ['a removal by member array', [drop('a', 'b')], [], ['a', 'b']],
    ['a removal by value path', [select('value eq "a"'), select('VALUE eq "B"')], [], ['a', 'B']],
    ['a removal of several by one path', [select('value eq "a" or value eq "b" or value eq "c"')], [], ['a', 'b', 'c']],
    ['an addition that is taken back', [add('a', 'b'), drop('b')], ['a'], ['b']],
    ['a removal that is taken back', [drop('a', 'b'), add('b')], ['b'], ['a']],
  ])('should fold %s into one difference', (_, operations, added, removed) => {
    const { elements, attributes } = plan(...operations);
    expect(attributes).toEqual([]);
    expect(elements).toEqual({ kind: 'delta', added: new Set(added), removed: new Set(removed) });
  }); // prettier-ignore

  it.each<[string, readonly unknown[], readonly string[]]>([
    ['a replacement', [set('a', 'b')], ['a', 'b']],
    ['a replacement by nothing', [set()], []],
    ['a removal of all', [clear], []],
    ['what comes after a replacement', [add('x'), set('a', 'b'), drop('b', 'y'), add('c')], ['a', 'c']],
    ['the last of two replacements', [set('a'), set('b')], ['b']],
    ['an addition after all were removed', [clear, add('a')], ['a']],
  ])('should fold %s into the whole', (_, operations, values) => {
    expect(plan(...operations).elements).toEqual({ kind: 'whole', values: new Set(values) });
  });

  it.each([
    ['nothing at all', { op: 'add', path: 'members', value: [] }],
    ['a removal of nobody', { op: 'remove', path: 'members', value: [] }],
    ['another attribute', { op: 'replace', path: 'displayName', value: 'members' }],
    ['an attribute that is not known', { op: 'add', path: 'members[shoeSize eq 43]', value: { value: 'a' } }],
  ])('should see no change of elements in %s', (_, operation) => {
    expect(plan(operation).elements).toEqual({ kind: 'none' });
  });

  it.each([
    ['a path by another part', select('type eq "User"')],
    ['a path by value and another part', select('value eq "a" and type eq "User"')],
    ['a path by a part of the value', select('value sw "a"')],
    ['a negation', select('not (value eq "a")')],
    ['a part of all', { op: 'replace', path: 'members.display', value: 'x' }],
    ['a part of one', { op: 'replace', path: 'members[value eq "a"].display', value: 'x' }],
    ['one as a whole', { op: 'add', path: 'members[value eq "a"]', value: { display: 'x' } }],
  ])('should leave %s, with all others on the elements, to the engine', (_, operation) => {
    const { elements, attributes } = plan(add('a'), { op: 'replace', path: 'displayName', value: 'G' }, operation);
    expect(attributes).toEqual([{ op: 'replace', path: 'displayName', value: 'G' }]);
    expect(elements).toEqual({ kind: 'operations', operations: [add('a'), operation] });
  });

  it('should keep the operations on other attributes in their order', () => {
    const { attributes, elements } = plan(
      { op: 'replace', value: { externalId: 'e', members: ['a'], displayName: 'One' } },
      { op: 'remove', path: 'externalId' },
    );
    expect(attributes).toEqual([
      { op: 'replace', path: 'externalId', value: 'e' },
      { op: 'replace', path: 'displayName', value: 'One' },
      { op: 'remove', path: 'externalId' },
    ]);
    expect(elements).toEqual({ kind: 'whole', values: new Set(['a']) });
  });

  it.each([
    [{ op: 'add', path: 'members', value: [{ display: 'nobody' }] }, /members\[0\]\.value is required/],
    [{ op: 'add', path: 'members', value: [{ value: 'a' }, 7, { value: 8 }] }, /members\[1\]/],
    [{ op: 'add', path: 'members' }, /needs a value/],
  ])('should refuse %p', (operation, detail) => {
    expect(() => plan(operation)).toThrow(expect.objectContaining({ scimType: 'invalidValue' }));
    expect(() => plan(operation)).toThrow(detail);
  });

  it('should come to what the engine comes to, whatever the order', () => {
    const steps = [add('a', 'b'), drop('b'), set('b', 'c'), clear, add('c'), select('value eq "a" or value eq "c"')];
    for (let number = 0; number < steps.length ** 4; number += 1) {
      const operations = Array.from({ length: 4 }, (_, place) => steps[Math.floor(number / steps.length ** place) % steps.length]);
      const before = ['a', 'd'];
      const group: ScimResource = { displayName: 'G', members: before.map((value) => ({ value })) };
      const after = applyPatch(group, normalised(operations), groupResourceType).resource['members'];
      expect(applied(plan(...operations), before)).toEqual([...elementValues(after, 'members')].sort());
    }
  }); // prettier-ignore
});

/** What a difference or a whole makes of a set. */
function applied({ elements }: ElementPlan, before: readonly string[]): readonly string[] {
  switch (elements.kind) {
    case 'delta':
      return [...new Set([...before.filter((id) => !elements.removed.has(id)), ...elements.added])].sort();
    case 'whole':
      return [...elements.values].sort();
    case 'none':
      return before;
    case 'operations':
      throw new Error('these operations are all on sets');
  }
}
