import { expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { instant } from '../admin/admin-surface.js';

interface Tenant {
  readonly id: string;
  readonly dialect: { readonly current: string; readonly seen: readonly unknown[] } | null;
}

describeEachEngine('The dialect of a tenant', (engine) => {
  const service = serviceForSuite(engine);

  const read = async ({ admin, tenant }: TenantClient): Promise<Tenant> =>
    (await admin.call('GET', `/tenants/${tenant.id}`)).body as Tenant;
  /** The tenant once it has shown that many dialects. */
  const whenSeen = async (tenant: TenantClient, count: number): Promise<Tenant> =>
    (
      await eventually(
        () => read(tenant),
        ({ dialect }) => (dialect?.seen.length ?? 0) >= count,
        5000,
      )
    ).answer;
  const audited = async ({ admin, tenant }: TenantClient) =>
    (
      (await admin.call('GET', `/tenants/${tenant.id}/audit-log`)).body as { items: readonly { action: string }[] }
    ).items.filter(({ action }) => action === 'tenant.dialect');

  it('should be shown, listed and audited with the request that showed it', async () => {
    const tenant = await TenantClient.open(service(), 'cleanmail');
    const { id } = await tenant.createUser(plainUser(uniqueAddress()));
    expect(await read(tenant)).toMatchObject({ dialect: null });

    const first: Exchange = await tenant.patch(id, { op: 'Replace', path: 'active', value: 'False' });
    expect(first.status).toBe(200);
    const evidence = 'op capitalised, boolean as text ("True" or "False")';
    const seen = {
      dialect: 'entra',
      evidence,
      firstSeenAt: expect.stringMatching(instant),
      lastSeenAt: expect.stringMatching(instant),
    };
    const shown = await whenSeen(tenant, 1);
    expect(shown.dialect).toEqual({
      current: 'entra',
      since: expect.stringMatching(instant),
      evidence,
      lastSeenAt: expect.stringMatching(instant),
      seen: [seen],
    });
    const { items } = (await tenant.admin.call('GET', '/tenants?limit=1000')).body as { items: readonly Tenant[] };
    expect(items.find((item) => item.id === shown.id)).toEqual(shown);

    const second = await tenant.patch(id, { op: 'replace', value: { displayName: 'Ada', 'name.givenName': 'Ada' } });
    expect(second.status).toBe(200);
    expect((await whenSeen(tenant, 2)).dialect).toMatchObject({ current: 'entra-scim062020' });
    const entry = (request: Exchange, details: object) => ({
      id: expect.any(String),
      at: expect.stringMatching(instant),
      actor: 'system',
      action: 'tenant.dialect',
      target: tenant.tenant.id,
      requestId: request.headers['x-request-id'],
      details,
    });
    expect(await audited(tenant)).toEqual([
      entry(second, {
        from: 'entra',
        to: 'entra-scim062020',
        evidence: 'op in lower case, paths as member names of one value',
      }),
      entry(first, { from: null, to: 'entra', evidence }),
    ]);
  });

  it('should be seen in requests that fail, and not in those that show nothing or are not admitted', async () => {
    const tenant = await TenantClient.open(service(), 'cleanmail');
    const unknown = '01900000-0000-7000-8000-000000000000';
    const okta = { 'User-Agent': 'Okta SCIM Client 1.0.0' };
    expect((await tenant.withToken('nonsense').send('GET', '/Users', { headers: okta })).status).toBe(401);
    expect((await tenant.patch(unknown, { op: 'replace', path: 'active', value: false })).status).toBe(404);
    expect((await tenant.send('POST', '/Users', { body: '{"active":', headers: okta })).status).toBe(400);
    expect((await whenSeen(tenant, 1)).dialect).toMatchObject({ current: 'okta', evidence: 'the User-Agent' });
    expect(await audited(tenant)).toHaveLength(1);
  });

  it('should be the tenant’s own, and stay in the audit log when the tenant is closed', async () => {
    const tenant = await TenantClient.open(service(), 'sendsafely');
    const stranger = await TenantClient.open(service(), 'sendsafely');
    await tenant.send('GET', '/Users', { headers: { 'User-Agent': 'Google-Auto-Provisioning' } });
    await whenSeen(tenant, 1);
    expect(await read(stranger)).toMatchObject({ dialect: null });
    expect(await audited(stranger)).toEqual([]);
    expect((await tenant.admin.call('DELETE', `/tenants/${tenant.tenant.id}`)).status).toBe(204);
    expect((await tenant.admin.call('GET', `/tenants/${tenant.tenant.id}`)).status).toBe(404);
    expect(await audited(tenant)).toMatchObject([{ details: { from: null, to: 'google' } }]);
  });
});
