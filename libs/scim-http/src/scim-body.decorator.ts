import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { UnreadableBody } from './scim-body.js';

/** The request's body as parsed JSON. @throws ScimError when it could not be read. */
export const ScimBody = createParamDecorator((_data: unknown, context: ExecutionContext): unknown => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  if (body instanceof UnreadableBody) {
    throw body.error;
  }
  return body;
});
