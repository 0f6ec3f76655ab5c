import type { CanActivate, ExecutionContext, Provider, Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

const language = 'oauth';

/** Marks a handler as OAuth's: it is open to requests without a bearer token, and speaks OAuth and not SCIM. */
export const OAuthRoute = (): MethodDecorator => RouteConfig({ language });

/** Whether a request is for a handler with that mark. */
export function isOAuthRoute({ routeOptions }: FastifyRequest): boolean {
  const { config } = routeOptions as { readonly config?: { readonly language?: unknown } };
  return config?.language === language;
}

/** A guard of every route but those of OAuth. */
export function scimGuard(guard: Type<CanActivate>): readonly Provider[] {
  const useFactory = (inner: CanActivate): CanActivate => ({
    canActivate: (context) => isOAuthRoute(requestOf(context)) || inner.canActivate(context),
  });
  return [guard, { provide: APP_GUARD, useFactory, inject: [guard] }];
}

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}
