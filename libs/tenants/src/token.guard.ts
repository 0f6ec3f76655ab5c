import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { basePathOf } from './service-profile.js';
import { InvalidTokenError } from './tenants.errors.js';
import { type CredentialRequest, strategyName } from './token.strategy.js';
import { type Principal, TokenVerifier } from './token-verifier.js';

/** A request that the guard has let through. */
export interface AuthenticatedRequest {
  principal?: Principal;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly routeOptions: { readonly url?: string | undefined };
}

/**
 * Lets a request through when its token opens the service at this route. It is a global guard and goes by the route's
 * own template, never by the path of the request, which a router may read in more ways than one.
 */
@Injectable()
export class TokenGuard extends AuthGuard(strategyName) {
  constructor(private readonly verifier: TokenVerifier) {
    super();
  }

  override getRequest(context: ExecutionContext): CredentialRequest {
    const { headers, routeOptions } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const { authorization } = headers;
    return {
      headers: { authorization },
      verifier: this.verifier,
      basePath: basePathOf(routeOptions.url ?? '') ?? '',
    };
  }

  /** @throws InvalidTokenError for every credential that opens nothing; errors of the database as they are. */
  override handleRequest<User>(
    error: unknown,
    principal: User | false,
    _info: unknown,
    context: ExecutionContext,
  ): User {
    if (error !== null && error !== undefined) {
      throw error instanceof Error ? error : new InvalidTokenError();
    }
    if (principal === false || principal === undefined || principal === null) {
      throw new InvalidTokenError();
    }
    context.switchToHttp().getRequest<AuthenticatedRequest>().principal = principal as unknown as Principal;
    return principal;
  }
}
