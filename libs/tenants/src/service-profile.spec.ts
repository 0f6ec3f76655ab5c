import { describe, expect, it } from '@jest/globals';
import { profileNames, scimBasePaths, serviceProfiles } from './service-profile.js';

function mutabilityOf(profile: keyof typeof serviceProfiles, attribute: string): string | undefined {
  return serviceProfiles[profile].userType.schema.attributes.find(({ name }) => name === attribute)?.mutability;
}

describe('serviceProfiles', () => {
  it('should have one profile by each name', () => {
    expect(Object.values(serviceProfiles).map(({ name }) => name)).toEqual(profileNames);
  });

  it.each([
    ['cleanmail', '/api/v3/scim2', 'bare', false],
    ['alinto-protect', '/api/v3/scim2', 'bare', false],
    ['sendsafely', '/scim/v2/entra', 'account', true],
  ] as const)('should serve %s at %s with a credential that is %s', (name, basePath, credential, erases) => {
    expect(serviceProfiles[name]).toMatchObject({ basePath, credential, erasesOnDeactivation: erases });
  });

  it('should list each path once', () => {
    expect(scimBasePaths).toEqual(['/api/v3/scim2', '/scim/v2/entra']);
  });

  it('should let userName change everywhere but at SendSafely', () => {
    expect(mutabilityOf('cleanmail', 'userName')).toBe('readWrite');
    expect(mutabilityOf('alinto-protect', 'userName')).toBe('readWrite');
    expect(mutabilityOf('sendsafely', 'userName')).toBe('immutable');
    expect(mutabilityOf('sendsafely', 'name')).toBe('readWrite');
  });
});
