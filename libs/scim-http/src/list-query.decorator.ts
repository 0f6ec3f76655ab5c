import { type ListQueryParameters, parseListQuery, type ResourceType } from '@cleanmail/scim';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** How many resources a page holds when the client does not say, and at most. */
export const pageLimits = { defaultCount: 100, maxCount: 500 } as const;

/** The query of a list request, parsed against a resource type. @throws ScimError naming the parameter. */
export const ScimListQuery = createParamDecorator((resourceType: ResourceType, context: ExecutionContext) => {
  const { query } = context.switchToHttp().getRequest<FastifyRequest<{ Querystring: ListQueryParameters }>>();
  return parseListQuery(query, resourceType, pageLimits);
});
