import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { exchange, type Exchange } from '../../conformance/client/http-exchange.js';
import { type DnsServer, startDnsServer } from '../../support/dns-server.js';
import { describeEachEngine, type TestEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { anyEngine, instant, listOf, unknownId, uuid } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

interface DomainBody {
  readonly id: string;
  readonly status: string;
  readonly verification: { readonly name: string; readonly value: string };
}

/** A service that asks a DNS server of this suite, and its admin REST. */
function surfaceWithDns(engine: TestEngine) {
  let dns: DnsServer | undefined;
  const environment: Record<string, string> = {};
  beforeAll(async () => {
    dns = await startDnsServer();
    environment['DNS_SERVERS'] = dns.address;
  });
  const service = serviceForSuite(engine, environment);
  afterAll(() => dns?.close());
  const call = (method: string, path: string, body?: unknown): Promise<Exchange> => {
    const { adminUrl: origin, adminKey } = service();
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const headers = { Authorization: `Bearer ${adminKey}`, 'X-Actor': 'support:ada', ...type };
    return exchange({ method, origin, path: `/admin/v1${path}`, headers, body });
  };
  return { service, call, zone: () => (dns?.zone ?? new Map()) as DnsServer['zone'] };
}

describeEachEngine('Admin REST, the life of a domain', (engine) => {
  const { service, call, zone } = surfaceWithDns(engine);
  let number = 0;
  const name = () => `life-${(number += 1)}.example`;
  const open = () => TenantClient.open(service(), 'cleanmail', [name()]);

  it('should take a domain from pending to released, with what waits for it', async () => {
    const [client, domain] = [await open(), name()];
    const path = `/tenants/${client.tenant.id}/domains`;
    const user = await client.createUser({ userName: `zoe@${domain}` });
    const added = await call('POST', path, { domain: domain.toUpperCase() });
    const body = added.body as DomainBody;
    expect([added.status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(uuid),
        domain,
        domainAscii: domain,
        status: 'pending',
        verification: {
          type: 'TXT',
          name: `_cleanmail.${domain}`,
          alternativeName: domain,
          value: expect.stringMatching(/^cleanmail-verification=[0-9a-f]{32}$/),
        },
        verifiedBy: null,
        verifiedAt: null,
        lastCheckAt: null,
        checkFailedSince: null,
        unknownRecipientPolicy: 'defer',
        subaddressing: 'plus',
        nextHop: null,
        transferTo: null,
        waitingMailboxes: 1,
        createdAt: expect.stringMatching(instant),
      },
    ]);
    expectProblem(await call('POST', path, { domain }), 409, 'domain_exists', /it is pending/);
    zone().set(domain, { txt: ['v=spf1 -all'] });
    const refused = await call('POST', `${path}/${domain}/verify`);
    expectProblem(
      refused,
      409,
      'domain_not_verified',
      /1 TXT record, not this one \("v=spf1 -all"\).*Publish a TXT record/,
    );
    zone().set(body.verification.name, { txt: [body.verification.value] });
    const verified = await call('POST', `${path}/${domain}/verify`);
    expect([verified.status, verified.body]).toEqual([
      200,
      expect.objectContaining({ status: 'verified', verifiedBy: 'dns', waitingMailboxes: 0 }),
    ]);
    expect(await client.mailboxOf(user.id)).toMatchObject({ status: 'active', address: `zoe@${domain}` });
    const set = await call('PATCH', `${path}/${domain}`, {
      unknownRecipientPolicy: 'reject',
      nextHop: 'smtp:[mx.example]:25',
    });
    expect(set.body).toMatchObject({ unknownRecipientPolicy: 'reject', nextHop: 'smtp:[mx.example]:25' });
    expect((await call('POST', `${path}/${domain}/suspend`)).body).toMatchObject({ status: 'suspended' });
    expect((await call('POST', `${path}/${domain}/resume`)).body).toMatchObject({ status: 'verified' });
    expectProblem(
      await call('POST', `${path}/${domain}/release`),
      409,
      'domain_has_claims',
      /1 live .* nothing was released/,
    );
    await client.remove(user.id);
    const released = await call('POST', `${path}/${domain}/release`, { includeFormer: true });
    expect([released.status, (released.body as DomainBody).status]).toEqual([200, 'released']);
    const audit = listOf<{ readonly action: string; readonly actor: string }>(
      await call('GET', `/tenants/${client.tenant.id}/audit-log`),
    ).items.filter(({ action }) => action.startsWith('domain.'));
    expect(audit.map(({ action, actor }) => `${action} ${actor}`).reverse()).toEqual(
      ['add', 'verify', 'set', 'suspend', 'resume', 'release'].map((action) => `domain.${action} support:ada`),
    );
  });

  it('should show as domains of a tenant those that it owns, and list all that are not released', async () => {
    const [client, domain] = [await open(), name()];
    await call('POST', `/tenants/${client.tenant.id}/domains`, { domain });
    const { domains } = (await call('GET', `/tenants/${client.tenant.id}`)).body as { readonly domains: string[] };
    expect(domains).not.toContain(domain);
    const first = listOf<DomainBody>(await call('GET', `/tenants/${client.tenant.id}/domains?limit=1`));
    const rest = listOf<DomainBody>(
      await call('GET', `/tenants/${client.tenant.id}/domains?cursor=${first.nextCursor}`),
    );
    expect([...first.items, ...rest.items].map(({ status }) => status)).toEqual(['verified', 'pending']);
  });

  it('should hand a domain over, and tell neither tenant’s people of the other', async () => {
    const [from, to, domain] = [await open(), await open(), name()];
    await call('POST', `/tenants/${from.tenant.id}/domains`, { domain, vouched: true });
    const [old, next] = [
      await from.createUser({ userName: `a@${domain}` }),
      await to.createUser({ userName: `a@${domain}` }),
    ];
    const moved = await call('POST', `/tenants/${from.tenant.id}/domains/${domain}/transfer`, {
      toTenantId: to.tenant.id,
    });
    expect([moved.status, moved.body]).toEqual([
      200,
      expect.objectContaining({ status: 'verified', waitingMailboxes: 0 }),
    ]);
    expect(await from.mailboxOf(old.id)).toMatchObject({ status: 'pending', statusReason: 'domain_not_owned' });
    expect(await to.mailboxOf(next.id)).toMatchObject({ status: 'active' });
    expect((await from.readUser(old.id)).userName).toBe(`a@${domain}`);
  });

  it('should leave role mailboxes out of the list until they are asked for', async () => {
    const [client, domain] = [await open(), name()];
    const mailboxes = `/tenants/${client.tenant.id}/mailboxes`;
    await call('POST', `/tenants/${client.tenant.id}/domains`, { domain, vouched: true });
    const user = await client.createUser({ userName: `a@${domain}` });
    expect(listOf(await call('GET', mailboxes)).items).toMatchObject([{ userId: user.id }]);
    const roles = listOf(await call('GET', `${mailboxes}?kind=role`)).items;
    expect(roles.map(({ address }) => address).sort()).toEqual([`abuse@${domain}`, `postmaster@${domain}`]);
    expect(listOf(await call('GET', `${mailboxes}?kind=user`)).items).toHaveLength(1);
  });
});

