import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SCIM_JSON, TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { withService } from '../../support/embedded-engine.js';
import { RawConnection, requestHead } from '../../support/raw-http.js';
import type { ServiceUnderTest } from '../../support/service.js';
import { expectScimError } from './answers.js';

const USERS = '/api/v3/scim2/Users';
/** The time for a request (15 s), the interval at which connections are looked at (2 s), and some for a busy machine. */
const PATIENCE_MILLISECONDS = 20_000;
const TRICKLE_MILLISECONDS = 250;
const EACH = 15;

interface SlowClient {
  readonly name: string;
  readonly start: string;
  /** What it goes on sending, bit by bit. */
  readonly drip: string;
}

function slowClients(token: string): readonly SlowClient[] {
  const Authorization = `Bearer ${token}`;
  const head = (headers: Readonly<Record<string, string>>): string =>
    requestHead('POST', USERS, { 'Content-Type': SCIM_JSON, ...headers });
  return [
    { name: 'a body that never ends', start: head({ Authorization, 'Content-Length': '100000' }), drip: 'x' },
    { name: 'a body that never begins', start: head({ Authorization, 'Content-Length': '100000' }), drip: '' },
    {
      name: 'chunks that never end',
      start: head({ Authorization, 'Transfer-Encoding': 'chunked' }),
      drip: '1\r\nx\r\n',
    },
    { name: 'a body without a token', start: head({ 'Content-Length': '100000' }), drip: 'x' },
    {
      name: 'a body of an unknown type',
      start: head({ Authorization, 'Content-Type': 'text/plain', 'Transfer-Encoding': 'chunked' }),
      drip: '1\r\nx\r\n',
    },
    { name: 'headers that never end', start: `GET ${USERS} HTTP/1.1\r\nHost: x\r\nX-Slow: `, drip: 'x' },
    { name: 'headers that are always new', start: `GET ${USERS} HTTP/1.1\r\nHost: x\r\n`, drip: 'X-Slow: x\r\n' },
    { name: 'a request line that never ends', start: 'GET /', drip: 'x' },
    { name: 'nothing at all', start: '', drip: '' },
  ];
}

/** Opens a connection, drips into it until the service cuts it, and gives what it was told and how long that took. */
async function beSlow(
  service: ServiceUnderTest,
  { name, start, drip }: SlowClient,
): Promise<{ name: string; afterMilliseconds: number; error: string | undefined }> {
  const connection = await RawConnection.open(service.scimUrl);
  const startedAt = performance.now();
  await connection.write(start);
  while (!connection.isClosed && performance.now() - startedAt < PATIENCE_MILLISECONDS) {
    await delay(TRICKLE_MILLISECONDS);
    if (drip !== '') await connection.write(drip);
  }
  const afterMilliseconds = performance.now() - startedAt;
  const answer = connection.isClosed ? await connection.answer() : undefined;
  connection.destroy();
  if (answer !== undefined) expectScimError(answer, 408);
  return { name, afterMilliseconds, error: connection.isClosed ? undefined : 'was not cut' };
}

describe('clients that are too slow', () => {
  it('should be cut within 20 seconds, while other clients are served as always', async () => {
    await withService({}, async (service) => {
      const tenant = await TenantClient.open(service, 'cleanmail');
      const slow = slowClients(tenant.token).flatMap((client) => Array.from({ length: EACH }, () => client));
      let areAllCut = false;
      const cuts = Promise.all(slow.map((client) => beSlow(service, client))).finally(() => (areAllCut = true));
      const durations: number[] = [];
      while (!areAllCut) {
        await delay(50);
        const startedAt = performance.now();
        const answers = [
          await tenant.send('GET', '/Users?count=1'),
          await tenant.send('POST', '/Users', { body: plainUser(uniqueAddress()) }),
        ];
        durations.push(performance.now() - startedAt);
        expect(answers.map(({ status }) => status)).toEqual([200, 201]);
      }
      for (const { name, afterMilliseconds, error } of await cuts) {
        // A connection without a request is kept for the next one, as HTTP allows; Node cuts it by its own time limit.
        const isInTime = error === undefined && afterMilliseconds > 5000;
        expect([name, isInTime ? 'cut' : `${error} ${afterMilliseconds}`]).toEqual([name, 'cut']);
      }
      durations.sort((left, right) => left - right);
      expect(durations.length).toBeGreaterThan(50);
      expect(durations[Math.floor(durations.length * 0.95)]).toBeLessThan(1000);
    });
  });
});
