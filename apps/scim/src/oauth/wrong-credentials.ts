import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** So many wrong credentials an address may send, in so many seconds. */
const mostWrong = 120;
const seconds = 60;

/**
 * Counts wrong client credentials by address. Only they are refused when there were too many: an identity provider
 * sends for many customers from one address, and those with the right secret must never suffer from the others.
 */
@Injectable()
export class WrongCredentials {
  private readonly limiter = new RateLimiterMemory({ points: mostWrong, duration: seconds });

  /** Counts one of an address: 0 while it may go on, else the whole seconds that it should wait. */
  async count(address: string): Promise<number> {
    return this.limiter.consume(address).then(
      () => 0,
      ({ msBeforeNext }: { readonly msBeforeNext: number }) => Math.max(1, Math.ceil(msBeforeNext / 1000)),
    );
  }
}
