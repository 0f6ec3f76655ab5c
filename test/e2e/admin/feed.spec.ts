import { newId } from '@cleanmail/database';
import { describe, expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { adminSurface, anyEngine, unknownId } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

describe('Admin REST, the recipient feed', () => {
  const surface = adminSurface(anyEngine());

  async function tenantWith(people: number) {
    const domain = `d-${newId()}.example`;
    const client = await TenantClient.open(surface.service(), 'cleanmail', [domain]);
    const users = [];
    for (let number = 0; number < people; number += 1) {
      users.push(await client.createUser({ userName: `u${number}@${domain}` }));
    }
    return { client, domain, users, id: client.tenant.id, own: `/tenants/${client.tenant.id}/feed` };
  }
  const get = async (path: string) => {
    const { status, body } = await surface.call('GET', path);
    expect([path, status]).toEqual([path, 200]);
    return body as { readonly items: readonly Record<string, unknown>[]; readonly [name: string]: unknown };
  };

  it('should show heads with a pulse, and domains as gateways take them', async () => {
    const { id, domain, client } = await tenantWith(1);
    const heads = await get('/feed/heads');
    const head = heads.items.find(({ tenantId }) => tenantId === id);
    expect(head).toEqual({ tenantId: id, version: expect.any(Number), horizon: 0 });
    expect(await get(`/feed/heads?since=${String(heads['pulse'])}`)).toEqual({ pulse: heads['pulse'], items: [] });
    await client.createUser({ userName: `more@${domain}` });
    expect((await get(`/feed/heads?since=${String(heads['pulse'])}`)).items).not.toEqual([]);
    expect((await get('/feed/relay-domains')).items).toContainEqual({
      tenantId: id,
      name: domain,
      nameUnicode: domain,
      status: 'verified',
      unknownRecipientPolicy: 'defer',
      subaddressing: 'plus',
      nextHop: null,
    });
  });

  it('should stream a snapshot as lines of JSON, and changes behind its watermark', async () => {
    const { own, domain, client, users } = await tenantWith(3);
    const answer = await surface.call('GET', `${own}/snapshot`);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const [{ watermark } = {}, ...rows] = lines;
    expect(rows.pop()).toEqual({ rows: 3 });
    expect(rows.map(({ key, action }) => [key, action])).toEqual(
      users.map((_user, n) => [`u${n}@${domain}`, 'accept']),
    );
    const nothing = { items: [], next: watermark, hasMore: false, reset: false };
    expect(await get(`${own}/changes?after=${String(watermark)}`)).toEqual(nothing);
    const [first] = users;
    if (first === undefined) throw new Error('nobody was created');
    await client.disable(first.id);
    expect((await get(`${own}/changes?after=${String(watermark)}&limit=1`)).items).toEqual([
      {
        key: `u0@${domain}`,
        mailboxId: expect.any(String),
        primary: `u0@${domain}`,
        action: 'reject',
        policyProfile: null,
        version: expect.any(Number),
      },
    ]);
    expect(await get(`${own}/changes?after=9999`)).toEqual({ items: [], next: 9999, hasMore: false, reset: true });
  });

  it('should go on for a closed tenant, and refuse what it cannot read', async () => {
    const { own, id, domain } = await tenantWith(1);
    expect((await surface.call('DELETE', `/tenants/${id}`)).status).toBe(204);
    const { items } = await get(`${own}/changes`);
    expect(items.filter(({ key }) => key === `u0@${domain}`)).toMatchObject([{ action: 'gone' }]);
    for (const path of ['changes', 'snapshot']) {
      const answer = await surface.call('GET', `/tenants/${unknownId}/feed/${path}`);
      expectProblem(answer, 404, 'tenant_not_found', /tenant/);
    }
    for (const query of ['after=-1', 'after=x', 'limit=0', 'limit=5001', 'other=1']) {
      expect([query, (await surface.call('GET', `${own}/changes?${query}`)).status]).toEqual([query, 400]);
    }
    expect((await surface.plain('GET', `/admin/v1/feed/heads`)).status).toBe(401);
  });
});
