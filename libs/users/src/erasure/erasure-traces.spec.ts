import { describe, expect, it } from '@jest/globals';
import { asTenantId } from '@cleanmail/database';
import { addFormerNames, addTraces, mentionsOf, noTraces, subjectDigests, withoutOthers } from './erasure-traces.js';

const resource = {
  userName: 'Anna@Contoso.example',
  externalId: 'e-77',
  displayName: 'Max',
  name: { givenName: 'Anna', familyName: 'Meier' },
  emails: [{ value: 'anna@home.example' }],
};
const user = { id: 'u1', version: 1, createdAt: 1, lastModified: 1, resource };
const traces = addTraces(noTraces, [user], []);

describe('the traces of a person', () => {
  it.each([
    ['A user with the userName "anna@contoso.example" exists.', true],
    ['ANNA MEIER was here', true],
    ['the id e-77, twice', true],
    ['hanna@contoso.example', false],
    ['anna@contoso.examples', false],
    ['e-771', false],
    ['Max says too little', false],
    ['Anna', false],
  ])('should be found as words of a text: %s', (text, expected) => {
    expect(mentionsOf(traces)(text)).toBe(expected);
  });

  it('should leave out what somebody else has by now', () => {
    const known = addFormerNames(traces, ['Old@contoso.example']);
    const own = withoutOthers(known, ['old@contoso.example']);
    expect([known.userNames, own.userNames]).toEqual([
      ['Anna@Contoso.example', 'Old@contoso.example'],
      ['Anna@Contoso.example'],
    ]);
    expect(mentionsOf(own)('old@contoso.example')).toBe(false);
  });

  it('should have digests that differ from tenant to tenant, and not by case or form of the address', () => {
    const [a, b] = [asTenantId('a'), asTenantId('b')];
    expect(subjectDigests(a, ' ANNA@Contoso.EXAMPLE')).toEqual(subjectDigests(a, 'anna@contoso.example'));
    expect(subjectDigests(a, 'anna@müller.example')).toEqual(
      expect.arrayContaining([...subjectDigests(a, 'anna@xn--mller-kva.example')]),
    );
    expect(subjectDigests(b, 'anna@contoso.example')).not.toEqual(subjectDigests(a, 'anna@contoso.example'));
  });
});
