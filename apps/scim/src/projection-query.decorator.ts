import { ScimError } from '@cleanmail/scim';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ProjectionParameters } from './resource-view.js';

const names = ['attributes', 'excludedAttributes'] as const;

/** `attributes` and `excludedAttributes` as they came. @throws ScimError when one is given twice. */
export const ProjectionQuery = createParamDecorator(
  (_data: unknown, context: ExecutionContext): ProjectionParameters => {
    const { query } = context.switchToHttp().getRequest<FastifyRequest<{ Querystring: Record<string, unknown> }>>();
    const given = names.filter((name) => query[name] !== undefined);
    const repeated = given.find((name) => typeof query[name] !== 'string');
    if (repeated !== undefined) {
      throw ScimError.invalidValue(`The parameter ${repeated} must be given once.`);
    }
    return Object.fromEntries(given.map((name) => [name, query[name]]));
  },
);
