import { deactivates, userResourceType } from '@cleanmail/scim';
import { scimOperationKey, type ScimOperationMetadata } from '@cleanmail/scim-http';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/**
 * Whether a request takes somebody's access away: a deletion, or a PATCH or PUT that leaves a user inactive, in any
 * dialect.
 */
export function isLeaver(context: ExecutionContext): boolean {
  const { name, resourceType } = operationOf(context);
  if (name === 'delete') {
    return true;
  }
  if (resourceType !== userResourceType.name || (name !== 'modify' && name !== 'replace')) {
    return false;
  }
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  return deactivates(name === 'modify' ? 'PATCH' : 'PUT', body, userResourceType);
}

function operationOf(context: ExecutionContext): Partial<ScimOperationMetadata> {
  return (Reflect.getMetadata(scimOperationKey, context.getHandler()) as ScimOperationMetadata | undefined) ?? {};
}
