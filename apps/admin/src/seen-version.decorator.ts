import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

/** The If-Match header names no version. */
export class InvalidIfMatchError extends Error {
  override readonly name = InvalidIfMatchError.name;
  readonly code = 'invalid_if_match';

  constructor() {
    super('If-Match must be the version that was read, such as 3 or "3", or be left out.');
  }
}

const longestVersion = 10;

/** The version of the `If-Match` header; undefined without one, and for `*`. @throws InvalidIfMatchError */
export const SeenVersion = createParamDecorator((_data: unknown, context: ExecutionContext): number | undefined => {
  const given = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']?.trim();
  if (given === undefined || given === '*') {
    return undefined;
  }
  const tag = given.startsWith('W/') ? given.slice(2) : given;
  const text = tag.startsWith('"') && tag.endsWith('"') ? tag.slice(1, -1) : tag;
  const version = Number(text);
  if (text === '' || text.length > longestVersion || !Number.isInteger(version)) {
    throw new InvalidIfMatchError();
  }
  return version;
});

/** Documents that a change may name the version that it is meant for. */
export function ApiSeenVersion(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The version of the mailbox that was read; 412 when somebody else has changed it since.',
    }),
  );
}
