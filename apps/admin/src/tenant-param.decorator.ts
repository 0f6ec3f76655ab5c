import { asTenantId, type TenantId } from '@cleanmail/database';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The tenant that an admin route names in its path. */
export const TenantParam = createParamDecorator((_data: unknown, context: ExecutionContext): TenantId => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: { readonly tenantId: string } }>>();
  return asTenantId(params.tenantId);
});
