import { createListener, EnvironmentModule, type ListenerEnvironment, NestLogger } from '@cleanmail/listener';
import { errorMessage, ScimError } from '@cleanmail/scim';
import { addScimAnswers, addScimBodyParsers, scimMediaType } from '@cleanmail/scim-http';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { addFormBodyParser } from './oauth/form-body.js';
import { isOAuthRoute } from './oauth/oauth-route.js';
import { ScimApplicationModule } from './scim-application.module.js';

/** Builds the public SCIM application; `providers` are the configuration, the database and what else is shared. */
export async function createScimApplication(
  environment: ListenerEnvironment,
  providers: readonly Provider[],
): Promise<NestFastifyApplication> {
  const adapter = createListener({ name: 'scim', renderError }, environment);
  addScimBodyParsers(adapter);
  addScimAnswers(adapter, (request) => !isOAuthRoute(request));
  addFormBodyParser(adapter);
  return NestFactory.create<NestFastifyApplication>(rootModule(environment, providers), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(environment.logger),
  });
}

@Module({})
class ScimRootModule {}

function rootModule(environment: ListenerEnvironment, providers: readonly Provider[]): DynamicModule {
  return { module: ScimRootModule, imports: [EnvironmentModule.with(environment, providers), ScimApplicationModule] };
}

function renderError(status: number, detail: string): { contentType: string; body: string } {
  return { contentType: scimMediaType, body: JSON.stringify(errorMessage(new ScimError(status, detail))) };
}
