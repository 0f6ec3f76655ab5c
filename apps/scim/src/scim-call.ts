import { type ProvisioningRequest, provisioningRequest } from '@cleanmail/journal';
import {
  entityTagTest,
  type EntityTagTest,
  scimOperationKey,
  type ScimOperationMetadata,
  writeCondition,
} from '@cleanmail/scim-http';
import { type AuthenticatedRequest, InvalidTokenError, type Principal } from '@cleanmail/tenants';
import type { SharedTransaction, WriteCommand } from '@cleanmail/users';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A SCIM request after the guard: from whom, for what, and under which conditions. */
export interface ScimCall {
  readonly principal: Principal;
  readonly request: ProvisioningRequest;
  /** Scheme and host by which the client reached us, as far as proxies are trusted. */
  readonly origin: string;
  /** What If-Match and If-None-Match demand of the version; absent when the client sent neither. */
  readonly accepts?: EntityTagTest;
  /** The transaction that a creation becomes a part of, when it goes together with others. */
  readonly shared?: SharedTransaction;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Once the guards have let the request through. */
    scimCall?: ScimCall;
  }
}

/** Makes a request a call, so that the log and the handler speak of the same one. */
export function openCall(context: ExecutionContext): ScimCall {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest & AuthenticatedRequest>();
  request.scimCall = newCall(context, request, http.getResponse<FastifyReply>());
  return request.scimCall;
}

/** The call, as a parameter of a handler. */
export const Call = createParamDecorator((_data: unknown, context: ExecutionContext): ScimCall => {
  const { scimCall } = context.switchToHttp().getRequest<FastifyRequest>();
  if (scimCall === undefined) {
    throw new InvalidTokenError();
  }
  return scimCall;
});

/** The part of a call that every writing operation of a service needs. */
export function writeCommand({ request, accepts, shared }: ScimCall): WriteCommand {
  return {
    request,
    ...(accepts === undefined ? {} : { accepts }),
    ...(shared === undefined ? {} : { shared }),
  };
}

/** One operation of a bulk request: `version` is to it what If-Match is to a request of its own. */
export interface CalledOperation extends ScimOperationMetadata {
  readonly method: string;
  readonly version?: string;
}

/** The call that an operation of a bulk request is: of the same caller, with a log entry of its own. */
export function operationCall(
  { principal, origin, request: { tokenId, requestId } }: ScimCall,
  { method, name, resourceType, version }: CalledOperation,
): ScimCall {
  const accepts = entityTagTest(version);
  const request = provisioningRequest({
    tokenId,
    requestId,
    method: method.slice(0, 8),
    operation: name,
    ...(resourceType === undefined ? {} : { resourceType }),
  });
  return { principal, origin, request, ...(accepts === undefined ? {} : { accepts }) };
}

function newCall(
  context: ExecutionContext,
  request: FastifyRequest & AuthenticatedRequest,
  reply: FastifyReply,
): ScimCall {
  const { principal } = request;
  if (principal === undefined) {
    throw new InvalidTokenError();
  }
  const operation = Reflect.getMetadata(scimOperationKey, context.getHandler()) as ScimOperationMetadata | undefined;
  const accepts = writeCondition(request.headers);
  const arrived = provisioningRequest({
    tokenId: principal.tokenId,
    requestId: request.id,
    method: request.method,
    operation: operation?.name ?? 'read',
    ...(operation?.resourceType === undefined ? {} : { resourceType: operation.resourceType }),
  });
  return {
    principal,
    request: { ...arrived, startedAt: arrived.startedAt - reply.elapsedTime },
    origin: `${request.protocol}://${request.host}`,
    ...(accepts === undefined ? {} : { accepts }),
  };
}
