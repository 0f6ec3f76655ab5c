import { type Actor, anonymousActor } from '@cleanmail/journal';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const longestName = 128;

/** Who acts, by the `X-Actor` header that the console and the command send; the holder of the admin key otherwise. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const { headers, id } = context.switchToHttp().getRequest<FastifyRequest>();
  const given = headers['x-actor'];
  const name = typeof given === 'string' ? given.trim().slice(0, longestName) : '';
  return { name: name === '' ? anonymousActor : name, requestId: id };
});
