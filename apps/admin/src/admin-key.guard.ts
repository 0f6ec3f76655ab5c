import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { isSameSecret } from '@cleanmail/tenants';
import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';

const publicKey = 'cleanmail:public';

/** Lets a route of the admin surface be used without a key: health and metrics. */
export const WithoutKey = (): ClassDecorator => SetMetadata(publicKey, true);

/** The admin key is missing or wrong. */
export class InvalidAdminKeyError extends Error {
  override readonly name = InvalidAdminKeyError.name;
  readonly code = 'invalid_admin_key';

  constructor() {
    super(
      'Send the admin key as "Authorization: Bearer <admin key>"; it is in ADMIN_KEY, or in the file admin.key in DATA_DIR.',
    );
  }
}

const scheme = 'bearer ';

/** Lets a request through that carries the admin key. */
@Injectable()
export class AdminKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** @throws InvalidAdminKeyError */
  canActivate(context: ExecutionContext): boolean {
    if (
      this.reflector.getAllAndOverride<boolean | undefined>(publicKey, [context.getHandler(), context.getClass()]) ===
      true
    ) {
      return true;
    }
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const isBearer = authorization.slice(0, scheme.length).toLowerCase() === scheme;
    if (!isBearer || !isSameSecret(authorization.slice(scheme.length).trim(), this.configuration.adminKey)) {
      throw new InvalidAdminKeyError();
    }
    return true;
  }
}