describe('Admin REST, what domains refuse', () => {
  const { service, call, zone } = surfaceWithDns(anyEngine());
  const open = (domain: string) => TenantClient.open(service(), 'cleanmail', [domain]);

  it('should answer 404 for unknown tenants, unknown domains and those of another tenant, on every route', async () => {
    const [owner, stranger] = [await open('owner.example'), await open('stranger.example')];
    const routes: readonly (readonly [string, string, unknown?])[] = [
      ['GET', ''],
      ['PATCH', '', { subaddressing: 'off' }],
      ['POST', '/verify', { vouched: true }],
      ['POST', '/suspend'],
      ['POST', '/resume'],
      ['POST', '/release', { includeFormer: true }],
      ['POST', '/transfer', { toTenantId: stranger.tenant.id }],
    ];
    for (const [method, action, body] of routes) {
      for (const domain of ['owner.example', 'nobody.example']) {
        const answer = await call(method, `/tenants/${stranger.tenant.id}/domains/${domain}${action}`, body);
        expectProblem(answer, 404, 'domain_not_found', `The tenant has no domain ${domain}; add it first.`);
      }
      const answer = await call(method, `/tenants/${unknownId}/domains/owner.example${action}`, body);
      expectProblem(answer, 404, 'tenant_not_found', /No tenant has the id/);
    }
    expectProblem(await call('GET', `/tenants/${unknownId}/domains`), 404, 'tenant_not_found', /No tenant/);
    const nobody = await call('POST', `/tenants/${owner.tenant.id}/domains/owner.example/transfer`, {
      toTenantId: unknownId,
    });
    expectProblem(nobody, 404, 'tenant_not_found', /No tenant has the id/);
    expect((await call('GET', `/tenants/${owner.tenant.id}/domains/owner.example`)).body).toMatchObject({
      status: 'verified',
      subaddressing: 'plus',
    });
  });

  it.each([
    [{}, 'domain must be a string'],
    [{ domain: 5 }, 'domain must be a string'],
    [{ domain: 'a.example', vouched: 'yes' }, 'vouched must be a boolean'],
    [{ domain: 'a.example', owner: 'me' }, 'owner is not a known field'],
  ])('should refuse %j', async (body, words) => {
    const client = await open(`refuse-${Math.random().toString(36).slice(2)}.example`);
    const answer = await call('POST', `/tenants/${client.tenant.id}/domains`, body);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
  });

  it('should refuse settings that no gateway understands, and a body that changes nothing is no error', async () => {
    const client = await open('settings.example');
    const path = `/tenants/${client.tenant.id}/domains/settings.example`;
    for (const change of [
      { unknownRecipientPolicy: 'bounce' },
      { subaddressing: '-' },
      { nextHop: 'mail host' },
      { nextHop: 'a;b' },
      { nextHop: 'x'.repeat(256) },
      { nextHop: 25 },
    ]) {
      expect([change, (await call('PATCH', path, change)).status]).toEqual([change, 400]);
    }
    expect((await call('PATCH', path, {})).body).toMatchObject({ nextHop: null, unknownRecipientPolicy: 'defer' });
    expect((await call('PATCH', path, { nextHop: 'mx.example' })).body).toMatchObject({ nextHop: 'mx.example' });
    expect((await call('PATCH', path, { nextHop: null })).body).toMatchObject({ nextHop: null });
  });

  it('should add nothing when another tenant owns the domain, and say that a verified one cannot be had', async () => {
    const [, late] = [await open('taken.example'), await open('late.example')];
    const path = `/tenants/${late.tenant.id}/domains`;
    const words = 'The domain taken.example belongs to another tenant; contact support to have it transferred.';
    expectProblem(await call('POST', path, { domain: 'taken.example', vouched: true }), 409, 'domain_in_use', words);
    expect(listOf(await call('GET', path)).items).toHaveLength(1);
  });

  it('should answer within its limits when the DNS server is silent', async () => {
    const client = await open('silent-owner.example');
    const path = `/tenants/${client.tenant.id}/domains`;
    await call('POST', path, { domain: 'silent.example' });
    zone().set('silent.example', 'silent').set('_cleanmail.silent.example', 'silent');
    const refused = await call('POST', `${path}/silent.example/verify`);
    expectProblem(refused, 409, 'domain_not_verified', /no DNS server answered in time/);
  });
});

