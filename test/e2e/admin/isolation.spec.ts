import { describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { fullUser } from '../../conformance/entra/people.js';
import { CONTOSO, contosoSchema } from '../../support/contoso-schema.js';
import { withWatchedService } from '../../support/recorded-routes.js';
import type { ServiceUnderTest } from '../../support/service.js';
import { unknownId } from './admin-surface.js';

const root = '/admin/v1';
const ownTenant = '/tenants/:tenantId';

/** A tenant with something of everything that has an id in a path. */
interface Holder {
  readonly client: TenantClient;
  readonly ids: Readonly<Record<string, string>>;
}

/** A body with which the request would be carried out if what it names were there. */
type Example = (ids: Readonly<Record<string, string>>) => object | undefined;

const schemaBody = { resourceType: 'User', required: false, schema: contosoSchema };
const none: Example = () => undefined;

/** One example for each route with a tenant in its path, those that end things last; a route without one is a failure. */
const examples: Readonly<Record<string, Example>> = {
  [`DELETE ${ownTenant}/tokens/:tokenId`]: none,
  [`POST ${ownTenant}/tokens/:tokenId/rotate`]: () => ({ overlapSeconds: 60 }),
  [`GET ${ownTenant}/schemas/:urn`]: none,
  [`PUT ${ownTenant}/schemas/:urn`]: () => schemaBody,
  [`DELETE ${ownTenant}/schemas/:urn`]: none,
  [`GET ${ownTenant}/domains/:domain`]: none,
  [`PATCH ${ownTenant}/domains/:domain`]: () => ({ unknownRecipientPolicy: 'reject' }),
  [`POST ${ownTenant}/domains/:domain/verify`]: () => ({ vouched: true }),
  [`POST ${ownTenant}/domains/:domain/suspend`]: none,
  [`POST ${ownTenant}/domains/:domain/resume`]: none,
  [`POST ${ownTenant}/domains/:domain/release`]: () => ({ includeFormer: true }),
  [`POST ${ownTenant}/domains/:domain/transfer`]: ({ tenantId }) => ({ toTenantId: tenantId }),
  [`GET ${ownTenant}/mailboxes/:mailboxId`]: none,
  [`PATCH ${ownTenant}/mailboxes/:mailboxId`]: () => ({ adminState: 'suspended' }),
  [`POST ${ownTenant}/mailboxes/:mailboxId/restore`]: none,
  [`POST ${ownTenant}/mailboxes/:mailboxId/aliases`]: () => ({ address: 'alias@attacker.example' }),
  [`DELETE ${ownTenant}/mailboxes/:mailboxId/aliases/:address`]: none,
  [`GET ${ownTenant}/mailboxes/:mailboxId/history`]: none,
  [`GET ${ownTenant}/users/:userId/history`]: none,
  [`GET ${ownTenant}/guard-batches/:batchId`]: none,
  [`GET ${ownTenant}/guard-batches/:batchId/mailboxes`]: none,
  [`POST ${ownTenant}/guard-batches/:batchId/release`]: none,
  [`POST ${ownTenant}/guard-batches/:batchId/reject`]: none,
  [`GET ${ownTenant}/erasures/:erasureId`]: none,
  [`POST ${ownTenant}/erasures/:erasureId/cancel`]: none,
  [`POST ${ownTenant}/erasures/:erasureId/confirm`]: none,
  [`POST ${ownTenant}/erasures`]: ({ userId }) => ({ userId, reason: 'asked by letter' }),
  [`GET ${ownTenant}/guard-batches`]: none,
  [`GET ${ownTenant}/erasures`]: none,
  [`GET ${ownTenant}/explain`]: none,
  [`GET ${ownTenant}/feed/changes`]: none,
  [`GET ${ownTenant}/feed/snapshot`]: none,
  [`GET ${ownTenant}`]: none,
  [`GET ${ownTenant}/tokens`]: none,
  [`GET ${ownTenant}/schemas`]: none,
  [`GET ${ownTenant}/domains`]: none,
  [`GET ${ownTenant}/users`]: none,
  [`GET ${ownTenant}/mailboxes`]: none,
  [`GET ${ownTenant}/mail-policy`]: none,
  [`GET ${ownTenant}/seats`]: none,
  [`GET ${ownTenant}/seats/intervals`]: none,
  [`GET ${ownTenant}/provisioning-log`]: none,
  [`GET ${ownTenant}/audit-log`]: none,
  [`GET ${ownTenant}/events`]: none,
  [`GET ${ownTenant}/receipts`]: none,
  [`POST ${ownTenant}/tokens`]: () => ({ description: 'one more' }),
  [`POST ${ownTenant}/schemas`]: () => schemaBody,
  [`POST ${ownTenant}/domains`]: () => ({ domain: 'more.attacker.example' }),
  [`POST ${ownTenant}/mailboxes`]: () => ({ address: 'more@attacker.example', kind: 'shared', origin: 'manual' }),
  [`GET ${ownTenant}/reconciliation`]: none,
  [`GET ${ownTenant}/reconciliation/recipients`]: none,
  [`GET ${ownTenant}/reconciliation/digest`]: none,
  [`POST ${ownTenant}/reconciliation`]: () => ({ removeExtra: true }),
  [`POST ${ownTenant}/reconciliation/mailboxes`]: () => ({ rows: [{ address: 'more@attacker.example' }] }),
  [`POST ${ownTenant}/mailboxes/import`]: () => ({ rows: [{ address: 'imported@attacker.example' }] }),
  [`PATCH ${ownTenant}/mail-policy`]: () => ({ formerDays: 7 }),
  [`PATCH ${ownTenant}`]: () => ({ name: 'Attacker AG', status: 'suspended' }),
  [`DELETE ${ownTenant}`]: none,
};

/** What a route must have in its query. */
const queries: Readonly<Record<string, (ids: Readonly<Record<string, string>>) => string>> = {
  [`GET ${ownTenant}/explain`]: ({ address }) => `?address=${address}`,
};

/** Routes that name something of another tenant elsewhere than in their path. */
const bodiesAboutOther: readonly string[] = [`POST ${ownTenant}/erasures`];

/** Whether the path names something besides the tenant, which is then that of another one. */
function isAboutOther(route: string): boolean {
  return bodiesAboutOther.includes(route) || route.replace(ownTenant, '').includes(':');
}

/** A tenant with a domain, a token, a schema, a user with an alias, leavers whom the guard holds, and an erasure. */
async function open(service: ServiceUnderTest, domain: string): Promise<Holder> {
  const client = await TenantClient.open(service, 'cleanmail', [domain]);
  const { admin, tenant } = client;
  const address = `alias@${domain}`;
  const user = await client.createUser(fullUser(`anna@${domain}`));
  const { id: mailboxId } = await client.mailboxOf(user.id);
  const path = `/tenants/${tenant.id}`;
  const made = [
    await admin.call('POST', `${path}/mailboxes/${mailboxId}/aliases`, { address }),
    await admin.call('POST', `${path}/schemas`, schemaBody),
  ];
  expect(made.map(({ status }) => status)).toEqual([201, 201]);
  const { id: tokenId } = await admin.issueToken(tenant.id);
  await admin.call('PATCH', `${path}/mail-policy`, { guardMaxPct: 0, guardMaxAbs: 0 });
  await client.disable((await client.createUser(fullUser(`leaver@${domain}`))).id);
  const batches = (await admin.call('GET', `${path}/guard-batches`)).body as {
    readonly items: readonly [{ id: string }];
  };
  const asked = await admin.call('POST', `${path}/erasures`, { userId: user.id, reason: 'asked by letter' });
  const { id: erasureId } = asked.body as { readonly id: string };
  const more = { userId: user.id, batchId: batches.items[0].id, erasureId };
  return { client, ids: { tenantId: tenant.id, tokenId, urn: CONTOSO, domain, mailboxId, address, ...more } };
}

describe('Admin REST, one tenant by another', () => {
  it('should answer 404 wherever something of another tenant is named, and leave it as it was', async () => {
    await withWatchedService(async (service, routes) => {
      const victim = await open(service, 'victim.example');
      const attacker = await TenantClient.open(service, 'cleanmail', ['attacker.example']);
      const own = attacker.tenant.id;
      const ask = (route: string, ids: Readonly<Record<string, string>>): Promise<Exchange> => {
        const [method = '', template = ''] = route.split(' ');
        const path = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
        const query = queries[route]?.(victim.ids) ?? '';
        return attacker.admin.call(method, `${path}${query}`, examples[route]?.(victim.ids));
      };
      const dump = async (): Promise<readonly unknown[]> => {
        const answers = [];
        for (const route of Object.keys(examples).filter((each) => each.startsWith('GET '))) {
          const { status, body } = await ask(route, victim.ids);
          expect([route, status]).toEqual([route, 200]);
          answers.push(body);
        }
        return answers;
      };

      const registered = routes
        .filter(({ method, path }) => !['HEAD', 'OPTIONS'].includes(method) && path.startsWith(`${root}${ownTenant}`))
        .map(({ method, path }) => `${method} ${path.slice(root.length)}`);
      expect([...new Set(registered)].sort()).toEqual(Object.keys(examples).sort());

      const before = await dump();
      for (const route of Object.keys(examples)) {
        const unknown = await ask(route, { ...victim.ids, tenantId: unknownId });
        expect([route, unknown.status]).toEqual([route, 404]);
        const answer = await ask(route, { ...victim.ids, tenantId: own });
        if (isAboutOther(route)) {
          expect([route, answer.status]).toEqual([route, 404]);
          expect(answer.body).toMatchObject({ status: 404, code: expect.stringMatching(/_not_found$/) });
        } else {
          expect([route, answer.status < 300]).toEqual([route, true]);
          const asked = queries[route]?.(victim.ids) ?? '';
          const secrets = Object.entries(victim.ids).filter(([name, id]) => name !== 'urn' && !asked.includes(id));
          const named = secrets.filter(([, id]) => answer.text.includes(id));
          expect([route, named]).toEqual([route, []]);
        }
      }
      expect(await dump()).toEqual(before);
    });
  });
});
