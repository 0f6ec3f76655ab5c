import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { Metrics } from '@cleanmail/listener';
import { ScimError } from '@cleanmail/scim';
import { type AuthenticatedRequest, InvalidTokenError } from '@cleanmail/tenants';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** Refuses what one tenant sends beyond its share of a node, second by second; other tenants do not notice. */
@Injectable()
export class TenantRateGuard implements CanActivate {
  private readonly limiter: RateLimiterMemory;

  constructor(
    @Inject(CONFIGURATION) configuration: Configuration,
    private readonly metrics: Metrics,
  ) {
    this.limiter = new RateLimiterMemory({ points: configuration.rateLimitPerSecond, duration: 1 });
  }

  /** @throws ScimError 429 */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (principal === undefined) {
      throw new InvalidTokenError();
    }
    try {
      await this.limiter.consume(principal.tenant);
      return true;
    } catch {
      this.metrics.countRefusal('rate_limit');
      throw ScimError.tooManyRequests(
        'The tenant sends more requests a second than this service takes; wait and repeat the request.',
      );
    }
  }
}
