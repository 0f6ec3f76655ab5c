import { newId } from '@cleanmail/database';
import { expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { adminSurface, anyEngine, instant, listOf, unknownId, uuid } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

interface Erasure {
  readonly id: string;
  readonly state: string;
}

describeEachEngine('Admin REST, erasure on request', (engine) => {
  if (engine.name !== anyEngine().name) return;
  const surface = adminSurface(engine);

  async function open() {
    const domain = `d-${newId()}.example`;
    const client = await TenantClient.open(surface.service(), 'cleanmail', [domain]);
    const { id: userId } = await client.createUser({ userName: `zelda@${domain}`, displayName: 'Zelda Muster' });
    const path = `/tenants/${client.tenant.id}/erasures`;
    const as = (actor: string | undefined, method: string, rest = '', body?: object) =>
      surface.call(method, `${path}${rest}`, body, actor === undefined ? {} : { 'X-Actor': actor });
    return { client, domain, userId, as };
  }

  it('should erase what one asks for and another confirms, and answer for it afterwards', async () => {
    const { client, domain, userId, as } = await open();
    const asked = await as('support:ada', 'POST', '', { userId, reason: 'Case 4711' });
    expect([asked.status, asked.body]).toEqual([
      201,
      {
        ...{ id: expect.stringMatching(uuid), userId, mailboxId: expect.stringMatching(uuid), reason: 'Case 4711' },
        ...{ state: 'requested', requestedBy: 'support:ada', requestedAt: expect.stringMatching(instant) },
        ...{ expiresAt: expect.stringMatching(instant), confirmedBy: null, confirmedAt: null, cancelledBy: null },
        ...{ cancelledAt: null, completedAt: null },
        counts: { users: 0, mailboxes: 0, logEntries: 0, auditEntries: 0 },
        notice: expect.stringContaining('assigned'),
      },
    ]);
    const { id } = asked.body as Erasure;
    expect((await client.send('GET', `/Users/${userId}`)).status).toBe(200);
    const done = await as('support:bea', 'POST', `/${id}/confirm`);
    expect([done.status, done.body]).toMatchObject([200, { id, state: 'done', counts: { users: 1, mailboxes: 1 } }]);
    expect((await client.send('GET', `/Users/${userId}`)).status).toBe(404);
    expect((await as(undefined, 'GET', `/${id}`)).body).toEqual(done.body);
    const about = async (subject: string) =>
      listOf<Erasure>(await as(undefined, 'GET', `?subject=${encodeURIComponent(subject)}`)).items;
    expect([await about(`ZELDA@${domain}`), await about(`other@${domain}`)]).toEqual([[done.body], []]);
    expect((await client.createUser({ userName: `zelda@${domain}` })).id).not.toBe(userId);
  });

  it('should tell who may not, what cannot be, and what is not there', async () => {
    const { userId, as } = await open();
    const body = { userId, reason: 'Case 1' };
    for (const actor of [undefined, 'admin-key', ' ']) {
      expectProblem(await as(actor, 'POST', '', body), 400, 'actor_required', /X-Actor/);
    }
    const { id } = (await as('support:ada', 'POST', '', body)).body as Erasure;
    expectProblem(await as('Support:ADA', 'POST', `/${id}/confirm`), 409, 'erasure_actor', /somebody else/);
    expectProblem(await as(undefined, 'POST', `/${id}/confirm`), 400, 'actor_required', /X-Actor/);
    expectProblem(await as('support:bea', 'POST', '', body), 409, 'erasure_state', new RegExp(id));
    expect((await as('support:ada', 'POST', `/${id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    expectProblem(await as('support:bea', 'POST', `/${id}/confirm`), 409, 'erasure_state', /cancelled already/);
    expectProblem(await as('support:ada', 'POST', '', { reason: 'x' }), 400, 'invalid_erasure', /either/);
    expectProblem(
      await as('support:ada', 'POST', '', { userId, reason: 'for Zelda Muster' }),
      400,
      'invalid_erasure',
      /name/,
    );
    expectProblem(
      await as('support:ada', 'POST', '', { userId: unknownId, reason: 'x' }),
      404,
      'user_not_found',
      /no user/,
    );
    expectProblem(await as('support:ada', 'POST', `/${unknownId}/cancel`), 404, 'erasure_not_found', /no erasure/);
    const stranger = await open();
    expectProblem(await stranger.as('support:bea', 'POST', `/${id}/confirm`), 404, 'erasure_not_found', /no erasure/);
    expectProblem(await stranger.as(undefined, 'GET', `/${id}`), 404, 'erasure_not_found', /no erasure/);
  });
});
