import { ScimError } from '@cleanmail/scim';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Discovery documents are not searched: a filter on them is refused with 403 (RFC 7644 section 4). */
export class NoFilterGuard implements CanActivate {
  /** @throws ScimError 403 */
  canActivate(context: ExecutionContext): boolean {
    const { query } = context.switchToHttp().getRequest<FastifyRequest<{ Querystring: Record<string, unknown> }>>();
    if (query['filter'] !== undefined) {
      throw ScimError.forbidden('Discovery documents cannot be filtered; ask for all of them, or for one by its id.');
    }
    return true;
  }
}
