import { beforeAll, describe, expect, it } from '@jest/globals';
import { exchange, type Exchange } from '../../conformance/client/http-exchange.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { CONTOSO, contosoSchema } from '../../support/contoso-schema.js';
import { type OpenApiDefinition, OpenApiDocument } from '../../support/open-api-document.js';
import { withWatchedService } from '../../support/recorded-routes.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { anyEngine, unknownId } from './admin-surface.js';

/** Routes of the admin listener that are no part of its REST: the document itself and its reader. */
const isDocumentation = (path: string) => path.startsWith('/admin/docs');
const isScim = (path: string) => path.startsWith('/api/') || path.startsWith('/scim/');

describe('Admin REST, OpenAPI', () => {
  const service = serviceForSuite(anyEngine());
  let document: OpenApiDocument;
  beforeAll(async () => {
    document = new OpenApiDocument((await get('/admin/docs-json')).body as OpenApiDefinition);
  });

  const get = (path: string): Promise<Exchange> => exchange({ method: 'GET', origin: service().adminUrl, path });
  const send = (operation: string, parameters: Readonly<Record<string, string>>, body?: unknown) => {
    const [method = '', template = ''] = operation.split(' ');
    const path = Object.entries(parameters).reduce((text, [name, value]) => text.replace(`{${name}}`, value), template);
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    // An erasure takes two people.
    const actor = operation.endsWith('/confirm') ? 'support:bea' : 'support:ada';
    const headers = { Authorization: `Bearer ${service().adminKey}`, 'X-Actor': actor, ...type };
    return exchange({ method, origin: service().adminUrl, path, headers, body });
  };

  it('should serve the document and a reader without a key', async () => {
    const [json, page] = [await get('/admin/docs-json'), await get('/admin/docs')];
    expect([json.status, json.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(document.version).toMatch(/^3\./);
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(assets.length).toBeGreaterThan(0);
    for (const path of assets) expect([path, (await get(path)).status]).toEqual([path, 200]);
  });

  it('should describe every route of the listener, and no other', async () => {
    await withWatchedService(async (_service, routes) => {
      const registered = routes
        .filter(({ method, path }) => !['HEAD', 'OPTIONS'].includes(method) && !isDocumentation(path) && !isScim(path))
        .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
      expect(registered).toContain('POST /admin/v1/tenants/{tenantId}/tokens/{tokenId}/rotate');
      expect([...document.operations].sort()).toEqual([...new Set(registered)].sort());
    });
  });

  it('should describe the parameters of every path, and where a key is needed', () => {
    for (const operation of document.operations) {
      const named = [...operation.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = document.parametersOf(operation).filter((parameter) => parameter.in === 'path');
      expect([operation, described.map(({ name }) => name).sort()]).toEqual([operation, named.sort()]);
      expect([operation, document.needsKey(operation)]).toEqual([operation, operation.includes('/admin/v1/')]);
    }
  });

  it('should answer what the document says, on every route', async () => {
    const answered = new Set<string>();
    const check = async (
      operation: string,
      parameters: Readonly<Record<string, string>> = {},
      body?: unknown,
      query = '',
    ) => {
      if (body !== undefined)
        expect([operation, document.requestDifferences(operation, body)]).toEqual([operation, []]);
      const answer = await send(`${operation}${query}`, parameters, body);
      const mediaType = answer.headers['content-type']?.split(';')[0];
      const content = answer.text === '' ? undefined : (answer.body ?? answer.text);
      const differences = document.differences(operation, { status: answer.status, mediaType, body: content });
      expect([operation, answer.status, differences]).toEqual([operation, answer.status, []]);
      expect(answer.status).toBeLessThan(300);
      answered.add(operation);
      return answer.body as { readonly id: string; readonly items: readonly { readonly id: string }[] };
    };

    const tenants = '/admin/v1/tenants';
    const created = { name: 'Contoso', profile: 'cleanmail', domains: ['described.example'] };
    const tenant = { tenantId: (await check(`POST ${tenants}`, {}, created)).id };
    await check(`PATCH ${tenants}/{tenantId}`, tenant, { name: 'Contoso AG', status: 'active' });
    await check(`GET ${tenants}/{tenantId}`, tenant);
    await check(`GET ${tenants}`);

    const domains = `${tenants}/{tenantId}/domains`;
    const domain = { ...tenant, domain: 'added.example' };
    await check(`POST ${domains}`, tenant, { domain: 'added.example' });
    await check(`POST ${domains}/{domain}/verify`, domain, { vouched: true });
    await check(`PATCH ${domains}/{domain}`, domain, { unknownRecipientPolicy: 'reject', nextHop: null });
    await check(`POST ${domains}/{domain}/suspend`, domain);
    await check(`POST ${domains}/{domain}/resume`, domain);
    await check(`GET ${domains}/{domain}`, domain);
    await check(`GET ${domains}`, tenant);
    const receiver = await check(`POST ${tenants}`, {}, { name: 'Fabrikam', profile: 'cleanmail' });
    await check(`POST ${domains}/{domain}/transfer`, domain, { toTenantId: receiver.id });
    const received = { tenantId: receiver.id, domain: 'added.example' };
    await check(`POST ${domains}/{domain}/release`, received, { includeFormer: true });

    const tokens = `${tenants}/{tenantId}/tokens`;
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const issued = await check(`POST ${tokens}`, tenant, { description: 'Entra', expiresAt });
    const token = { ...tenant, tokenId: issued.id };
    const rotated = await check(`POST ${tokens}/{tokenId}/rotate`, token, { overlapSeconds: 60 });
    await provision(tenant.tenantId, (rotated as unknown as { readonly token: string }).token);
    await check(`GET ${tokens}`, tenant);
    await check(`DELETE ${tokens}/{tokenId}`, token);

    const schemas = `${tenants}/{tenantId}/schemas`;
    const body = { resourceType: 'User', required: false, schema: contosoSchema };
    const schema = { ...tenant, urn: (await check(`POST ${schemas}`, tenant, body)).id };
    await check(`GET ${schemas}`, tenant);
    await check(`GET ${schemas}/{urn}`, schema);
    await check(`PUT ${schemas}/{urn}`, schema, body);
    await check(`DELETE ${schemas}/{urn}`, schema);

    const users = await check(`GET ${tenants}/{tenantId}/users`, tenant);
    const user = { ...tenant, userId: users.items[0]?.id ?? '' };
    await check(`GET ${tenants}/{tenantId}/users/{userId}/history`, user);
    for (const address of ['after', 'gone', 'nobody'].map((local) => `${local}@described.example`)) {
      await check('GET /admin/v1/explain', {}, undefined, `?address=${address}`);
      await check(`GET ${tenants}/{tenantId}/explain`, tenant, undefined, `?address=${address}`);
    }
    await check('GET /admin/v1/explain', {}, undefined, '?address=parked@elsewhere.example');
    const mailboxes = await check(`GET ${tenants}/{tenantId}/mailboxes`, tenant);
    expect(mailboxes.items).toHaveLength(3);
    for (const { id } of mailboxes.items) {
      await check(`GET ${tenants}/{tenantId}/mailboxes/{mailboxId}`, { ...tenant, mailboxId: id });
      await check(`GET ${tenants}/{tenantId}/mailboxes/{mailboxId}/history`, { ...tenant, mailboxId: id });
    }
    const own = `${tenants}/{tenantId}/mailboxes`;
    const made = {
      address: 'info@described.example',
      kind: 'shared',
      origin: 'import',
      aliases: ['i@described.example'],
    };
    const mailbox = { ...tenant, mailboxId: (await check(`POST ${own}`, tenant, made)).id };
    await check(`PATCH ${own}/{mailboxId}`, mailbox, {
      adminState: 'suspended',
      inactiveMailPolicy: null,
      legalHold: true,
    });
    await check(`POST ${own}/{mailboxId}/aliases`, mailbox, { address: 'office@described.example' });
    await check(`DELETE ${own}/{mailboxId}/aliases/{address}`, { ...mailbox, address: 'office@described.example' });
    const rows = ['new@described.example', 'w@elsewhere.example', 'none'].map((address) => ({ address }));
    await check(`POST ${own}/import`, tenant, { rows });
    const reconciliation = `${tenants}/{tenantId}/reconciliation`;
    const listed = [
      { address: 'after@described.example', kind: 'shared', aliases: ['new@described.example'] },
      ...rows,
    ];
    await check(`POST ${reconciliation}/mailboxes`, tenant, { rows: listed });
    await check(`POST ${reconciliation}`, tenant, { limit: 1 });
    for (const path of ['', '/recipients', '/digest']) await check(`GET ${reconciliation}${path}`, tenant);
    const deleted = (await send(`GET ${own}?status=deleted`, tenant)).body as {
      readonly items: readonly { readonly id: string }[];
    };
    await check(`POST ${own}/{mailboxId}/restore`, { ...tenant, mailboxId: deleted.items[0]?.id ?? '' });
    const erasures = `${tenants}/{tenantId}/erasures`;
    const person = await check(`POST ${erasures}`, tenant, { userId: users.items[0]?.id ?? '', reason: 'Case 1' });
    await check(`POST ${erasures}/{erasureId}/confirm`, { ...tenant, erasureId: person.id });
    await check(`GET ${erasures}/{erasureId}`, { ...tenant, erasureId: person.id });
    const other = await check(`POST ${erasures}`, tenant, { userId: users.items[1]?.id ?? '', reason: 'Case 2' });
    await check(`POST ${erasures}/{erasureId}/cancel`, { ...tenant, erasureId: other.id });
    expect((await check(`GET ${erasures}`, tenant)).items).toHaveLength(2);
    await check(`GET ${tenants}/{tenantId}/mail-policy`, tenant);
    await check(`PATCH ${tenants}/{tenantId}/mail-policy`, tenant, {
      seatLimit: 1,
      formerDays: 30,
      addressSource: 'userName',
    });
    await check(`GET ${tenants}/{tenantId}/seats`, tenant);
    expect((await check(`GET ${tenants}/{tenantId}/seats/intervals`, tenant)).items.length).toBeGreaterThan(0);

    const batches = `${tenants}/{tenantId}/guard-batches`;
    for (const decision of ['release', 'reject']) {
      const batch = { ...tenant, batchId: await tripGuard(tenant.tenantId) };
      await check(`GET ${batches}/{batchId}`, batch);
      expect((await check(`GET ${batches}/{batchId}/mailboxes`, batch)).items).toHaveLength(1);
      await check(`POST ${batches}/{batchId}/${decision}`, batch);
    }
    expect((await check(`GET ${batches}`, tenant)).items).toHaveLength(2);

    await checkEvents(check, tenant);
    await check('GET /admin/v1/feed/heads');
    await check('GET /admin/v1/feed/relay-domains');
    await check(`GET ${tenants}/{tenantId}/feed/changes`, tenant);
    await check(`GET ${tenants}/{tenantId}/feed/snapshot`, tenant);
    await check(`GET ${tenants}/{tenantId}/provisioning-log`, tenant);
    await check(`GET ${tenants}/{tenantId}/audit-log`, tenant);
    await check('POST /admin/v1/clocks/run', {}, { job: 'mailbox-purge' });
    await check('GET /admin/v1/clocks');
    await check(`DELETE ${tenants}/{tenantId}`, tenant);
    for (const operation of ['GET /health/live', 'GET /health/ready', 'GET /metrics']) await check(operation);
    expect([...answered].sort()).toEqual([...document.operations].sort());
  });

  it('should answer errors as the document says, on every route that needs a key', async () => {
    const nobody = {
      tenantId: unknownId,
      tokenId: unknownId,
      mailboxId: unknownId,
      userId: unknownId,
      batchId: unknownId,
      erasureId: unknownId,
      receiverId: unknownId,
      urn: CONTOSO,
      domain: 'nobody.example',
    };
    // With the right key, nothing can be wrong with a question that has no parameters.
    const plain = ['clocks', 'events/keys', 'feed/heads', 'feed/relay-domains', 'receivers'].map(
      (path) => `GET /admin/v1/${path}`,
    );
    plain.push('POST /admin/v1/events/deliver');
    const canFail = (operation: string) => document.needsKey(operation) && !plain.includes(operation);
    for (const operation of document.operations.filter(canFail)) {
      const query = operation.endsWith('/tenants') ? '?limit=0' : '';
      const answer = await send(`${operation}${query}`, nobody, operation.startsWith('POST') ? { odd: 1 } : undefined);
      const mediaType = answer.headers['content-type']?.split(';')[0];
      const differences = document.differences(operation, { status: answer.status, mediaType, body: answer.body });
      expect([operation, differences]).toEqual([operation, []]);
      expect([operation, answer.status >= 400 && answer.status < 500]).toEqual([operation, true]);
    }
  });

  /** Receivers that are posted to and that fetch, what they are told, and what they say. */
  async function checkEvents(
    check: (operation: string, parameters?: Readonly<Record<string, string>>, body?: unknown) => Promise<unknown>,
    tenant: { readonly tenantId: string },
  ): Promise<void> {
    const own = '/admin/v1/receivers';
    const posted = { name: 'posted', url: 'https://localhost:1/', types: ['mailbox.suspended'], start: 'horizon' };
    const { id } = (await check(`POST ${own}`, {}, { ...posted, tenants: [tenant.tenantId] })) as { id: string };
    const receiver = { receiverId: id };
    await check(`GET ${own}`);
    await check(`GET ${own}/{receiverId}`, receiver);
    await check(`PATCH ${own}/{receiverId}`, receiver, { types: null, concurrency: 2 });
    await check(`POST ${own}/{receiverId}/rotate`, receiver, { overlapSeconds: 60 });
    await check(`POST ${own}/{receiverId}/test`, receiver);
    await check('POST /admin/v1/events/deliver');
    await check(`GET ${own}/{receiverId}/deliveries`, receiver);
    await check(`POST ${own}/{receiverId}/replay`, receiver, { dead: true });
    const said = { eventId: unknownId, status: 'done', detail: 'closed' };
    await check(`POST ${own}/{receiverId}/acknowledgements`, receiver, said);
    await check('GET /admin/v1/events/keys');
    await check('GET /admin/v1/tenants/{tenantId}/events', tenant);
    await check('GET /admin/v1/tenants/{tenantId}/receipts', tenant);
    await check(`DELETE ${own}/{receiverId}`, receiver);
    const fetching = (await check(`POST ${own}`, {}, { name: 'fetching', start: 'horizon' })) as { id: string };
    const fetched = await check(`GET ${own}/{receiverId}/events`, { receiverId: fetching.id });
    const { upTo } = fetched as { readonly upTo: string };
    await check(`POST ${own}/{receiverId}/events/acknowledgement`, { receiverId: fetching.id }, { upTo });
  }

  /** One leaver of a tenant that holds every one; answers the id of the batch. */
  async function tripGuard(tenantId: string): Promise<string> {
    const tenant = { tenantId };
    const policy = { guardMaxPct: 0, guardMaxAbs: 0, seatLimit: null };
    await send('PATCH /admin/v1/tenants/{tenantId}/mail-policy', tenant, policy);
    const { body: token } = await send('POST /admin/v1/tenants/{tenantId}/tokens', tenant, {});
    const client = (await TenantClient.open(service(), 'cleanmail')).withToken((token as { token: string }).token);
    const { id } = await client.createUser({ userName: 'leaver@described.example', externalId: 'leaver' });
    await client.disable(id);
    await client.remove(id);
    const open = await send('GET /admin/v1/tenants/{tenantId}/guard-batches?status=open', tenant);
    return (open.body as { readonly items: readonly { readonly id: string }[] }).items[0]?.id ?? '';
  }

  /** An active, a pending and a deleted user, a rename and a failure: every field of the views has a value somewhere. */
  async function provision(tenantId: string, token: string): Promise<void> {
    const client = (await TenantClient.open(service(), 'cleanmail')).withToken(token);
    const { id } = await client.createUser({
      userName: 'before@described.example',
      externalId: 'e-1',
      displayName: 'Ada',
    });
    await client.patch(id, { op: 'replace', path: 'userName', value: 'after@described.example' });
    await client.createUser({ userName: 'parked@elsewhere.example' });
    await client.remove((await client.createUser({ userName: 'gone@described.example' })).id);
    const refused = await client.send('POST', '/Users', { body: { userName: 'after@described.example' } });
    expect([tenantId, refused.status]).toEqual([tenantId, 409]);
  }
});
