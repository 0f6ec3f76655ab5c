import { createListener, EnvironmentModule, type ListenerEnvironment, NestLogger } from '@cleanmail/listener';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AdminApplicationModule } from './admin-application.module.js';
import { serveOpenApi } from './open-api.js';
import { problem, problemMediaType } from './problem/problem.js';

/** Builds the private admin application; `providers` are the configuration, the database and what else is shared. */
export async function createAdminApplication(
  environment: ListenerEnvironment,
  providers: readonly Provider[],
): Promise<NestFastifyApplication> {
  const adapter = createListener({ name: 'admin', renderError }, environment);
  // Fastify's own JSON parser refuses prototype keys; with it alone, every other media type is answered 415.
  adapter.getInstance().removeContentTypeParser('text/plain');
  const application = await NestFactory.create<NestFastifyApplication>(rootModule(environment, providers), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(environment.logger),
  });
  serveOpenApi(application);
  return application;
}

@Module({})
class AdminRootModule {}

function rootModule(environment: ListenerEnvironment, providers: readonly Provider[]): DynamicModule {
  return { module: AdminRootModule, imports: [EnvironmentModule.with(environment, providers), AdminApplicationModule] };
}

function renderError(status: number, detail: string): { contentType: string; body: string } {
  return { contentType: problemMediaType, body: JSON.stringify(problem(status, 'bad_request', detail)) };
}
