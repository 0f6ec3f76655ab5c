import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { ENTERPRISE_USER, PATCH_OP, type ScimList, type ScimUser } from '../../conformance/client/scim-types.js';
import { BASE_PATHS, TenantClient } from '../../conformance/client/tenant-client.js';
import { fullUser, plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { withWatchedService } from '../../support/recorded-routes.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { comparable, expectScimError } from './answers.js';

const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';
const SEED = 20_261_121;
const USERS_EACH = 5;
const ROUNDS = 40;
const AT_ONCE = 10;

/** All that can be seen of a tenant from outside: its users by SCIM, and users and mailboxes by the admin surface. */
async function dump(tenant: TenantClient): Promise<unknown> {
  const { id } = tenant.tenant;
  const answers = [
    await tenant.send('GET', '/Users?count=500'),
    await tenant.send('GET', '/Groups?count=500'),
    await tenant.admin.call('GET', `/tenants/${id}`),
    await tenant.admin.call('GET', `/tenants/${id}/users?limit=100`),
    await tenant.admin.call('GET', `/tenants/${id}/mailboxes?limit=100`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  return answers.map(({ body }) => body);
}

/** What an operation of the attacker may aim at: a user of another tenant. */
interface Target {
  readonly victim: ScimUser;
  readonly etag: string;
}

/** A request of the attacker about somebody else's user, and what it must be answered with. */
type Attack = (attacker: TenantClient, target: Target) => Promise<void>;

const quoted = encodeURIComponent;
const patchBody = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'active', value: false }] };

function expectUnknown(answer: Exchange, id: string): void {
  expect(expectScimError(answer, 404)).toBe(`User ${id} does not exist.`);
}

function expectNothingOf(victim: ScimUser, answer: Exchange): void {
  expect([answer.status, (answer.body as ScimList).totalResults]).toEqual([200, 0]);
  expect(answer.text).not.toContain(victim.id);
}

const attacks: readonly Attack[] = [
  async (attacker, { victim }) => expectUnknown(await attacker.send('GET', `/Users/${victim.id}`), victim.id),
  async (attacker, { victim }) => expectUnknown(await attacker.send('DELETE', `/Users/${victim.id}`), victim.id),
  async (attacker, { victim, etag }) =>
    expectUnknown(await attacker.send('DELETE', `/Users/${victim.id}`, { headers: { 'If-Match': etag } }), victim.id),
  async (attacker, { victim, etag }) =>
    expectUnknown(
      await attacker.send('PATCH', `/Users/${victim.id}`, { body: patchBody, headers: { 'If-Match': etag } }),
      victim.id,
    ),
  async (attacker, { victim }) =>
    expectUnknown(await attacker.send('PATCH', `/Users/${victim.id}`, { body: patchBody }), victim.id),
  async (attacker, { victim }) =>
    expectUnknown(
      await attacker.send('PUT', `/Users/${victim.id}`, {
        body: plainUser(uniqueAddress()),
        headers: { 'If-Match': '*' },
      }),
      victim.id,
    ),
  async (attacker, { victim, etag }) =>
    expectUnknown(await attacker.send('GET', `/Users/${victim.id}`, { headers: { 'If-None-Match': etag } }), victim.id),
  async (attacker, { victim }) =>
    expectNothingOf(victim, await attacker.send('GET', `/Users?filter=${quoted(`id eq "${victim.id}"`)}`)),
  async (attacker, { victim }) =>
    expectNothingOf(
      victim,
      await attacker.send(
        'GET',
        `/Users?filter=${quoted(`userName eq "${victim.userName}" or externalId eq "${victim.externalId}"`)}`,
      ),
    ),
  async (attacker, { victim }) =>
    expectNothingOf(
      victim,
      await attacker.send('GET', `/Users?filter=${quoted(`emails.value co "${victim.userName}"`)}`),
    ),
  async (attacker, { victim }) =>
    expectNothingOf(victim, await attacker.send('GET', `/Users?filter=${quoted(`not (id ne "${victim.id}")`)}`)),
];

/** A user of the same name, with the victim's ids in its body, is another user. */
async function expectTwin(attacker: TenantClient, victim: ScimUser): Promise<void> {
  const body = fullUser(victim.userName, { id: victim.id, externalId: victim.externalId, meta: victim.meta });
  const twin = await attacker.createUser(body);
  expect(twin.id).not.toBe(victim.id);
  expect((await attacker.findByUserName(victim.userName)).Resources).toEqual([twin]);
  await attacker.disable(twin.id);
  await attacker.remove(twin.id);
}

