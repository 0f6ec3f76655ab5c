import { describe, expect, it } from '@jest/globals';
import type { ScimResource } from '../resource/resource.js';
import { groupResourceType } from '../schema/resource-types.js';
import type { PatchResult } from './apply-patch.js';
import { patchResource } from './apply-patch.js';

function patch(group: ScimResource, ...operations: readonly unknown[]): PatchResult {
  return patchResource(group, { Operations: operations }, groupResourceType);
}

const group = { displayName: 'G', members: [{ value: 'u1', type: 'User' }, { value: 'u2' }] };

describe('PATCH of a group', () => {
  it.each<[string, object, readonly unknown[]]>([
    ['add a member (G06)', { op: 'Add', path: 'members', value: [{ $ref: null, value: 'u3' }] }, ['u1', 'u2', 'u3']],
    ['add a member again', { op: 'Add', path: 'members', value: [{ value: 'u2', display: 'Two' }] }, ['u1', 'u2']],
    ['add members as texts', { op: 'add', path: 'members', value: ['u3', 'u1', 'u3'] }, ['u1', 'u2', 'u3']],
    ['tell ids apart by case', { op: 'add', path: 'members', value: ['U1'] }, ['u1', 'u2', 'U1']],
    ['remove a listed member (G07)', { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'u1' }] }, ['u2']],
    ['remove by filter (G08)', { op: 'remove', path: 'members[value eq "u1"]' }, ['u2']],
    ['remove nobody by an empty list', { op: 'remove', path: 'members', value: [] }, ['u1', 'u2']],
    ['remove nobody who is not there', { op: 'remove', path: 'members', value: [{ value: 'u9' }] }, ['u1', 'u2']],
    ['replace the members (G11)', { op: 'replace', path: 'members', value: [{ value: 'u9' }, 'u9'] }, ['u9']],
    ['remove all', { op: 'remove', path: 'members' }, []],
  ])('should %s', (_, operation, expected) => {
    const members = (patch(group, operation).resource['members'] ?? []) as readonly { readonly value: string }[];
    expect(members.map(({ value }) => value)).toEqual(expected);
  });

  it('should apply in order (G12)', () => {
    const result = patch(
      group,
      { op: 'add', path: 'members', value: [{ value: 'u3' }] },
      { op: 'remove', path: 'members[value eq "u3"]' },
    );
    expect(result.changed).toEqual([]);
  });

  it('should fill in what a known member lacks, and change nothing of it', () => {
    const result = patch(group, {
      op: 'add',
      path: 'members',
      value: [{ value: 'u1', type: 'Group', display: 'One' }],
    });
    expect(result.resource['members']).toEqual([{ value: 'u1', type: 'User', display: 'One' }, { value: 'u2' }]);
  });

  it.each([
    [{ op: 'replace', path: 'members[value eq "u1"].value', value: 'u9' }],
    [{ op: 'replace', path: 'members[value eq "u1"]', value: { value: 'u9' } }],
    [{ op: 'replace', path: 'members[value eq "u1"].type', value: 'Group' }],
  ])('should not turn one member into another: %p', (operation) => {
    expect(() => patch(group, operation)).toThrow(expect.objectContaining({ scimType: 'mutability' }));
  });

  it('should replace what may be replaced of a selected member', () => {
    const value = { value: 'u1', display: 'One' };
    const result = patch(group, { op: 'replace', path: 'members[value eq "u1"]', value });
    expect(result.resource['members']).toEqual([{ value: 'u1', type: 'User', display: 'One' }, { value: 'u2' }]);
  });

  it('should keep the members when the externalId changes (G15)', () => {
    expect(patch(group, { op: 'replace', value: { externalId: 'e' } })).toEqual({
      resource: { ...group, externalId: 'e' },
      changed: ['externalId'],
    });
  });
});

describe('PATCH of a group of 50,000', () => {
  const members = Array.from({ length: 50_000 }, (_, index) => ({ value: `user-${index}`, type: 'User' }));
  const large = { displayName: 'Everybody', members };
  const half = members.slice(0, 25_000).map(({ value }) => ({ value, $ref: null }));

  it.each<[string, readonly unknown[], number]>([
    ['1000 removals by filter', half.slice(0, 1000).map(({ value }) => ({ op: 'remove', path: `members[value eq "${value}"]` })), 49_000],
    ['a list of 25,000 removals', [{ op: 'Remove', path: 'members', value: half }], 25_000],
    ['1000 additions', half.slice(0, 1000).map(({ value }) => ({ op: 'add', path: 'members', value: [{ value: `new-${value}` }] })), 51_000],
    ['50,000 additions that are there already', [{ op: 'add', path: 'members', value: members }], 50_000],
    ['all in another order', [{ op: 'replace', path: 'members', value: [...members].reverse() }], 50_000],
  ])('should take %s in linear time', (_, operations, count) => {
    const start = performance.now();
    const result = patch(large, ...operations);
    expect(result.resource['members']).toHaveLength(count);
    expect(performance.now() - start).toBeLessThan(10_000);
  }); // prettier-ignore

  it('should refuse operations that look at every member again and again', () => {
    const operations = Array.from({ length: 1000 }, () => ({ op: 'remove', path: 'members[display co "x"]' }));
    expect(() => patch(large, ...operations)).toThrow(expect.objectContaining({ scimType: 'tooMany' }));
  });
});
