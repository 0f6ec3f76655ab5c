import type { ResourceType } from '@cleanmail/scim';
import { resourceTypesOf, type ServiceProfile } from './service-profile.js';
import type { TenantSchema } from './tenant-schema.js';

/** The profile of a service with a tenant's own extensions; the profile itself when there are none. */
export function extendedProfile(profile: ServiceProfile, schemas: readonly TenantSchema[]): ServiceProfile {
  if (schemas.length === 0) {
    return profile;
  }
  const { userType, groupType } = profile;
  return {
    ...profile,
    userType: extended(userType, schemas),
    ...(groupType === undefined ? {} : { groupType: extended(groupType, schemas) }),
  };
}

/** The URNs of all schemas of a profile, core and extensions. */
export function urnsOf(profile: ServiceProfile): readonly string[] {
  return resourceTypesOf(profile).flatMap(({ schema, extensions }) => [
    schema.id,
    ...extensions.map((extension) => extension.schema.id),
  ]);
}

function extended(type: ResourceType, schemas: readonly TenantSchema[]): ResourceType {
  const own = schemas.filter(({ resourceType }) => resourceType === type.name);
  const live = own.filter(({ retiredAt }) => retiredAt === null);
  const retired = own.filter(({ retiredAt }) => retiredAt !== null);
  return {
    ...type,
    extensions: [...type.extensions, ...live.map(({ schema, required }) => ({ schema, required }))],
    retiredExtensions: retired.map(({ schema }) => schema),
  };
}
