import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { entityTagTest } from './entity-tags.js';
import { ResourceReply } from './resource-reply.js';
import { scimMediaType } from './scim-media-type.js';

/** Gives every answer SCIM's media type, and a resource its ETag and Location; a GET of a known version is 304. */
@Injectable()
export class ScimResponseInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(map((body: unknown) => finish(request, reply, body)));
  }
}

function finish(request: FastifyRequest, reply: FastifyReply, body: unknown): unknown {
  if (body === undefined || body === null) {
    return body;
  }
  void reply.header('content-type', scimMediaType);
  return body instanceof ResourceReply ? finishResource(request, reply, body) : body;
}

function finishResource(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, entityTag, location }: ResourceReply,
): unknown {
  void reply.header('etag', entityTag);
  if (request.method === 'POST') {
    void reply.header('location', location);
  }
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && entityTagTest(request.headers['if-none-match'])?.(entityTag) === true) {
    void reply.code(304);
    return undefined;
  }
  return body;
}
