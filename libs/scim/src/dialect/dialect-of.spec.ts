import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProviderDialect, ShownRequest } from './dialect.js';
import { dialectOf } from './dialect-of.js';

const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const OKTA = 'Okta SCIM Client 1.0.0';

const get = (userAgent?: string, query: Record<string, unknown> = {}): ShownRequest => ({
  method: 'GET',
  userAgent,
  query,
  body: undefined,
});
const write = (method: string, body: unknown, userAgent?: string): ShownRequest => ({
  method,
  userAgent,
  query: {},
  body,
});
const patch = (operation: object, userAgent?: string): ShownRequest =>
  write('PATCH', { schemas: [], Operations: [operation] }, userAgent);

describe(dialectOf.name, () => {
  it.each<[string, ShownRequest, ProviderDialect, string]>([
    ['a capitalised op', patch({ op: 'Replace', path: 'title', value: 'Dr' }), 'entra', 'op capitalised'],
    [
      'a capitalised op with a boolean as text',
      patch({ op: 'Replace', path: 'active', value: 'False' }),
      'entra',
      'op capitalised, boolean as text ("True" or "False")',
    ],
    [
      'a boolean as text in a create',
      write('POST', { userName: 'a', active: 'True' }),
      'entra',
      'boolean as text ("True" or "False")',
    ],
    [
      'a boolean as text without path',
      patch({ op: 'replace', value: { active: 'False' } }),
      'entra',
      'boolean as text ("True" or "False")',
    ],
    [
      'dotted member names',
      patch({ op: 'replace', value: { displayName: 'Ada', 'name.givenName': 'Ada' } }),
      'entra-scim062020',
      'op in lower case, paths as member names of one value',
    ],
    [
      'a member name behind a URN',
      patch({ op: 'add', value: { [`${ENTERPRISE}:department`]: 'Post' } }),
      'entra-scim062020',
      'op in lower case, paths as member names of one value',
    ],
    [
      'the flag in the URL',
      get(undefined, { filter: 'userName eq "a"', aadOptscim062020: '' }),
      'entra-scim062020',
      'the flag aadOptscim062020 in the URL',
    ],
    ['Okta’s User-Agent', get(OKTA), 'okta', 'the User-Agent'],
    [
      'Okta’s externalId',
      write('PUT', { userName: 'a', externalId: '00u1abcDEF2ghiJKL345' }),
      'okta',
      'externalId in the form of Okta’s ids',
    ],
    [
      'a password and no groups',
      write('POST', { userName: 'a', groups: [], password: 'x1' }),
      'okta',
      'a password and an empty list of groups in a create',
    ],
    [
      'the id of a group in the value',
      patch({ op: 'replace', value: { id: 'g1', displayName: 'Sales' } }),
      'okta',
      'the id of the group inside the value of an operation without path',
    ],
    [
      'the schemas of OneLogin',
      write('PUT', { schemas: ['urn:scim:schemas:core:2.0'], userName: 'a' }, ''),
      'onelogin',
      'schemas of the drafts of SCIM 2.0',
    ],
    [
      'one e-mail address without a list',
      write('POST', { userName: 'a', emails: { value: 'a@contoso.example' } }, ''),
      'onelogin',
      'emails as an object instead of a list',
    ],
    [
      'an operation from its end',
      patch({ value: [{ value: 'u1' }], op: 'add', path: 'members' }),
      'onelogin',
      'operations written as value, op, path',
    ],
    [
      'the schemas of Google',
      write('POST', { schemas: ['urn:scim:schemas:core:1.0', CORE_USER], userName: 'a' }),
      'google',
      'the schemas of SCIM 1.0 and 2.0 side by side',
    ],
    ['Google’s User-Agent', get('Google-Auto-Provisioning'), 'google', 'the User-Agent'],
    [
      'JumpCloud’s externalId',
      write('PUT', { userName: 'a', externalId: '5f1b0c9d8e7a6b5c4d3e2f10' }),
      'jumpcloud',
      'externalId in the form of JumpCloud’s ids',
    ],
    [
      'another client that writes',
      write('PUT', { userName: 'a' }, 'authentik/2026.2'),
      'generic',
      'a User-Agent of no known provider',
    ],
  ])('should see %s', (_what, request, dialect, evidence) => {
    expect(dialectOf(request)).toEqual({ dialect, evidence });
  });

  it.each<[string, ShownRequest]>([
    ['a query without User-Agent', get(undefined, { filter: 'userName eq "a"' })],
    ['a query with an empty User-Agent', get('')],
    ['a query of an unknown client', get('curl/8.0')],
    ['a deletion without User-Agent', write('DELETE', undefined)],
    ['an RFC-like deactivation by path', patch({ op: 'replace', path: 'active', value: false })],
    ['an RFC-like deactivation without path', patch({ op: 'replace', value: { active: false } })],
    ['members by value path', patch({ op: 'remove', path: 'members[value eq "u1"]' })],
    ['members as a list', patch({ op: 'add', path: 'members', value: [{ value: 'u1' }] })],
    ['a plain create', write('POST', { schemas: [CORE_USER], userName: 'a', active: true })],
    ['an enterprise extension as an object', patch({ op: 'replace', value: { [ENTERPRISE]: { department: 'Post' } } })],
    ['a User-Agent of Microsoft’s', write('POST', { userName: 'a' }, 'Microsoft Azure AD SCIM 1.0')],
    ['a bare library', write('POST', { userName: 'a' }, 'Go-http-client/2.0')],
    ['a body that is no object', write('POST', ['Replace'])],
    ['no body at all', write('POST', undefined)],
  ])('should see nothing in %s', (_what, request) => {
    expect(dialectOf(request)).toBeUndefined();
  });

  it.each<[string, ShownRequest, ProviderDialect]>([
    ['Entra’s form under Okta’s name', patch({ op: 'Add', path: 'title', value: 'x' }, OKTA), 'entra'],
    ['Okta’s form under Google’s name', write('POST', { externalId: '00u1abcDEF2ghiJKL345' }, 'Google-Auto-Provisioning'), 'okta'],
    ['Google’s form under another name', write('POST', { schemas: ['urn:scim:schemas:core:1.0', CORE_USER] }, 'curl/8.0'), 'google'],
    ['the default form under the flag', { ...patch({ op: 'Add', path: 'title', value: 'x' }), query: { aadOptscim062020: '' } }, 'entra'],
    ['a mere habit under another name', write('PUT', { externalId: '5f1b0c9d8e7a6b5c4d3e2f10' }, 'authentik/2026.2'), 'generic'],
  ])('should believe the form of the request first: %s', (_what, request, dialect) => {
    expect(dialectOf(request)?.dialect).toBe(dialect);
  }); // prettier-ignore

  it.each<[string, unknown]>([
    ['operations that are no list', { Operations: { op: 'Replace' } }],
    ['operations that are no objects', { Operations: ['Replace', null, 7] }],
    ['an op that is no text', { Operations: [{ op: ['Replace'] }, { op: { toString: 'Replace' } }] }],
    ['schemas that are no list', { schemas: 'urn:scim:schemas:core:2.0' }],
    ['members that are inherited', Object.create({ active: 'True' })],
    ['an externalId that is almost Okta’s', { externalId: '00u1abcDEF2ghiJKL34_' }],
    ['an externalId that is almost JumpCloud’s', { externalId: '5F1B0C9D8E7A6B5C4D3E2F10' }],
  ])('should not be misled by %s', (_what, body) => {
    expect(dialectOf(write('PATCH', body))).toBeUndefined();
  });

  it('should look for signs at the beginning only, and quote nothing', () => {
    const operations = Array.from({ length: 500 }, () => ({ op: 'replace', path: 'title', value: 'x' }));
    const late = { op: 'Replace', path: 'title', value: 'x' };
    expect(dialectOf(write('PATCH', { Operations: [...operations, late] }))).toBeUndefined();
    const secret = 'ada@contoso.example';
    expect(JSON.stringify(dialectOf(write('PUT', { userName: secret }, `${secret}/1`)))).not.toContain(secret);
  });

  it('should answer whatever JSON it is shown', () => {
    fc.assert(
      fc.property(fc.constantFrom('POST', 'PUT', 'PATCH'), fc.jsonValue(), fc.string(), (method, body, userAgent) => {
        const sign = dialectOf(write(method, body, userAgent));
        expect(sign === undefined || sign.evidence.length < 100).toBe(true);
      }),
    );
  });
});
