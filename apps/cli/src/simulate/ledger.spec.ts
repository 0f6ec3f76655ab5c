import { describe, expect, it } from '@jest/globals';

import { toCreateBody } from './attributes.js';
import { Ledger, LedgerEntry } from './ledger.js';
import { createPeople } from './people.js';

function createEntry(): LedgerEntry {
  const [entry] = new Ledger(createPeople(1, 1, 'contoso.example', 'default')).entries;
  if (entry === undefined) throw new Error('no entry');
  entry.link('u1');
  return entry;
}

describe(LedgerEntry.name, () => {
  it('should accept a resource that equals the state and name what differs', () => {
    const entry = createEntry();
    const resource = { ...toCreateBody(entry.state), id: 'u1' };
    expect(entry.differences(resource)).toEqual([]);
    expect(entry.differences({ ...resource, title: 'Other', id: 'u2' })).toEqual([
      'id is u2, not u1',
      'title is "Other", not "Employee"',
    ]);
  });

  it('should demand an acknowledged change', () => {
    const entry = createEntry();
    const before = { ...toCreateBody(entry.state), id: 'u1' };
    entry.acknowledge({ title: 'Chief' });
    expect(entry.differences(before)).toEqual(['title is "Employee", not "Chief"']);
  });

  it('should allow a doubtful change to hold or not, but not in half', () => {
    const entry = createEntry();
    const before = { ...toCreateBody(entry.state), id: 'u1' };
    entry.doubt({ title: 'Chief', displayName: 'Zoe' });
    expect(entry.differences(before)).toEqual([]);
    expect(entry.differences({ ...before, title: 'Chief', displayName: 'Zoe' })).toEqual([]);
    expect(entry.differences({ ...before, title: 'Chief' })).toEqual(['title is "Chief", not "Employee"']);
  });
});

describe(createPeople.name, () => {
  it('should make the same people for the same seed, each with an address of its own', () => {
    const people = createPeople(500, 9, 'contoso.example', 'both');
    const again = createPeople(500, 9, 'contoso.example', 'both');
    expect(again.map(({ joined }) => joined)).toEqual(people.map(({ joined }) => joined));
    expect(new Set(people.map(({ joined }) => String(joined.userName).toLowerCase())).size).toBe(500);
    expect(createPeople(1, 10, 'contoso.example', 'both')[0]?.joined).not.toEqual(people[0]?.joined);
  });
});
