import { provisioningRequest } from '@cleanmail/journal';
import { type ProfileName, serviceProfiles } from '@cleanmail/tenants';
import { groupResourceType } from '@cleanmail/scim';
import type { GroupCommand, UserCommand } from '@cleanmail/users';

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

/** A writing SCIM request on a group, whose answer shows the members. */
export function groupCommand(accepts?: (entityTag: string) => boolean): GroupCommand {
  const { request } = command();
  const conditions = accepts === undefined ? {} : { accepts };
  return {
    request: { ...request, resourceType: 'Group' },
    groupType: groupResourceType,
    status: 200,
    withMembers: true,
    ...conditions,
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
