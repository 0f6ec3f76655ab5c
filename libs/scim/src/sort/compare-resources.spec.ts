import { describe, expect, it } from '@jest/globals';
import type { ScimResource } from '../resource/resource.js';
import { userResourceType } from '../schema/resource-types.js';
import { compareResources, sortValue } from './compare-resources.js';
import { resolveSort } from './resolve-sort.js';
import type { SortOrder } from './resolved-sort.js';

function sortBy(name: string, order: SortOrder = 'ascending') {
  const target = resolveSort(name, order, [userResourceType])?.targets.get(userResourceType);
  if (target === undefined) throw new Error(name);
  return { target, order };
}

function idsBy(name: string, order: SortOrder, resources: readonly ScimResource[]): string {
  return [...resources]
    .sort(compareResources(sortBy(name, order)))
    .map(({ id }) => id as string)
    .join(' ');
}

describe(compareResources.name, () => {
  const people: readonly ScimResource[] = [
    { id: '1', userName: 'b', title: 'x', externalId: 'b' },
    { id: '2', userName: 'C', externalId: 'C' },
    { id: '3', userName: 'a', title: 'X', externalId: 'a' },
  ];

  it.each<[string, SortOrder, string]>([
    ['userName', 'ascending', '3 1 2'],
    ['userName', 'descending', '2 1 3'],
    ['externalId', 'ascending', '2 3 1'],
    ['title', 'ascending', '1 3 2'],
    ['title', 'descending', '2 3 1'],
    ['nickName', 'ascending', '1 2 3'],
    ['nickName', 'descending', '3 2 1'],
    ['id', 'descending', '3 2 1'],
  ])('should sort by %s %s', (name, order, expected) => {
    expect(idsBy(name, order, people)).toBe(expected);
  });

  it('should order text by code point', () => {
    const names = ['\uffef', '😀', 'z', 'é'].map((displayName, id) => ({ id: String(id), displayName }));
    expect(idsBy('displayName', 'ascending', names)).toBe('2 3 0 1');
  });

  it('should order dateTimes as instants, whatever their offsets', () => {
    const times = ['2026-01-01T01:00:00+02:00', '2026-01-01T00:00:00Z', '2025-12-31T22:59:59Z'];
    const resources = times.map((created, id) => ({ id: String(id), meta: { created } }));
    expect(idsBy('meta.created', 'ascending', resources)).toBe('2 0 1');
  });
});

describe(sortValue.name, () => {
  const valueOf = (name: string, resource: ScimResource) => sortValue(resource, sortBy(name).target);
  const [home, work] = [{ value: 'H@x', type: 'home' }, { value: 'w@x' }];

  it.each<[string, ScimResource, unknown]>([
    ['emails', { emails: [home, { ...work, primary: true }] }, 'w@x'],
    ['emails', { emails: [home, { ...work, primary: false }] }, 'h@x'],
    ['emails.type', { emails: [home, { ...work, primary: true }] }, undefined],
    ['emails.type', { emails: [home, work] }, 'home'],
    ['emails', { emails: [] }, undefined],
    ['emails', {}, undefined],
    ['schemas', { schemas: ['B', 'a'] }, 'b'],
    ['active', { active: false }, false],
    ['title', { title: `${'ä'.repeat(639)}😀x` }, `${'ä'.repeat(639)}😀`],
  ])('should be of %s in %j', (name, resource, expected) => {
    expect(valueOf(name, resource)).toBe(expected);
  });
});
