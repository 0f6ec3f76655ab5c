import { describe, expect, it } from '@jest/globals';
import { ScimError } from '../errors/scim-error.js';
import { targetName } from '../schema/attribute-target.js';
import { groupResourceType, userResourceType } from '../schema/resource-types.js';
import { parseFilter } from './parse-filter.js';
import { resolveFilter } from './resolve-filter.js';
import type { ResolvedFilter } from './resolved-filter.js';

function resolve(text: string): ResolvedFilter {
  return resolveFilter(parseFilter(text), userResourceType);
}

/** A resolved filter in short, to be compared with. */
function brief(filter: ResolvedFilter): unknown {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return [filter.kind, ...filter.operands.map(brief)];
    case 'not':
      return ['not', brief(filter.operand)];
    case 'present':
      return `${targetName(filter.target)} pr`;
    case 'comparison':
      return [targetName(filter.target), filter.operator, filter.value];
    case 'valuePath':
      return [filter.attribute.name, '[]', brief(filter.filter)];
  }
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe(resolveFilter.name, () => {
  it.each<[string, unknown]>([
    ['USERNAME EQ "Anna@X.ch"', ['userName', 'eq', 'anna@x.ch']],
    ['externalId eq "ABC"', ['externalId', 'eq', 'ABC']],
    ['externalId eq 42', ['externalId', 'eq', '42']],
    ['externalId eq 1.50', ['externalId', 'eq', '1.50']],
    ['title eq true', ['title', 'eq', 'true']],
    ['active eq True', ['active', 'eq', true]],
    ['active eq "False"', ['active', 'eq', false]],
    ['active ne true', ['not', ['active', 'eq', true]]],
    ['title eq null', ['not', 'title pr']],
    ['title ne null', 'title pr'],
    ['name eq null', ['not', 'name pr']],
    ['meta.lastModified gt "2011-05-13T06:42:34+02:00"', ['meta.lastModified', 'gt', '2011-05-13T04:42:34.000Z']],
    ['id eq "A"', ['id', 'eq', 'A']],
    ['schemas eq "URN:X"', ['schemas', 'eq', 'urn:x']],
    ['emails eq "A@b"', ['emails.value', 'eq', 'a@b']],
    ['emails.type eq "Work"', ['emails.type', 'eq', 'work']],
    ['manager eq "26"', [`${ENTERPRISE}:manager.value`, 'eq', '26']],
    [`${ENTERPRISE}:department sw "S"`, [`${ENTERPRISE}:department`, 'sw', 's']],
    ['x509Certificates.value co "AB"', ['x509Certificates.value', 'co', 'AB']],
    ['name pr', 'name pr'],
    [
      'emails[type eq "work"].value eq "A"',
      ['emails', '[]', ['and', ['emails.type', 'eq', 'work'], ['emails.value', 'eq', 'a']]],
    ],
    ['name[familyName eq "M"]', ['name', '[]', ['name.familyName', 'eq', 'm']]],
    ['schemas[value sw "urn"]', ['schemas', '[]', ['schemas', 'sw', 'urn']]],
  ])('should resolve %s', (text, expected) => {
    expect(brief(resolve(text))).toEqual(expected);
  });

  it('should keep the value as it was written beside the comparable one', () => {
    expect(resolve('emails.type eq "Work"')).toMatchObject({ value: 'work', literal: 'Work' });
  });

  it.each([
    ['favouriteColour eq "blue"', 'favouriteColour'],
    ['password eq "x"', 'password'],
    ['password pr', 'password'],
    ['active gt true', 'active'],
    ['active co "t"', 'active'],
    ['active eq "yes"', 'active'],
    ['active eq 1', 'active'],
    ['name eq "x"', 'name'],
    ['meta.created gt "yesterday"', 'meta.created'],
    ['meta.created sw "2011"', 'meta.created'],
    ['x509Certificates.value gt "AB"', 'x509Certificates.value'],
    ['emails[foo eq "x"]', 'foo'],
    ['emails[emails.type eq "x"]', 'emails.type'],
    ['userName[value eq "x"]', 'userName'],
    ['name.givenName[value eq "x"]', 'name.givenName'],
    ['members.value eq "x"', 'members.value'],
    ['__proto__.x eq "a"', '__proto__'],
    ['constructor eq "a"', 'constructor'],
    [`${ENTERPRISE} pr`, 'enterprise'],
  ])('should refuse %s and name the attribute', (text, name) => {
    const attempt = (): unknown => resolve(text);
    expect(attempt).toThrow(ScimError);
    expect(attempt).toThrow(expect.objectContaining({ scimType: 'invalidFilter' }));
    expect(attempt).toThrow(name);
  });

  it('should resolve the members of a group', () => {
    expect(brief(resolveFilter(parseFilter('members eq "U1"'), groupResourceType))).toEqual([
      'members.value',
      'eq',
      'U1',
    ]);
  });
});