describe('Admin REST, clocks', () => {
  const { call } = surfaceWithDns(anyEngine());

  it('should run the jobs and keep how it went', async () => {
    const ran = await call('POST', '/clocks/run');
    const { items } = ran.body as { readonly items: readonly { readonly name: string; readonly outcome: string }[] };
    expect([ran.status, new Set(items.map(({ outcome }) => outcome))]).toEqual([200, new Set(['done'])]);
    expect(items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['mailbox-purge', 'profile-erasure', 'log-retention']),
    );
    const status = (await call('GET', '/clocks')).body as { readonly items: readonly object[] };
    expect(status.items).toHaveLength(items.length);
    expect(status.items[0]).toEqual({
      name: expect.any(String),
      outcome: 'done',
      done: 0,
      skipped: 0,
      failed: 0,
      durationMs: expect.any(Number),
      error: null,
      isRunning: false,
      startedAt: expect.stringMatching(instant),
      finishedAt: expect.stringMatching(instant),
    });
  });

  it('should run one job by name, and know no other names', async () => {
    const ran = await call('POST', '/clocks/run', { job: 'mailbox-purge' });
    expect(ran.body).toMatchObject({ items: [{ name: 'mailbox-purge', outcome: 'done' }] });
    expectProblem(
      await call('POST', '/clocks/run', { job: 'tea' }),
      404,
      'clock_job_not_found',
      /there are .*mailbox-purge/,
    );
  });
});
