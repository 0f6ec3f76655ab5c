import { describe, expect, it } from '@jest/globals';
import type { ScimResource } from '../resource/resource.js';
import { withAttribute } from '../schema/derive.js';
import type { ResourceType } from '../schema/definition.js';
import { userResourceType } from '../schema/resource-types.js';
import type { PatchResult } from './apply-patch.js';
import { applyPatch, patchResource } from './apply-patch.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const anna: ScimResource = Object.freeze({
  userName: 'anna@contoso.ch',
  active: true,
  externalId: 'a1',
  name: Object.freeze({ givenName: 'Anna', familyName: 'Meier' }),
  emails: Object.freeze([
    Object.freeze({ value: 'anna@contoso.ch', type: 'work', primary: true }),
    Object.freeze({ value: 'anna@home.ch', type: 'home' }),
  ]),
  addresses: Object.freeze([Object.freeze({ type: 'work', formatted: 'Here', primary: true })]),
  [ENTERPRISE]: Object.freeze({ department: 'Sales', manager: Object.freeze({ value: '7', $ref: '../Users/7' }) }),
});
const [work, home] = anna['emails'] as readonly [object, object];

function patch(operations: readonly unknown[], resource = anna, type: ResourceType = userResourceType): PatchResult {
  return patchResource(resource, { Operations: operations }, type);
}

