import { describe, expect, it } from '@jest/globals';
import { withAttribute } from '../schema/derive.js';
import { userResourceType } from '../schema/resource-types.js';
import { project } from './project.js';
import { parseProjection } from './projection.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const user = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
  id: '1',
  userName: 'anna',
  password: 'x',
  unknown: 'y',
  name: { givenName: 'Anna', familyName: 'Meier' },
  emails: [{ value: 'a@b', type: 'work' }, { value: 'c@d' }],
  [ENTERPRISE]: { department: 'Sales', manager: { value: '2', $ref: '../2' } },
  meta: { resourceType: 'User', location: '/1' },
};

function projected(attributes?: string, excluded?: string): Record<string, unknown> {
  return project(user, parseProjection(attributes, excluded, userResourceType), userResourceType);
}

describe(project.name, () => {
  it('should give everything but what is never returned', () => {
    const { password, unknown, ...rest } = user;
    expect([password, unknown]).toEqual(['x', 'y']);
    expect(projected()).toEqual(rest);
    expect(projected('')).toEqual(rest);
  });

  it.each([
    ['userName', ['userName']],
    ['USERNAME, emails', ['emails', 'userName']],
    ['password', []],
    ['nonsense', []],
    ['meta', ['meta']],
    [ENTERPRISE, [ENTERPRISE]],
    [`${ENTERPRISE}:department`, [ENTERPRISE]],
  ])('should give id, schemas and only %s', (attributes, keys) => {
    expect(Object.keys(projected(attributes)).sort()).toEqual(['id', 'schemas', ...keys].sort());
  });

  it.each<[string, string, unknown]>([
    ['name.givenName', 'name', { givenName: 'Anna' }],
    ['emails.type', 'emails', [{ type: 'work' }]],
    ['emails.type,emails.value', 'emails', user.emails],
    ['name.givenName,name', 'name', user.name],
    [`${ENTERPRISE}:manager.value`, ENTERPRISE, { manager: { value: '2' } }],
    [ENTERPRISE, ENTERPRISE, user[ENTERPRISE]],
  ])('should cut %s down to what was asked', (attributes, key, value) => {
    expect(projected(attributes)[key]).toEqual(value);
  });

  it('should leave out what was excluded, but never id and schemas', () => {
    expect(projected(undefined, `id,schemas,emails,name.givenName,${ENTERPRISE}:department,meta,nonsense`)).toEqual({
      schemas: user.schemas,
      id: '1',
      userName: 'anna',
      name: { familyName: 'Meier' },
      [ENTERPRISE]: { manager: { value: '2', $ref: '../2' } },
    });
    expect(projected(undefined, ENTERPRISE)).not.toHaveProperty([ENTERPRISE]);
  });

  it('should give an attribute that is returned on request only when it is named', () => {
    const type = withAttribute(userResourceType, 'emails', { returned: 'request' });
    const give = (attributes?: string): object => project(user, parseProjection(attributes, undefined, type), type);
    expect(give()).not.toHaveProperty('emails');
    expect(give('emails')).toHaveProperty('emails');
  });
});

describe(parseProjection.name, () => {
  it('should refuse both parameters at once', () => {
    expect(() => parseProjection('userName', 'emails', userResourceType)).toThrow('exclude each other');
  });
});
