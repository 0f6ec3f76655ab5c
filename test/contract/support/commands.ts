import { provisioningRequest } from '@cleanmail/journal';
import { type ProfileName, serviceProfiles } from '@cleanmail/tenants';
import type { UserCommand } from '@cleanmail/users';

/** A writing SCIM request in the service of a profile. */
export function command(
  options: {
    readonly profile?: ProfileName;
    readonly accepts?: (entityTag: string) => boolean;
  } = {},
): UserCommand {
  const profile = serviceProfiles[options.profile ?? 'cleanmail'];
  const request = provisioningRequest({
    tokenId: 'token-of-a-test',
    requestId: 'request-of-a-test',
    method: 'POST',
    operation: 'create',
    resourceType: 'User',
  });
  return {
    request,
    userType: profile.userType,
    traits: { erasesOnDeactivation: profile.erasesOnDeactivation },
    ...(options.accepts === undefined ? {} : { accepts: options.accepts }),
  };
}

/** The body of a PATCH request. */
export function patchBody(...operations: readonly Readonly<Record<string, unknown>>[]): unknown {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
}

/** The body of a PATCH request that replaces attributes. */
export function replacing(values: Readonly<Record<string, unknown>>): unknown {
  return patchBody(...Object.entries(values).map(([path, value]) => ({ op: 'replace', path, value })));
}
