import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { Metrics } from '@cleanmail/listener';
import { ScimError } from '@cleanmail/scim';
import { type AuthenticatedRequest, InvalidTokenError } from '@cleanmail/tenants';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { isLeaver } from './is-leaver.js';
import { RateLane } from './rate-lane.js';

/**
 * Refuses what one tenant sends beyond its share of a node; other tenants do not notice. Leavers have a lane of their
 * own: an initial cycle that uses up the ordinary share delays nobody's deactivation.
 */
@Injectable()
export class TenantRateGuard implements CanActivate {
  private readonly ordinary: RateLane;
  private readonly leavers: RateLane;

  constructor(
    @Inject(CONFIGURATION) { rateLimitPerSecond }: Configuration,
    private readonly metrics: Metrics,
  ) {
    this.ordinary = new RateLane(rateLimitPerSecond);
    this.leavers = new RateLane(rateLimitPerSecond);
  }

  /** @throws ScimError 429 */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (principal === undefined) {
      throw new InvalidTokenError();
    }
    const isOfLeaver = isLeaver(context);
    const seconds = await (isOfLeaver ? this.leavers : this.ordinary).take(principal.tenant);
    if (seconds > 0) {
      this.metrics.countRefusal(isOfLeaver ? 'rate_limit_leavers' : 'rate_limit');
      throw ScimError.tooManyRequests(
        `The tenant sends more ${isOfLeaver ? 'deactivations and deletions' : 'requests'} than this service takes at once; wait ${seconds} s and repeat the request.`,
        seconds,
      );
    }
    return true;
  }
}
