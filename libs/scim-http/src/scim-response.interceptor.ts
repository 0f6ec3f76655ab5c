import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { entityTagTest } from './entity-tags.js';
import { ResourceReply } from './resource-reply.js';
import { scimMediaType } from './scim-media-type.js';

/** Gives every answer SCIM's media type, and a resource its ETag and Location; a GET of a known version is 304, a reply without body 204. */
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
  if (body instanceof ResourceReply) {
    return finishResource(request, reply, body);
  }
  void reply.header('content-type', scimMediaType);
  return body;
}

function finishResource(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, entityTag, location }: ResourceReply,
): unknown {
  void reply.header('etag', entityTag);
  if (body !== undefined) {
    void reply.header('content-type', scimMediaType);
  }
  if (request.method === 'POST') {
    void reply.header('location', location);
  }
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && entityTagTest(request.headers['if-none-match'])?.(entityTag) === true) {
    void reply.code(304);
    return undefined;
  }
  if (body === undefined) {
    void reply.code(204);
  }
  return body;
}