describe(applyPatch.name, () => {
  it.each<[string, object, Record<string, unknown>, readonly string[]]>([
    ['set a simple value', { op: 'replace', path: 'title', value: 'T' }, { title: 'T' }, ['title']],
    ['keep a value that is called invalid', { op: 'add', path: 'title', value: 'invalid' }, { title: 'invalid' }, ['title']],
    ['disable with "False" (U04)', { op: 'Replace', path: 'active', value: 'False' }, { active: false }, ['active']],
    ['disable with Add (U06)', { op: 'Add', path: 'active', value: 'FALSE' }, { active: false }, ['active']],
    ['disable by a list (U10)', { op: 'Replace', path: 'active', value: [{ $ref: null, value: 'False' }] }, { active: false }, ['active']],
    ['disable without path (U08)', { op: 'Replace', value: { active: 'False' } }, { active: false }, ['active']],
    ['rename by a list (U67)', { op: 'Replace', path: 'userName', value: [{ value: 'arr@contoso.ch' }] }, { userName: 'arr@contoso.ch' }, ['userName']],
    ['change the case of a userName (U54)', { op: 'Replace', path: 'userName', value: 'Anna@contoso.ch' }, { userName: 'Anna@contoso.ch' }, ['userName']],
    ['merge a complex value', { op: 'replace', path: 'name', value: { givenName: 'B' } }, { name: { givenName: 'B', familyName: 'Meier' } }, ['name.givenName']],
    ['clear inside a complex value', { op: 'replace', path: 'name', value: { givenName: null, familyName: 'X' } }, { name: { familyName: 'X' } }, ['name.familyName', 'name.givenName']],
    ['clear a complex value (U38)', { op: 'replace', path: 'name', value: null }, { name: undefined }, ['name.familyName', 'name.givenName']],
    ['set a sub-attribute behind the core URN (U24)', { op: 'Replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName', value: 'Z' }, { name: { givenName: 'Anna', familyName: 'Z' } }, ['name.familyName']],
    ['set an extension attribute', { op: 'add', path: `${ENTERPRISE}:division`, value: 'D' }, { [ENTERPRISE]: { ...(anna[ENTERPRISE] as object), division: 'D' } }, [`${ENTERPRISE}:division`]],
    ['drop the $ref of another manager (U31)', { op: 'Add', path: `${ENTERPRISE}:manager`, value: '271' }, { [ENTERPRISE]: { department: 'Sales', manager: { value: '271' } } }, [`${ENTERPRISE}:manager.$ref`, `${ENTERPRISE}:manager.value`]],
    ['take a manager in a list (U36)', { op: 'Add', path: 'manager', value: [{ $ref: 'r', value: '8' }] }, { [ENTERPRISE]: { department: 'Sales', manager: { $ref: 'r', value: '8' } } }, [`${ENTERPRISE}:manager.$ref`, `${ENTERPRISE}:manager.value`]],
    ['remove the manager (U34)', { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '' } }, { [ENTERPRISE]: { department: 'Sales' } }, [`${ENTERPRISE}:manager.$ref`, `${ENTERPRISE}:manager.value`]],
    ['remove an extension', { op: 'remove', path: ENTERPRISE }, { [ENTERPRISE]: undefined }, [`${ENTERPRISE}:department`, `${ENTERPRISE}:manager.$ref`, `${ENTERPRISE}:manager.value`]],
    ['set the work address (U01)', { op: 'Replace', path: 'emails[type eq "work"].value', value: 'n@x' }, { emails: [{ ...work, value: 'n@x' }, home] }, ['emails']],
    ['find elements in any case', { op: 'Replace', path: 'EMAILS[TYPE EQ "WORK"].VALUE', value: 'n@x' }, { emails: [{ ...work, value: 'n@x' }, home] }, ['emails']],
    ['create the element that a path names (U25)', { op: 'Add', path: 'emails[type eq "Other"].value', value: 'n@x' }, { emails: [work, home, { type: 'Other', value: 'n@x' }] }, ['emails']],
    ['create it from all conditions', { op: 'replace', path: 'phoneNumbers[type eq "work" and primary eq "True"].value', value: '1' }, { phoneNumbers: [{ type: 'work', primary: true, value: '1' }] }, ['phoneNumbers']],
    ['create an element as a whole', { op: 'add', path: 'phoneNumbers[type eq "fax"]', value: '1' }, { phoneNumbers: [{ type: 'fax', value: '1' }] }, ['phoneNumbers']],
    ['replace an element, keeping what the filter says', { op: 'replace', path: 'emails[type eq "work"]', value: { value: 'n@x' } }, { emails: [{ type: 'work', value: 'n@x' }, home] }, ['emails']],
    ['merge into an element', { op: 'add', path: 'emails[type eq "work"]', value: { display: 'D' } }, { emails: [{ ...work, display: 'D' }, home] }, ['emails']],
    ['append an element', { op: 'add', path: 'emails', value: [{ value: 'n@x' }] }, { emails: [work, home, { value: 'n@x' }] }, ['emails']],
    ['append an element without list', { op: 'add', path: 'emails', value: { value: 'n@x' } }, { emails: [work, home, { value: 'n@x' }] }, ['emails']],
    ['unset the old primary', { op: 'add', path: 'emails', value: [{ value: 'n@x', primary: true }] }, { emails: [{ ...work, primary: false }, home, { value: 'n@x', primary: true }] }, ['emails']],
    ['make another element primary', { op: 'replace', path: 'emails[type eq "home"].primary', value: 'True' }, { emails: [{ ...work, primary: false }, { ...home, primary: true }] }, ['emails']],
    ['make a known element primary', { op: 'add', path: 'emails', value: [{ ...home, primary: true }] }, { emails: [{ ...work, primary: false }, { ...home, primary: true }] }, ['emails']],
    ['replace all elements', { op: 'replace', path: 'emails', value: [{ value: 'n@x' }] }, { emails: [{ value: 'n@x' }] }, ['emails']],
    ['clear all elements (U65)', { op: 'replace', path: 'emails', value: [] }, { emails: undefined }, ['emails']],
    ['remove an element', { op: 'remove', path: 'emails[type eq "home"]' }, { emails: [work] }, ['emails']],
    ['remove an element with its value', { op: 'remove', path: 'emails[type eq "home"].value' }, { emails: [work] }, ['emails']],
    ['remove an element whose value is cleared', { op: 'replace', path: 'emails[type eq "home"].value', value: '' }, { emails: [work] }, ['emails']],
    ['remove an address of which only type and primary are left', { op: 'remove', path: 'addresses[type eq "work"].formatted' }, { addresses: undefined }, ['addresses']],
    ['remove listed elements', { op: 'remove', path: 'emails', value: [{ value: 'ANNA@home.ch' }] }, { emails: [work] }, ['emails']],
    ['set a part of all elements', { op: 'replace', path: 'emails.display', value: 'D' }, { emails: [{ ...work, display: 'D' }, { ...home, display: 'D' }] }, ['emails']],
    ['remove a part of all elements', { op: 'remove', path: 'emails.value' }, { emails: undefined }, ['emails']],
    ['create a first element for a part', { op: 'add', path: 'ims.value', value: 'x' }, { ims: [{ value: 'x' }] }, ['ims']],
    [
      'select a single value by a filter',
      { op: 'replace', path: 'manager[value eq "7"].$ref', value: 'r' },
      { [ENTERPRISE]: { department: 'Sales', manager: { value: '7', $ref: 'r' } } },
      [`${ENTERPRISE}:manager.$ref`],
    ],
    [
      'put another single value in the place of one that a filter does not select',
      { op: 'add', path: 'manager[value eq "8"].$ref', value: 'r' },
      { [ENTERPRISE]: { department: 'Sales', manager: { value: '8', $ref: 'r' } } },
      [`${ENTERPRISE}:manager.$ref`, `${ENTERPRISE}:manager.value`],
    ],
    ['keep a role that is JSON in a string (U30)', { op: 'Add', path: 'roles', value: [{ value: '{"id":"06b0"}' }] }, { roles: [{ value: '{"id":"06b0"}' }] }, ['roles']],
  ])('should %s', (_, operation, members, changed) => {
    const result = patch([operation]);
    expect(result.resource).toEqual({ ...anna, ...members });
    expect(result.changed).toEqual(changed);
  }); // prettier-ignore

  it.each<[string, object]>([
    ['an unknown attribute', { op: 'add', path: 'favouriteColour', value: 'blue' }],
    ['an unknown sub-attribute', { op: 'replace', path: 'emails[type eq "work"].foo', value: 1 }],
    [
      'an unknown attribute in a path-less value',
      { op: 'replace', value: { favouriteColour: 'blue', __defineGetter__: 1 } },
    ],
    ['an equal value (U14)', { op: 'Add', path: 'active', value: 'True' }],
    ['an element that is there', { op: 'add', path: 'emails', value: [work] }],
    ['an element that says less', { op: 'add', path: 'emails', value: [{ value: 'ANNA@contoso.ch', type: 'work' }] }],
    ['the same elements in another order', { op: 'replace', path: 'emails', value: [home, work] }],
    ['an empty list', { op: 'add', path: 'emails', value: [] }],
    ['the removal of what is not set', { op: 'remove', path: 'title' }],
    ['the removal of no element', { op: 'remove', path: 'emails[type eq "other"]' }],
    ['a part of no element', { op: 'remove', path: 'emails[type eq "other"].value' }],
    ['the clearing of no element', { op: 'replace', path: 'emails[type eq "other"].value', value: '' }],
    ['the removal of active (U46)', { op: 'Remove', path: 'active' }],
    ['active null', { op: 'replace', path: 'active', value: null }],
    ['a password', { op: 'replace', path: 'password', value: 'Sup3r-secret!' }],
    ['the removal of a password', { op: 'remove', path: 'password' }],
    [
      'read-only members',
      { op: 'replace', value: { id: 'x', meta: { version: '1' }, schemas: [], groups: [{ value: 'g' }] } },
    ],
    ['a read-only sub-attribute in a value', { op: 'replace', path: 'manager', value: { displayName: 'M' } }],
    ['an empty complex value', { op: 'replace', path: 'name', value: {} }],
  ])('should not be changed by %s', (_, operation) => {
    const result = patch([operation]);
    expect(result.changed).toEqual([]);
    expect(result.resource).toBe(anna);
  });

  it.each<[string, object, string, string]>([
    ['the removal of userName (U44)', { op: 'Remove', path: 'userName' }, 'mutability', 'userName'],
    ['an empty userName (U45)', { op: 'Replace', path: 'userName', value: '' }, 'invalidValue', 'userName'],
    ['a blank userName', { op: 'Replace', path: 'userName', value: ' ' }, 'invalidValue', 'userName'],
    ['active "maybe" (U15)', { op: 'Replace', path: 'active', value: 'maybe' }, 'invalidValue', 'active'],
    ['no value', { op: 'Replace', path: 'title' }, 'invalidValue', 'value'],
    ['several values for one', { op: 'Replace', path: 'title', value: ['a', 'b'] }, 'invalidValue', 'title'],
    ['a number as text', { op: 'Replace', path: 'title', value: 5 }, 'invalidValue', 'title'],
    ['too long a text', { op: 'Replace', value: { 'name.givenName': 'x'.repeat(513) } }, 'invalidValue', 'name.givenName'],
    ['two primaries', { op: 'add', path: 'ims', value: [{ value: 'a', primary: true }, { value: 'b', primary: true }] }, 'invalidValue', 'ims'],
    ['too many elements', { op: 'add', path: 'emails', value: Array.from({ length: 999 }, (_, i) => ({ value: `${i}` })) }, 'invalidValue', 'emails'],
    ['a malformed path (U60)', { op: 'replace', path: 'emails[type eq', value: 'x' }, 'invalidPath', 'character 15'],
    ['a removal without path (U61)', { op: 'remove' }, 'noTarget', 'path'],
    ['a removal of the resource', { op: 'remove', path: 'urn:ietf:params:scim:schemas:core:2.0:User' }, 'noTarget', 'path'],
    ['the id', { op: 'replace', path: 'id', value: 'x' }, 'mutability', 'id'],
    ['meta', { op: 'replace', path: 'meta.version', value: 'x' }, 'mutability', 'meta'],
    ['schemas', { op: 'add', path: 'schemas', value: ['x'] }, 'mutability', 'schemas'],
    ['groups', { op: 'remove', path: 'groups[value eq "g"]' }, 'mutability', 'groups'],
    ['a read-only sub-attribute', { op: 'replace', path: 'manager.displayName', value: 'M' }, 'mutability', 'manager.displayName'],
    ['a path that selects nothing and says nothing', { op: 'replace', path: 'emails[type ne "work" and type ne "home"].value', value: 'x' }, 'noTarget', 'emails'],
    ['a text for an extension', { op: 'replace', path: ENTERPRISE, value: 'x' }, 'invalidValue', 'URN'],
    ['a password that is no text', { op: 'replace', path: 'password', value: 5 }, 'invalidValue', 'password'],
  ])('should refuse %s and apply nothing', (_, operation, scimType, named) => {
    const before = structuredClone(anna);
    const attempt = (): PatchResult => patch([{ op: 'replace', path: 'title', value: 'T' }, operation]);
    expect(attempt).toThrow(expect.objectContaining({ status: 400, scimType }));
    expect(attempt).toThrow(named);
    expect(anna).toEqual(before);
  }); // prettier-ignore

  it('should apply operations in order (U47)', () => {
    const result = patch([
      { op: 'remove', path: 'externalId' },
      { op: 'add', path: 'externalId', value: 'A1' },
      { op: 'replace', path: 'externalId', value: 'B2' },
    ]);
    expect(result).toMatchObject({ resource: { externalId: 'B2' }, changed: ['externalId'] });
  });

  it('should let several operations with one filter hit one element (U26, U29)', () => {
    const parts = ['display', 'value', 'type'].map((part) => ({
      op: 'Replace',
      path: `roles[primary eq "True"].${part}`,
      value: part,
    }));
    expect(patch(parts).resource['roles']).toEqual([
      { primary: true, display: 'display', value: 'value', type: 'type' },
    ]);
  });

  it('should keep numbers by type apart (U28)', () => {
    const numbers = ['work', 'mobile', 'fax'].map((type) => ({
      op: 'Replace',
      path: `phoneNumbers[type eq "${type}"].value`,
      value: '45-955-7623',
    }));
    expect(patch(numbers).resource['phoneNumbers']).toEqual(
      ['work', 'mobile', 'fax'].map((type) => ({ type, value: '45-955-7623' })),
    );
  });

  it('should name every invalid value at once', () => {
    const attempt = (): PatchResult => patch([{ op: 'replace', value: { active: 'x', title: 1, emails: [2] } }]);
    expect(attempt).toThrow('active must be true or false; title must be a string; emails[0] must be an object.');
  });

  it('should keep id, meta and schemas of a whole document', () => {
    const whole = { ...anna, schemas: ['x'], id: '1', meta: { version: 'W/"1"' } };
    const { resource } = patch([{ op: 'replace', value: { id: '2', meta: {}, title: 'T' } }], whole);
    expect(resource).toEqual({ ...whole, title: 'T' });
  });

  it('should apply operations that were not normalised as the RFC has them', () => {
    const value = { title: 'T', name: { givenName: 'B' } };
    expect(applyPatch(anna, [{ op: 'replace', value }], userResourceType).changed).toEqual(['name.givenName', 'title']);
  });

  describe('with an immutable userName (X04)', () => {
    const type = withAttribute(userResourceType, 'userName', { mutability: 'immutable' });
    const rename = { op: 'Replace', path: 'userName', value: 'renamed@contoso.com' };

    it('should refuse another one and apply nothing', () => {
      const attempt = (): PatchResult =>
        patch([{ op: 'Replace', path: 'name.givenName', value: 'N' }, rename], anna, type);
      expect(attempt).toThrow(expect.objectContaining({ scimType: 'mutability' }));
    });

    it('should take the same one in any case, as it is', () => {
      expect(patch([{ ...rename, value: 'ANNA@contoso.ch' }], anna, type).changed).toEqual([]);
    });

    it('should refuse to remove it', () => {
      expect(() => patch([{ op: 'remove', path: 'userName' }], anna, type)).toThrow('immutable');
    });

    it('should take a first one', () => {
      expect(patch([rename], { active: true }, type).changed).toEqual(['userName']);
    });
  });
});
