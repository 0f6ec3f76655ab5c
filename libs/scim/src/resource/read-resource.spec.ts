import { describe, expect, it } from '@jest/globals';
import { ScimError } from '../errors/scim-error.js';
import { groupResourceType, userResourceType } from '../schema/resource-types.js';
import { readResource } from './read-resource.js';
import { schemasOf } from './schemas-of.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

function read(body: unknown): unknown {
  return readResource(body, userResourceType);
}

function problem(body: unknown): ScimError {
  try {
    read(body);
  } catch (error) {
    if (error instanceof ScimError) {
      return error;
    }
    throw error;
  }
  throw new Error('accepted');
}

describe(readResource.name, () => {
  it('should read the nulls, the misspelt URN and the misplaced attributes of case C02', () => {
    const body = {
      schemas: [CORE, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User'],
      externalId: 'jyoung',
      userName: 'jyoung@testuser.com',
      active: true,
      addresses: null,
      displayName: 'Joy Young',
      emails: [{ type: 'work', value: 'jyoung@Contoso.com', primary: true }],
      meta: { resourceType: 'User' },
      name: { familyName: 'Young', givenName: 'Joy' },
      phoneNumbers: null,
      preferredLanguage: null,
      title: null,
      department: null,
      manager: null,
    };
    expect(read(body)).toStrictEqual({
      externalId: 'jyoung',
      userName: 'jyoung@testuser.com',
      active: true,
      displayName: 'Joy Young',
      emails: [{ type: 'work', value: 'jyoung@Contoso.com', primary: true }],
      name: { familyName: 'Young', givenName: 'Joy' },
    });
  });

  it.each<[string, unknown, unknown]>([
    ['names in any case (C32)', { USERNAME: 'a', Name: { GivenName: 'A' } }, { userName: 'a', name: { givenName: 'A' } }],
    ['"False" (C07)', { userName: 'a', active: 'False' }, { userName: 'a', active: false }],
    ['"True" in a list (C03)', { userName: 'a', roles: [{ primary: 'True', value: 'r' }] }, { userName: 'a', roles: [{ primary: true, value: 'r' }] }],
    ['roles: [] (C01)', { userName: 'a', roles: [] }, { userName: 'a' }],
    ['"" as unassigned (C11)', { userName: 'a', externalId: '', name: { givenName: '' } }, { userName: 'a' }],
    ['null in a list', { userName: 'a', emails: [null, '', {}] }, { userName: 'a' }],
    ['an element without value', { userName: 'a', emails: [{ type: 'work', value: '' }] }, { userName: 'a' }],
    ['unknown attributes (C13)', { userName: 'a', favouriteColour: 'blue', 'urn:x:User': { x: 1 } }, { userName: 'a' }],
    ['read-only attributes', { userName: 'a', id: '1', groups: [{ value: 'g' }], [ENTERPRISE]: { manager: { displayName: 'M' } } }, { userName: 'a' }],
    ['the password (C26)', { userName: 'a', password: 'Sup3r-secret!' }, { userName: 'a' }],
    ['e-mail addresses as strings', { userName: 'a', emails: ['a@b'] }, { userName: 'a', emails: [{ value: 'a@b' }] }],
    ['one e-mail address without list', { userName: 'a', emails: { value: 'a@b' } }, { userName: 'a', emails: [{ value: 'a@b' }] }],
    ['manager as a string', { userName: 'a', [ENTERPRISE]: { manager: '271' } }, { userName: 'a', [ENTERPRISE]: { manager: { value: '271' } } }],
    ['the extension in any case', { userName: 'a', [ENTERPRISE.toUpperCase()]: { Department: 'S' } }, { userName: 'a', [ENTERPRISE]: { department: 'S' } }],
    ['an extension of nothing', { userName: 'a', [ENTERPRISE]: { department: null } }, { userName: 'a' }],
    ['an extension that is null', { userName: 'a', [ENTERPRISE]: null }, { userName: 'a' }],
    ['the core schema as an object', { [CORE]: { userName: 'a' } }, { userName: 'a' }],
    ['text to the byte (C31, F33)', { userName: ' a ', name: { familyName: 'Mu\u0308ller  李 😀\t\r\n' } }, { userName: ' a ', name: { familyName: 'Mu\u0308ller  李 😀\t\r\n' } }],
    ['certificates', { userName: 'a', x509Certificates: [{ value: 'TUlJ\r\nRA==' }] }, { userName: 'a', x509Certificates: [{ value: 'TUlJ\r\nRA==' }] }],
  ])('should read %s', (_, body, expected) => {
    expect(read(body)).toStrictEqual(expected);
  }); // prettier-ignore

  it.each<[string, unknown, string]>([
    ['no userName (C14)', { active: true }, 'userName is required.'],
    ['a blank userName (C15)', { userName: '   ' }, 'userName must not be blank.'],
    ['a null userName', { userName: null }, 'userName is required.'],
    ['active "yes" (C08)', { userName: 'a', active: 'yes' }, 'active must be true or false.'],
    ['active 1', { userName: 'a', active: 1 }, 'active must be true or false.'],
    ['a number as name', { userName: 1 }, 'userName must be a string; userName is required.'],
    ['an object as title', { userName: 'a', title: { a: 1 } }, 'title must be a string.'],
    ['a list as title', { userName: 'a', title: ['a', 'b'] }, 'title must be a string.'],
    ['a number as name', { userName: 'a', name: 1 }, 'name must be an object.'],
    ['a text as name', { userName: 'a', name: 'Anna' }, 'name must be an object.'],
    ['a list in a list', { userName: 'a', emails: [[]] }, 'emails[0] must be an object.'],
    ['an extension that is a text', { userName: 'a', [ENTERPRISE]: 'x' }, `${ENTERPRISE} must be an object.`],
    ['513 characters (C30)', { userName: 'a', name: { givenName: 'x'.repeat(513) } }, 'name.givenName must not be longer than 512 characters.'],
    ['4097 characters', { userName: 'a', title: 'x'.repeat(4097) }, 'title must not be longer than 4096 characters.'],
    ['a NUL', { userName: 'a', title: 'x\0' }, 'title must not contain control characters.'],
    ['an escape', { userName: 'a', title: '\u001b[31m' }, 'title must not contain control characters.'],
    ['a line end in userName', { userName: 'a\nb' }, 'userName must not contain control characters; userName is required.'],
    ['half a surrogate pair', { userName: 'a', title: 'x\ud800' }, 'title must not contain half a surrogate pair.'],
    ['two primaries', { userName: 'a', emails: [{ value: 'a', primary: true }, { value: 'b', primary: 'True' }] }, 'emails must not have more than one primary value.'],
    ['1001 e-mail addresses', { userName: 'a', emails: Array.from({ length: 1001 }, (_, i) => ({ value: `${i}` })) }, 'emails must not have more than 1000 values.'],
    ['no base64', { userName: 'a', x509Certificates: [{ value: 'a-b' }] }, 'x509Certificates[0].value must be base64.'],
    ['cut base64', { userName: 'a', x509Certificates: [{ value: 'AAAAA' }] }, 'x509Certificates[0].value must be base64.'],
    ['several', { active: 'x', title: 1, emails: [{ value: 2 }], name: [] }, 'active must be true or false; title must be a string; emails[0].value must be a string; name must be an object; userName is required.'],
    ['very many', { emails: [1, 2, 3, 4, 5, 6] }, 'emails[0] must be an object; emails[1] must be an object; emails[2] must be an object; emails[3] must be an object; emails[4] must be an object; and 2 more.'],
  ])('should refuse %s', (_, body, detail) => {
    expect(problem(body)).toMatchObject({ status: 400, scimType: 'invalidValue', detail });
  }); // prettier-ignore

  it.each([[null], [[]], ['x'], [1], [undefined]])('should refuse the body %p as syntax', (body) => {
    expect(problem(body).scimType).toBe('invalidSyntax');
  });

  it('should never name the value of a password', () => {
    expect(problem({ userName: 'a', password: 'secret\0' }).detail).toBe(
      'password must not contain control characters.',
    );
  });

  it('should not let a key reach a prototype (C34)', () => {
    const body: unknown = JSON.parse(
      '{"userName":"pp","__proto__":{"admin":true},"constructor":{"prototype":{"x":1}},"name":{"__proto__":{"x":1}},"toString":1}',
    );
    expect(read(body)).toStrictEqual({ userName: 'pp' });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('should keep each member of a group once, however many there are', () => {
    const members = Array.from({ length: 50_000 }, (_, index) => ({ value: `u${index % 40_000}`, $ref: null }));
    const group = readResource({ displayName: 'G', members }, groupResourceType);
    expect(group['members']).toHaveLength(40_000);
  });

  it('should need the displayName of a group', () => {
    expect(() => readResource({ members: [] }, groupResourceType)).toThrow('displayName is required.');
  });
});

describe(schemasOf.name, () => {
  it('should name the extensions that the resource carries', () => {
    expect(schemasOf({ userName: 'a' }, userResourceType)).toEqual([CORE]);
    expect(schemasOf({ userName: 'a', [ENTERPRISE]: { department: 'S' } }, userResourceType)).toEqual([
      CORE,
      ENTERPRISE,
    ]);
  });
});