describeEachEngine(`two tenants under interleaved load (seed ${SEED})`, (engine) => {
  const service = serviceForSuite(engine);

  async function openWithUsers(): Promise<{ readonly tenant: TenantClient; readonly users: ScimUser[] }> {
    const tenant = await TenantClient.open(service(), 'cleanmail');
    const users: ScimUser[] = [];
    for (let count = 0; count < USERS_EACH; count += 1) users.push(await tenant.createUser(fullUser()));
    return { tenant, users };
  }

  it('should leave the other tenant as it was, to the letter, whatever one does with its ids, names and versions', async () => {
    const victim = await openWithUsers();
    const attacker = await openWithUsers();
    const before = await dump(victim.tenant);
    const step = fc.record({ attack: fc.constantFrom(...attacks), index: fc.nat(USERS_EACH - 1) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (steps) => {
        await Promise.all(
          steps.map(async ({ attack, index }) => {
            const target = victim.users[index];
            if (target !== undefined)
              await attack(attacker.tenant, { victim: target, etag: String(target.meta.version) });
          }),
        );
      }),
      { seed: SEED, numRuns: ROUNDS },
    );
    await Promise.all(victim.users.map((user) => expectTwin(attacker.tenant, user)));
    expect(await dump(victim.tenant)).toEqual(before);
    expect((await attacker.tenant.send('GET', '/Users?count=500')).body).toMatchObject({ totalResults: USERS_EACH });
  });

  it('should keep every change of its own, and no other, while both work on users of the same names', async () => {
    const names = Array.from({ length: USERS_EACH }, () => uniqueAddress('shared'));
    const tenants = await Promise.all([1, 2].map(() => TenantClient.open(service(), 'cleanmail')));
    const states = await Promise.all(
      tenants.map(async (tenant) => Promise.all(names.map((name) => tenant.createUser(plainUser(name))))),
    );
    const work = async (side: number): Promise<void> => {
      const [tenant, own, foreign] = [tenants[side], states[side], states[1 - side]];
      if (tenant === undefined || own === undefined || foreign === undefined)
        throw new Error(`there is no side ${side}`);
      for (let round = 0; round < ROUNDS; round += 1) {
        const index = round % USERS_EACH;
        const [user, other] = [own[index], foreign[index]];
        if (user === undefined || other === undefined) throw new Error(`there is no user ${index}`);
        expectUnknown(await tenant.patch(other.id, { op: 'replace', path: 'title', value: 'stolen' }), other.id);
        const answer = await tenant.patch(user.id, {
          op: 'replace',
          path: 'title',
          value: `side ${side}, round ${round}`,
        });
        expect(answer.status).toBe(200);
        own[index] = answer.body as ScimUser;
        expect((await tenant.findByUserName(user.userName)).Resources).toEqual([own[index]]);
      }
    };
    await Promise.all([work(0), work(1)]);
    const sorted = (users: readonly ScimUser[]): readonly ScimUser[] =>
      [...users].sort((left, right) => (left.id < right.id ? -1 : 1));
    for (const [side, tenant] of tenants.entries()) {
      const listed = (await tenant.send('GET', '/Users?count=500')).body as ScimList;
      expect(sorted(listed.Resources)).toEqual(sorted(states[side] ?? []));
    }
  });

  it('should not take another tenant’s cursor, mailbox or token by the admin surface either', async () => {
    const [one, two] = [await openWithUsers(), await openWithUsers()];
    const [{ id: oneId }, { id: twoId }] = [one.tenant.tenant, two.tenant.tenant];
    const { admin } = one.tenant;
    const page = await admin.call('GET', `/tenants/${twoId}/users?limit=2`);
    const { nextCursor } = page.body as { readonly nextCursor: string };
    const answer = await admin.call(
      'GET',
      `/tenants/${oneId}/users?limit=100&cursor=${encodeURIComponent(nextCursor)}`,
    );
    expect([200, 400]).toContain(answer.status);
    for (const { id } of two.users) expect(answer.text).not.toContain(id);
    const mailbox = await two.tenant.mailboxOf(two.users[0]?.id ?? '');
    expect((await admin.call('GET', `/tenants/${oneId}/mailboxes/${mailbox.id}`)).status).toBe(404);
    const token = await admin.issueToken(twoId);
    expect((await admin.call('DELETE', `/tenants/${oneId}/tokens/${token.id}`)).status).toBe(404);
    expect((await two.tenant.withToken(token.token).send('GET', '/Users')).status).toBe(200);
  });
});

/** A body with which the method could be carried out on a user and on a group alike. */
function bodyFor(method: string): object | undefined {
  if (method === 'PATCH')
    return { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'displayName', value: 'x' }] };
  return ['POST', 'PUT', 'QUERY'].includes(method) ? plainUser(uniqueAddress(), { displayName: 'x' }) : undefined;
}

