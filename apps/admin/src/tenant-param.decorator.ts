import { asTenantId, type TenantId } from '@cleanmail/database';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

const read = createParamDecorator((_data: unknown, context: ExecutionContext): TenantId => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: { readonly tenantId: string } }>>();
  return asTenantId(params.tenantId);
});

/** The tenant that an admin route names in its path, also in the OpenAPI document. */
export function TenantParam(): ParameterDecorator {
  return (controller, method, index) => {
    read()(controller, method, index);
    const handler = method === undefined ? undefined : Object.getOwnPropertyDescriptor(controller, method);
    if (method !== undefined && handler !== undefined) {
      ApiParam({ name: 'tenantId', type: String })(controller, method, handler);
    }
  };
}
