import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { entityTagTest } from './entity-tags.js';
import { ResourceReply } from './resource-reply.js';
import { scimMediaType } from './scim-media-type.js';

/**
 * Gives every answer SCIM's media type, and a resource its ETag and Location; a GET of a known version is 304, a reply
 * without body 204. `speaksScim` says which requests are answered so: all, unless it is given. It is a hook and no
 * interceptor: those cost a request several observables.
 */
export function addScimAnswers(
  adapter: FastifyAdapter,
  speaksScim: (request: FastifyRequest) => boolean = () => true,
): void {
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.addHook('preSerialization', (request, reply, payload, done) => {
    done(null, speaksScim(request) ? finish(request, reply, payload) : payload);
  });
  fastify.addHook('onSend', ({ method }, { statusCode }, payload, done) => {
    done(null, statusCode !== 304 ? payload : method === 'HEAD' ? '' : null);
  });
}

/** Stands for no body, which a hook cannot bring about: a 204 goes without whatever there is, a 304 by a hook of its own. */
const nothing = {};

function finish(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  void reply.header('content-type', scimMediaType);
  return payload instanceof ResourceReply ? finishResource(request, reply, payload) : payload;
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
    return nothing;
  }
  if (body === undefined) {
    void reply.code(204);
  }
  return body ?? nothing;
}
