import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { withService } from '../../support/embedded-engine.js';
import { eventually } from '../../support/eventually.js';
import { expectHeaders, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';

const LIMIT = 25;

describe('the rate limit', () => {
  it('should refuse one tenant’s requests beyond it, whole, and no other’s', async () => {
    await withService({ environment: { RATE_LIMIT_PER_SECOND: String(LIMIT) } }, async (service) => {
      const [loud, second, quiet] = await Promise.all([1, 2, 3].map(() => TenantClient.open(service, 'cleanmail')));
      if (loud === undefined || second === undefined || quiet === undefined)
        throw new Error('there are not three tenants');
      const sameTenant = loud.withToken((await loud.admin.issueToken(loud.tenant.id)).token);
      const calm: Promise<Exchange>[] = [];
      const burst = Array.from({ length: 120 }, (_, index) => {
        if (index % 10 === 0) calm.push(quiet.send('POST', '/Users', { body: plainUser(uniqueAddress()) }));
        const sender = index % 2 === 0 ? loud : sameTenant;
        return sender.send('POST', '/Users', { body: plainUser(uniqueAddress()) });
      });
      const answers = await Promise.all(burst);
      const created = answers.filter(({ status }) => status === 201);
      const refused = answers.filter(({ status }) => status !== 201);
      expect(created.length).toBeGreaterThanOrEqual(LIMIT);
      expect(refused.length).toBeGreaterThan(0);
      for (const answer of refused) {
        expectScimError(answer, 429);
        expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE, 'retry-after': '1' });
      }
      expect((await Promise.all(calm)).map(({ status }) => status)).toEqual(calm.map(() => 201));
      expectScimError(await second.withToken('nonsense').send('GET', '/Users'), 401);

      const { answer, afterMs } = await eventually(
        () => loud.send('GET', '/Users?count=0'),
        ({ status }) => status === 200,
        5000,
      );
      expect(afterMs).toBeLessThan(1500);
      expect(answer.body).toMatchObject({ totalResults: created.length });
    });
  });

  it('should never be reached by a client that keeps to 25 requests a second', async () => {
    await withService({ environment: { RATE_LIMIT_PER_SECOND: String(LIMIT) } }, async (service) => {
      const tenant = await TenantClient.open(service, 'alinto-protect');
      const statuses = [];
      // At least 40 ms between two requests, so that no second holds more than the limit.
      while (statuses.length < 3 * LIMIT) {
        statuses.push((await tenant.send('GET', '/Users?count=1')).status);
        await delay(1000 / LIMIT);
      }
      expect(statuses).toEqual(statuses.map(() => 200));
    });
  });
});
