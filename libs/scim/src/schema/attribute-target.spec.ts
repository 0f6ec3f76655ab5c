import { describe, expect, it } from '@jest/globals';
import { resolveAttribute, targetName } from './attribute-target.js';
import { userResourceType } from './resource-types.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

function nameOf(text: string): string {
  const found = resolveAttribute(text, userResourceType);
  return found.kind === 'attribute' ? targetName(found.target) : found.kind;
}

describe(resolveAttribute.name, () => {
  it.each([
    ['userName', 'userName'],
    ['USERNAME', 'userName'],
    ['Name.GIVENNAME', 'name.givenName'],
    [`${CORE}:name.familyName`, 'name.familyName'],
    [`${CORE.toUpperCase()}:UserName`, 'userName'],
    [`${ENTERPRISE}:department`, `${ENTERPRISE}:department`],
    [`${ENTERPRISE}:manager.value`, `${ENTERPRISE}:manager.value`],
    [`${ENTERPRISE}.department`, `${ENTERPRISE}:department`],
    ['manager', `${ENTERPRISE}:manager`],
    ['meta.lastModified', 'meta.lastModified'],
    ['emails.$ref', 'unknown'],
    ['members', 'unknown'],
    [ENTERPRISE, 'extension'],
    [CORE, 'resource'],
    [`${ENTERPRISE}:userName`, 'unknown'],
    [`${CORE}:department`, 'unknown'],
    [`${ENTERPRISE}x:department`, 'unknown'],
    ['urn:example:custom:1.0:User:x', 'unknown'],
    ['name.givenName.x', 'unknown'],
    ['userName.x', 'unknown'],
    ['nic\u212AName', 'unknown'],
    ['__proto__', 'unknown'],
    ['constructor.prototype', 'unknown'],
    ['toString', 'unknown'],
    ['', 'unknown'],
  ])('should resolve %p to %s', (text, expected) => {
    expect(nameOf(text)).toBe(expected);
  });
});
