import { describe, expect, it } from '@jest/globals';
import { ScimError } from '../errors/scim-error.js';
import { targetName } from '../schema/attribute-target.js';
import { userResourceType } from '../schema/resource-types.js';
import { parsePath } from './parse-path.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

function brief(text: string): string {
  const path = parsePath(text, userResourceType);
  switch (path.kind) {
    case 'attribute':
      return targetName(path.target);
    case 'elements':
      return `${targetName(path.target)}[]${path.subAttribute === undefined ? '' : `.${path.subAttribute.name}`}`;
    case 'resource':
    case 'extension':
    case 'unknown':
      return path.kind;
  }
}

describe(parsePath.name, () => {
  it.each([
    ['userName', 'userName'],
    [' userName ', 'userName'],
    ['NAME.familyname', 'name.familyName'],
    ['emails[type eq "work"].value', 'emails[].value'],
    ['Emails[ Type EQ "work" ]', 'emails[]'],
    ['roles[primary eq "True"].display', 'roles[].display'],
    ['addresses[type eq "a]b"].formatted', 'addresses[].formatted'],
    ['manager[value eq "1"].$ref', `${ENTERPRISE}:manager[].$ref`],
    [`${ENTERPRISE}:manager`, `${ENTERPRISE}:manager`],
    [`${ENTERPRISE}:employeeNumber`, `${ENTERPRISE}:employeeNumber`],
    [`${CORE}:emails[type eq "work"].value`, 'emails[].value'],
    [ENTERPRISE.toLowerCase(), 'extension'],
    [CORE, 'resource'],
    ['favouriteColour', 'unknown'],
    ['favouriteColour[x eq 1].y', 'unknown'],
    ['emails[type eq "work"].foo', 'unknown'],
    ['emails[foo eq "work"].value', 'unknown'],
    ['emails[not (foo pr) or type pr]', 'unknown'],
    ['urn:example:custom:1.0:User:x', 'unknown'],
    ['http://schemas.example/2.0/User:x', 'unknown'],
    ['__proto__.x', 'unknown'],
    ['constructor.prototype.x', 'unknown'],
  ])('should read %s as %s', (text, expected) => {
    expect(brief(text)).toBe(expected);
  });

  it.each([
    '',
    'emails[type eq',
    'emails[type eq "work"',
    'emails[type eq "work"]value',
    'emails[type eq "work"].',
    'emails[type eq "work"].value.x[',
    'emails[type[x pr]]',
    'emails[]',
    'emails]',
    'name..x.',
    '.name',
    '/name/givenName',
    'user name',
    '"userName"',
    'userName[value eq "x"]',
    'emails[primary eq "maybe"]',
    'emails[primary gt true]',
    'a'.repeat(5000),
    'emails['.repeat(500),
  ])('should refuse %p', (text) => {
    expect(() => parsePath(text, userResourceType)).toThrow(ScimError);
    expect(() => parsePath(text, userResourceType)).toThrow(expect.objectContaining({ scimType: 'invalidPath' }));
  });
});