/** What a method of a path with an id is answered with, whatever the id. */
function expectedStatus(method: string, path: string): number {
  if (method === 'OPTIONS') return 204;
  const isResource = path.includes('/Users/') || path.includes('/Groups/');
  return (isResource ? ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'] : ['GET', 'HEAD']).includes(method) ? 404 : 405;
}

it('every route with an id should answer another tenant’s ids exactly as unknown ones', async () => {
  await withWatchedService(async (service, routes) => {
    const matrix = routes.filter(
      ({ path }) => path.includes(':') && Object.values(BASE_PATHS).some((base) => path.startsWith(base)),
    );
    expect(matrix.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(
        ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /api/v3/scim2/Users/:id`),
      ),
    );
    for (const profile of ['cleanmail', 'sendsafely'] as const) {
      const [attacker, victim] = [await TenantClient.open(service, profile), await TenantClient.open(service, profile)];
      const ids = [(await victim.createUser(fullUser())).id];
      const group = await victim.send('POST', '/Groups', {
        body: { displayName: 'Sales', members: [{ value: ids[0] }] },
      });
      if (profile === 'cleanmail') ids.push((group.body as ScimUser).id);
      const before = await dump(victim);
      for (const { method, path } of matrix.filter((route) => route.path.startsWith(BASE_PATHS[profile]))) {
        const ask = async (id: string): Promise<unknown> => {
          const target = path.slice(BASE_PATHS[profile].length).replace(/:\w+/g, id);
          const answer = await attacker.send(method, target, { body: bodyFor(method) });
          expect([method, target, answer.status]).toEqual([method, target, expectedStatus(method, path)]);
          return comparable({ ...answer, text: answer.text.replaceAll(id, '(id)') });
        };
        const unknown = await ask(UNKNOWN_ID);
        for (const id of ids) expect(await ask(id)).toEqual(unknown);
      }
      expect(await dump(victim)).toEqual(before);
    }
  });
});

/** Bodies that name a resource, for each endpoint that carries out a POST of JSON; a new one without a body fails. */
const namingBodies: Readonly<Record<string, (id: string) => object>> = {
  '/Users': (id) =>
    plainUser(uniqueAddress(), { id, [ENTERPRISE_USER]: { manager: { value: id } }, groups: [{ value: id }] }),
  '/Groups': (id) => ({ id, displayName: uniqueAddress(), members: [{ value: id }] }),
  '/Bulk': (id) => ({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: ['/Users', '/Groups'].flatMap((endpoint) => [
      { method: 'PATCH', path: `${endpoint}/${id}`, data: bodyFor('PATCH') },
      { method: 'PUT', path: `${endpoint}/${id}`, data: bodyFor('PUT') },
      { method: 'DELETE', path: `${endpoint}/${id}` },
    ]),
  }),
  ...Object.fromEntries(
    ['/.search', '/Users/.search', '/Groups/.search'].map((endpoint) => [
      endpoint,
      (id: string) => ({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        filter: `id eq "${id}" or externalId eq "${id}"`,
      }),
    ]),
  ),
};

it('every route without an id should answer a request that names another tenant’s ids as if nobody had them', async () => {
  await withWatchedService(async (service, routes) => {
    for (const profile of ['cleanmail', 'sendsafely'] as const) {
      const base = BASE_PATHS[profile];
      const [attacker, victim] = [await TenantClient.open(service, profile), await TenantClient.open(service, profile)];
      const user = await victim.createUser(fullUser());
      const before = await dump(victim);
      const matrix = routes.filter(
        ({ method, path }) => ['GET', 'POST'].includes(method) && path.startsWith(base) && !path.includes(':'),
      );
      for (const { method, path } of matrix.filter((route) => !route.path.endsWith('/oauth/token'))) {
        const tail = path.slice(base.length);
        const ask = async (id: string): Promise<Exchange> => {
          const query = method === 'GET' ? `?filter=${quoted(`id eq "${id}"`)}` : '';
          const body = method === 'POST' ? (namingBodies[tail]?.(id) ?? {}) : undefined;
          const answer = await attacker.send(method, `${tail}${query}`, { body });
          return { ...answer, text: answer.text.replaceAll(id, '(id)') };
        };
        const [unknown, answer] = [await ask(UNKNOWN_ID), await ask(user.id)];
        expect([method, tail, answer.status]).toEqual([method, tail, unknown.status]);
        if (method === 'POST' && namingBodies[tail] === undefined) {
          expect([method, tail, [404, 405, 501].includes(answer.status)]).toEqual([method, tail, true]);
        }
        // What was created has an id of its own, and nothing of the other tenant.
        if (answer.status === 201) expect(answer.text).not.toContain(user.userName);
        else expect(comparable(answer)).toEqual(comparable(unknown));
      }
      expect(await dump(victim)).toEqual(before);
    }
  });
});
