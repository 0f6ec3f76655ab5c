import { RateLimiterMemory } from 'rate-limiter-flexible';

/** A burst may hold what is due in two seconds, and a longer window a second's share more than is due in it. */
const burst = { seconds: 1, shares: 2 };
const sustained = { seconds: 4, shares: 5 };

/**
 * One lane of this node: so many requests a second for each tenant, however unevenly they come. Two fixed windows stand
 * behind it, each with a whole second's share to spare: a client that keeps to the rate and sends every request less
 * than half a second early or late is never refused.
 */
export class RateLane {
  private readonly burst: RateLimiterMemory;
  private readonly sustained: RateLimiterMemory;

  constructor(perSecond: number) {
    this.burst = new RateLimiterMemory({ points: burst.shares * perSecond, duration: burst.seconds });
    this.sustained = new RateLimiterMemory({ points: sustained.shares * perSecond, duration: sustained.seconds });
  }

  /**
   * Takes a request of a tenant: 0 when there is room, else the whole seconds after which there will be. What a burst
   * refuses does not count in the longer window.
   */
  async take(tenant: string): Promise<number> {
    const refused = await consume(this.burst, tenant);
    if (refused === undefined) {
      return wholeSeconds(await consume(this.sustained, tenant));
    }
    const longer = await this.sustained.get(tenant);
    const isLongerFull = longer !== null && longer.remainingPoints === 0;
    return wholeSeconds(isLongerFull ? Math.max(refused, longer.msBeforeNext) : refused);
  }
}

/** Undefined when there is room, else the milliseconds until the window ends. */
function consume(limiter: RateLimiterMemory, tenant: string): Promise<number | undefined> {
  return limiter.consume(tenant).then(
    () => undefined,
    ({ msBeforeNext }: { readonly msBeforeNext: number }) => msBeforeNext,
  );
}

function wholeSeconds(milliseconds: number | undefined): number {
  return milliseconds === undefined ? 0 : Math.max(1, Math.ceil(milliseconds / 1000));
}
