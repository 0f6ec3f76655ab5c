import { describe, expect, it } from '@jest/globals';
import { userResourceType } from '../schema/resource-types.js';
import { matches } from './matches.js';
import { parseFilter } from './parse-filter.js';
import { resolveFilter } from './resolve-filter.js';

const user = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id: '7d42',
  userName: 'Noémie.Hoppe@Schaefer.US',
  externalId: 'abc',
  active: false,
  name: { familyName: '😀' },
  emails: [
    { value: 'n@work.ch', type: 'work', primary: true },
    { value: 'n@home.ch', type: 'home' },
  ],
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager: { value: '26' } },
  meta: { created: '2026-01-01T01:00:00+01:00' },
};

describe(matches.name, () => {
  it.each([
    ['userName eq "NOÉMIE.HOPPE@SCHAEFER.US"', true],
    ['userName eq "Noemie.Hoppe@Schaefer.US"', false],
    ['userName co "HOPPE"', true],
    ['userName sw "noé"', true],
    ['userName ew ".us"', true],
    ['userName ew "us "', false],
    ['externalId eq "ABC"', false],
    ['externalId eq abc', true],
    ['active eq false', true],
    ['active ne false', false],
    ['active pr', true],
    ['title pr', false],
    ['title eq null', true],
    ['title ne "x"', true],
    ['title eq "x"', false],
    ['title gt ""', false],
    ['emails.type eq "home"', true],
    ['emails ne "n@work.ch"', false],
    ['emails[type eq "home" and value co "work"]', false],
    ['emails[type eq "work" and value co "work"]', true],
    ['emails[type eq "home"].value eq "N@HOME.CH"', true],
    ['emails[not (type eq "work")]', true],
    ['emails[primary eq "True"]', true],
    ['emails pr', true],
    ['phoneNumbers pr', false],
    ['phoneNumbers[type eq "work"]', false],
    ['not (phoneNumbers[type eq "work"])', true],
    ['manager eq "26" and id eq "7d42"', true],
    ['manager eq "27"', false],
    ['name pr', true],
    ['name.familyName gt "\uff5e"', true],
    ['name.familyName le "😀"', true],
    ['name.familyName lt "😀"', false],
    ['userName ge "noémie.hoppe@schaefer.us"', true],
    ['meta.created eq "2026-01-01T00:00:00Z"', true],
    ['meta.created lt "2026-01-01T00:00:00.001Z"', true],
    ['schemas eq "URN:ietf:params:scim:schemas:core:2.0:user"', true],
    ['userName eq "x" or active eq false and id pr', true],
    ['(userName eq "x" or active eq false) and title pr', false],
    ['userName co "%"', false],
  ])('should find %s %p', (text, expected) => {
    expect(matches(resolveFilter(parseFilter(text), userResourceType), user)).toBe(expected);
  });
});
