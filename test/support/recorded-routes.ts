import diagnostics from 'node:diagnostics_channel';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { withService } from './embedded-engine.js';
import type { ServiceUnderTest } from './service.js';

/** One route of a listener: one method, and the template of its path (`/api/v3/scim2/Users/:id`). */
export interface RecordedRoute {
  readonly method: string;
  readonly path: string;
}

/**
 * Runs one service on an embedded database and gives `use` the routes of both its listeners as Fastify was told of
 * them, so that a test covers a new route without being told of it.
 */
export async function withWatchedService(
  use: (service: ServiceUnderTest, routes: readonly RecordedRoute[]) => Promise<void>,
): Promise<void> {
  const routes: RecordedRoute[] = [];
  const watch = (message: unknown): void => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const name of [method].flat()) routes.push({ method: name, path: url });
    });
  };
  diagnostics.subscribe('fastify.initialization', watch);
  try {
    await withService({}, async (service) => use(service, routes));
  } finally {
    diagnostics.unsubscribe('fastify.initialization', watch);
  }
}
