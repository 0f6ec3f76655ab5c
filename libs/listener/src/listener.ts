import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { v7 } from 'uuid';
import type { Drain } from './drain.js';
import type { Metrics } from './metrics.js';
import type { Surface } from './surface.js';

/** What both listeners of a process share. */
export interface ListenerEnvironment {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly drain: Drain;
  /** Where SCIM is reached; it changes once, when the system has chosen the port. */
  readonly scimAddress: { url: string };
  /** Proxies whose X-Forwarded-* headers are believed; none by default. */
  readonly trustedProxies?: readonly string[] | undefined;
}

/** The largest body that is read, in bytes. */
export const bodyLimit = 1024 * 1024;

/** Nobody may take longer to send a request, in milliseconds. Fastify and Node would wait for ever. */
const requestTimeout = 15_000;
const headersTimeout = 10_000;
const connectionsCheckingInterval = 2_000;

/** A Fastify adapter with the limits, time limits, draining, request log and metrics that every listener has. */
export function createListener(surface: Surface, environment: ListenerEnvironment): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit,
    requestTimeout,
    keepAliveTimeout: 65_000,
    http: { headersTimeout, connectionsCheckingInterval },
    // SendSafely's guide ends the tenant URL with a slash, so `//Users` and `Users/` are the same route.
    routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, maxParamLength: 16_384 },
    trustProxy: environment.trustedProxies === undefined ? false : [...environment.trustedProxies],
    return503OnClosing: false,
    skipMiddie: true,
    genReqId: () => v7(),
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const { contentType, body } = surface.renderError(error.statusCode ?? 400, 'The request target is malformed.');
      void reply
        .code(error.statusCode ?? 400)
        .header('content-type', contentType)
        .send(body);
    },
    clientErrorHandler: (error, socket) => answerBrokenRequest(surface, error, socket),
  });
  addHooks(adapter, surface, environment);
  return adapter;
}

function addHooks(adapter: FastifyAdapter, surface: Surface, environment: ListenerEnvironment): void {
  const fastify = adapter.getInstance();
  // With callbacks: promises of hooks cost more than what these do.
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    reply
      .header('x-request-id', request.id)
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff');
    if (environment.drain.isDraining) {
      reply.header('connection', 'close');
    }
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    logRequest(surface, environment, request, reply);
    done();
  });
}

/** One line and one observation a request: route template and codes only, never a query, a body or a header. */
function logRequest(
  surface: Surface,
  { logger, metrics }: ListenerEnvironment,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { method, id: requestId } = request;
  const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
  const status = reply.statusCode;
  const durationMs = Math.round(reply.elapsedTime * 10) / 10;
  metrics.observeRequest({ surface: surface.name, method, route, status }, reply.elapsedTime / 1000);
  const { principal } = request as { readonly principal?: { readonly tenant: string } };
  logger.info(
    { surface: surface.name, requestId, tenant: principal?.tenant, method, route, status, durationMs },
    'request',
  );
}

/** Answers what is no HTTP, or came too slowly, before there is a request; then the connection ends. */
function answerBrokenRequest(surface: Surface, error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason, detail] = brokenRequest(error.code);
  const { contentType, body } = surface.renderError(status, detail);
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const brokenRequests: Readonly<Record<string, readonly [number, string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request was not completed in time.'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The request headers are too large.'],
};

function brokenRequest(code = ''): readonly [number, string, string] {
  return brokenRequests[code] ?? [400, 'Bad Request', 'The request is not valid HTTP.'];
}
