import { describe, expect, it } from '@jest/globals';
import { exchange, type Exchange } from '../../conformance/client/http-exchange.js';
import { CORE_USER, PATCH_OP } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { withService } from '../../support/embedded-engine.js';
import { eventually } from '../../support/eventually.js';
import type { ServiceUnderTest } from '../../support/service.js';
import { expectHeaders, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';

const LIMIT = 25;
/** More than a tenant may send in any four seconds; a machine that is slower than that is sent more. */
const FLOOD = 6 * LIMIT;
const MOST_FLOODS = 20;
const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';

const withLimit = (use: (service: ServiceUnderTest) => Promise<void>) =>
  withService({ environment: { RATE_LIMIT_PER_SECOND: String(LIMIT) } }, use);

const operations = (...all: readonly object[]) => ({ schemas: [PATCH_OP], Operations: all });

/** How each dialect says that somebody has left; a body of undefined is a DELETE. */
const leavers: readonly (readonly [string, string, ((userName: string) => object)?])[] = [
  ['Entra’s default', 'PATCH', () => operations({ op: 'Replace', path: 'active', value: 'False' })],
  ['Entra’s with the flag', 'PATCH', () => operations({ op: 'replace', path: 'active', value: false })],
  ['Entra’s among other attributes', 'PATCH', () => operations({ op: 'replace', value: { 'name.givenName': 'A', active: 'False' } })],
  ['Okta’s PATCH', 'PATCH', () => operations({ op: 'replace', value: { active: false } })],
  ['Okta’s PUT', 'PUT', (userName) => ({ schemas: [CORE_USER], userName, active: false })],
  ['OneLogin’s', 'PATCH', () => operations({ value: false, op: 'replace', path: 'active' })],
  ['the schema as an object', 'PATCH', () => operations({ op: 'replace', value: { [CORE_USER]: { active: false } } })],
  ['a deletion', 'DELETE'],
]; // prettier-ignore

/** Sends more and more at once until some of it is refused; answers what all of it was answered. */
async function floodUntilRefused(send: (index: number) => Promise<Exchange>): Promise<readonly Exchange[]> {
  const answers: Exchange[] = [];
  for (let flood = 1; flood <= MOST_FLOODS && !answers.some(({ status }) => status === 429); flood += 1) {
    const sent = Array.from({ length: flood * FLOOD }, (_, index) => send(answers.length + index));
    answers.push(...(await Promise.all(sent)));
  }
  return answers;
}

describe('the rate limit', () => {
  it('should refuse one tenant’s requests beyond it, whole, and no other’s', async () => {
    await withLimit(async (service) => {
      const [loud, second, quiet] = await Promise.all([1, 2, 3].map(() => TenantClient.open(service, 'cleanmail')));
      if (loud === undefined || second === undefined || quiet === undefined)
        throw new Error('there are not three tenants');
      const sameTenant = loud.withToken((await loud.admin.issueToken(loud.tenant.id)).token);
      const calm: Promise<Exchange>[] = [];
      const answers = await floodUntilRefused((index) => {
        if (index % 100 === 0) calm.push(quiet.send('POST', '/Users', { body: plainUser(uniqueAddress()) }));
        const sender = index % 2 === 0 ? loud : sameTenant;
        return sender.send('POST', '/Users', { body: plainUser(uniqueAddress()) });
      });
      const created = answers.filter(({ status }) => status === 201);
      const refused = answers.filter(({ status }) => status !== 201);
      expect(created.length).toBeGreaterThanOrEqual(LIMIT);
      expect(refused.length).toBeGreaterThan(0);
      for (const answer of refused) {
        expectScimError(answer, 429);
        const retryAfter = expect.stringMatching(/^[1-4]$/);
        expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE, 'retry-after': retryAfter });
      }
      expect((await Promise.all(calm)).map(({ status }) => status)).toEqual(calm.map(() => 201));
      expectScimError(await second.withToken('nonsense').send('GET', '/Users'), 401);

      const { answer } = await eventually(
        () => loud.send('GET', '/Users?count=0'),
        ({ status }) => status === 200,
        5000,
      );
      expect(answer.body).toMatchObject({ totalResults: created.length });
    });
  });

  it('should let leavers through while the ordinary share is used up, in every dialect', async () => {
    await withLimit(async (service) => {
      const tenant = await TenantClient.open(service, 'cleanmail');
      const people = await Promise.all(
        leavers.map(() => tenant.createUser(plainUser(uniqueAddress(), { name: { givenName: 'Ada' } }))),
      );
      const flood = await floodUntilRefused(() => tenant.send('GET', '/Users?count=1'));
      expect(flood.map(({ status }) => status)).toContain(429);
      const answers = await Promise.all(
        leavers.map(async ([what, method, body], index) => {
          const person = people[index];
          if (person === undefined) throw new Error('there is nobody left');
          const sent = body === undefined ? {} : { body: body(person.userName) };
          const answer = await tenant.send(method, `/Users/${person.id}`, sent);
          return [what, answer.status, (answer.body as { active?: boolean } | undefined)?.active];
        }),
      );
      expect(answers).toEqual(
        leavers.map(([what, method]) => (method === 'DELETE' ? [what, 204, undefined] : [what, 200, false])),
      );
    });
  });

  it('should hold a flood of deletions to a limit of its own, while ordinary requests go on', async () => {
    await withLimit(async (service) => {
      const tenant = await TenantClient.open(service, 'cleanmail');
      const flood = await floodUntilRefused(() => tenant.send('DELETE', `/Users/${UNKNOWN_ID}`));
      const refused = flood.filter(({ status }) => status !== 404);
      expect(refused.length).toBeGreaterThan(0);
      for (const answer of refused) {
        expect(expectScimError(answer, 429)).toContain('deactivations and deletions');
        expect(answer.headers['retry-after']).toMatch(/^[1-4]$/);
      }
      const ordinary = await Promise.all(Array.from({ length: LIMIT }, () => tenant.send('GET', '/Users?count=1')));
      expect(ordinary.map(({ status }) => status)).toEqual(ordinary.map(() => 200));
      const metrics = await exchange({ method: 'GET', origin: service.adminUrl, path: '/metrics' });
      expect(metrics.text).toContain(`cleanmail_requests_refused_total{reason="rate_limit_leavers"} ${refused.length}`);
    });
  });

  it('should not take an activation or another change for a leaver', async () => {
    await withLimit(async (service) => {
      const tenant = await TenantClient.open(service, 'cleanmail');
      const { id } = await tenant.createUser(plainUser(uniqueAddress()));
      const changes = [
        operations({ op: 'Replace', path: 'active', value: 'True' }),
        operations({ op: 'replace', value: { active: true } }),
        operations({ op: 'replace', path: 'title', value: 'False' }),
      ];
      const flood = await floodUntilRefused((index) =>
        tenant.send('PATCH', `/Users/${id}`, { body: changes[index % changes.length] }),
      );
      expect(flood.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
      expect((await tenant.patch(id, { op: 'Replace', path: 'active', value: 'False' })).status).toBe(200);
    });
  });
});
