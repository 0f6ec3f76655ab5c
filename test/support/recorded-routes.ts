import diagnostics from 'node:diagnostics_channel';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** One route of a listener: one method, and the template of its path (`/api/v3/scim2/Users/:id`). */
export interface RecordedRoute {
  readonly method: string;
  readonly path: string;
}

/**
 * Collects the routes of every Fastify instance that is made while it watches, so that a test covers a new route
 * without being told of it.
 */
export async function recordRoutes<T>(
  start: () => Promise<T>,
): Promise<{ readonly started: T; readonly routes: readonly RecordedRoute[] }> {
  const routes: RecordedRoute[] = [];
  const watch = (message: unknown): void => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const name of [method].flat()) routes.push({ method: name, path: url });
    });
  };
  diagnostics.subscribe('fastify.initialization', watch);
  try {
    return { started: await start(), routes };
  } finally {
    diagnostics.unsubscribe('fastify.initialization', watch);
  }
}
