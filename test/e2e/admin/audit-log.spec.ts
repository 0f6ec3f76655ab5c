import { expect, it } from '@jest/globals';
import { describeEachEngine } from '../../support/engines/index.js';
import { adminSurface, allPages, instant, listOf, uuid } from './admin-surface.js';

interface Created {
  readonly id: string;
  readonly token: string;
}

describeEachEngine('Admin REST, audit log', (engine) => {
  const surface = adminSurface(engine);
  const as = (actor: string) => ({ 'X-Actor': actor });
  const create = async (headers?: Readonly<Record<string, string>>): Promise<string> => {
    const body = { name: 'Audited', profile: 'cleanmail' };
    return ((await surface.call('POST', '/tenants', body, headers)).body as Created).id;
  };

  it('should name who did what to a tenant, newest first, also after its end, and no secret', async () => {
    const id = await create(as('ada@vendor.example'));
    const tenant = `/tenants/${id}`;
    const token = (await surface.call('POST', `${tenant}/tokens`, {}, as('bob@vendor.example'))).body as Created;
    const next = (
      await surface.call(
        'POST',
        `${tenant}/tokens/${token.id}/rotate`,
        { overlapSeconds: 5 },
        as('cleo@vendor.example'),
      )
    ).body as Created;
    await surface.call('DELETE', `${tenant}/tokens/${next.id}`, undefined, as('dan@vendor.example'));
    await surface.call('PATCH', tenant, { name: 'Renamed', status: 'suspended' }, as('eve@vendor.example'));
    await surface.call('PATCH', tenant, { status: 'active' });
    await surface.call('DELETE', tenant, undefined, as('finn@vendor.example'));

    const answer = await surface.call('GET', `${tenant}/audit-log`);
    const entry = (actor: string, action: string, target: string, details: object = {}) => ({
      id: expect.stringMatching(uuid),
      at: expect.stringMatching(instant),
      actor,
      action,
      target,
      requestId: expect.stringMatching(uuid),
      details,
    });
    expect(listOf(answer).items).toEqual([
      entry('finn@vendor.example', 'tenant.close', id, { mailEndsAt: expect.stringMatching(instant) }),
      entry('admin-key', 'tenant.change', id, { status: 'active' }),
      entry('eve@vendor.example', 'tenant.change', id, { name: 'Renamed', status: 'suspended' }),
      entry('dan@vendor.example', 'token.revoke', next.id),
      entry('cleo@vendor.example', 'token.rotate', token.id, { successor: next.id, overlapSeconds: 5 }),
      entry('bob@vendor.example', 'token.issue', token.id),
      entry('ada@vendor.example', 'tenant.create', id, { name: 'Audited', profile: 'cleanmail', domains: [] }),
    ]);
    expect(answer.text).not.toContain(token.token.slice(19));
    expect((await allPages(surface, `${tenant}/audit-log`, 3)).map(({ length }) => length)).toEqual([3, 3, 1]);
  });

  it('should carry the request id of the answer', async () => {
    const tenant = `/tenants/${await create()}`;
    const renamed = await surface.call('PATCH', tenant, { name: 'Traced' });
    const [entry] = listOf(await surface.call('GET', `${tenant}/audit-log`)).items;
    expect(entry?.['requestId']).toBe(renamed.headers['x-request-id']);
  });

  it('should leave no entry for what was refused', async () => {
    const tenant = `/tenants/${await create()}`;
    await surface.call('PATCH', tenant, { name: '' });
    await surface.call('POST', `${tenant}/tokens`, { expiresAt: '2020-01-01T00:00:00Z' });
    const entries = listOf(await surface.call('GET', `${tenant}/audit-log`)).items;
    expect(entries.map(({ action }) => action)).toEqual(['tenant.create']);
  });

  it('should cut an actor that is too long', async () => {
    const tenant = `/tenants/${await create(as('x'.repeat(300)))}`;
    const [entry] = listOf(await surface.call('GET', `${tenant}/audit-log`)).items;
    expect(entry?.['actor']).toBe('x'.repeat(128));
  });
});
