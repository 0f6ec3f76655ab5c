import { type ListQueryParameters, parseSearchRequest } from '@cleanmail/scim';
import { UnreadableBody } from '@cleanmail/scim-http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The parameters of a query by POST, out of its body. @throws ScimError when it is no SearchRequest. */
export const SearchParameters = createParamDecorator(
  (_data: unknown, context: ExecutionContext): ListQueryParameters => {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body instanceof UnreadableBody) {
      throw body.error;
    }
    return parseSearchRequest(body);
  },
);
