import { expect } from '@jest/globals';
import type { Exchange } from '../client/http-exchange.js';
import type { RunningService } from '../client/running-service.js';
import { TenantClient } from '../client/tenant-client.js';
import { expectScimError } from './checks/assertions.js';

/** The environment under which one tenant reaches its limit soonest. */
export const LOWEST_RATE_LIMIT = { RATE_LIMIT_PER_SECOND: '25' };

/** More than the lowest limit lets through in any four seconds, however slow the machine is. */
const BURST = 150;

/** H06: a burst far above the limit meets 429 with `Retry-After`, never before 25 requests, and no other tenant notices. */
export async function expectThrottledPerTenant(service: RunningService): Promise<void> {
  const [loud, quiet] = await Promise.all([
    TenantClient.open(service, 'cleanmail'),
    TenantClient.open(service, 'cleanmail'),
  ]);
  const calm: Promise<Exchange>[] = [];
  const burst = Array.from({ length: BURST }, (_, index) => {
    if (index % 12 === 0) calm.push(quiet.send('GET', '/Users?count=1'));
    return loud.send('GET', '/Users?count=1');
  });
  const answers = await Promise.all(burst);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.length).toBeGreaterThan(0);
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(25);
  for (const answer of refused) {
    expectScimError(answer, 429);
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  }
  expect((await Promise.all(calm)).map(({ status }) => status)).toEqual(calm.map(() => 200));
}
