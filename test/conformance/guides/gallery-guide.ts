import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeEachEngine } from '../../support/engines/index.js';
import { AdminClient, type ProfileName } from '../client/admin-client.js';
import { CORE_USER, PATCH_OP, SCIM_ERROR, type ScimUser } from '../client/scim-types.js';
import { TenantClient } from '../client/tenant-client.js';
import { plainUser, uniqueAddress } from '../entra/people.js';
import { expectTestConnection, spellingsOf } from './connection.js';
import { serviceForGuide } from './service-for-guide.js';

/** A row of the guide's attribute table, with two values for it. */
interface MappedAttribute {
  readonly path: string;
  readonly filterable: boolean;
  readonly required: boolean;
  readonly values: readonly [unknown, unknown];
}

const attributeTable: readonly MappedAttribute[] = [
  { path: 'userName', filterable: true, required: true, values: [uniqueAddress('first'), uniqueAddress('second')] },
  { path: 'active', filterable: false, required: true, values: [true, false] },
  { path: 'name.givenName', filterable: false, required: false, values: ['Zoë', 'Zoe'] },
  { path: 'name.familyName', filterable: false, required: false, values: ['Müller', 'Müller-Meier'] },
  { path: 'externalId', filterable: false, required: false, values: ['z.mueller', 'z.mueller-meier'] },
];

/** The steps of a gallery application's set-up guide that touch the service, one test each, on each engine. */
export function describeGalleryGuide(product: string, profile: ProfileName, hosts: readonly string[]): void {
  describeEachEngine(`${product} set-up guide`, (engine) => {
    const service = serviceForGuide(engine);
    let tenant: TenantClient;
    beforeAll(async () => {
      tenant = await TenantClient.open(service(), profile);
    });

    it('step 2: support creates the tenant and hands out tenant URL and secret token', async () => {
      const admin = new AdminClient(service().adminUrl, service().adminKey);
      const made = await admin.createTenant({ name: product, profile, domains: [] });
      const issued = await admin.issueToken(made.id);
      expect(issued.tenantUrl).toBe(made.tenantUrl);
      expect(made.tenantUrl).toBe(`${service().scimUrl}/api/v3/scim2`);
      expect(issued.token).toMatch(/^cm_[A-Za-z0-9_-]+$/);
      const listed = await admin.call('GET', `/tenants/${made.id}/tokens`);
      expect(listed.status).toBe(200);
      expect(listed.text).toContain(issued.id);
      expect(listed.text).not.toContain(issued.token);
    });

    it('step 5: Test Connection is green with and without a slash at the end of the tenant URL', async () => {
      for (const tenantUrl of spellingsOf(tenant.tenant.tenantUrl)) await expectTestConnection(tenant, tenantUrl);
    });

    it.each(hosts)('step 5: the tenant URL works under the host %s', async (host) => {
      await expectTestConnection(tenant, tenant.tenant.tenantUrl, { Host: host });
    });

    it('step 5: Test Connection stays red with another secret token', async () => {
      const answer = await tenant.withToken(`${tenant.token}x`).send('GET', '/Users?filter=userName+eq+%22x%22');
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, expect.stringMatching(/^Bearer/)]);
      expect(answer.body).toMatchObject({ schemas: [SCIM_ERROR], status: '401' });
    });

    it('step 5: the group probe of a mapping left on is answered with an empty list', async () => {
      const answer = await tenant.send('GET', '/Groups?excludedAttributes=members&filter=displayName+eq+%22x%22');
      expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ totalResults: 0, Resources: [] })]);
    });

    describe('attribute table', () => describeAttributeTable(() => tenant));

    it('creates, updates, disables, restores and removes a user, and the mailbox account follows', async () => {
      await expectLifeCycle(tenant);
    });
  });
}

function describeAttributeTable(tenant: () => TenantClient): void {
  it.each(attributeTable)('$path is accepted at creation and in an update', async ({ path, values }) => {
    const [first, second] = values;
    const created = await tenant().createUser(withAttribute(plainUser(uniqueAddress()), path, first));
    expect(valueAt(created, path)).toEqual(first);
    const value = typeof second === 'boolean' ? (second ? 'True' : 'False') : second;
    const answer = await tenant().patch(created.id, { op: 'Replace', path, value });
    expect(answer.status).toBe(200);
    expect(valueAt(await tenant().readUser(created.id), path)).toEqual(second);
  });

  it.each(attributeTable.filter(({ filterable }) => filterable))(
    '$path can be the matching property',
    async ({ path }) => {
      const user = await tenant().createUser(plainUser(uniqueAddress('Match.Me')));
      const value = String(valueAt(user, path));
      for (const spelling of [value, value.toLowerCase(), value.toUpperCase()]) {
        expect((await tenant().find(`${path} eq "${spelling}"`)).Resources).toEqual([user]);
      }
    },
  );

  it('refuses a user without the required userName, and takes a missing active for true', async () => {
    const nameless = await tenant().send('POST', '/Users', { body: { schemas: [CORE_USER], active: true } });
    expect([nameless.status, nameless.body]).toEqual([400, expect.objectContaining({ scimType: 'invalidValue' })]);
    const user = await tenant().createUser({ schemas: [CORE_USER], userName: uniqueAddress() });
    expect(user.active).toBe(true);
  });
}

async function expectLifeCycle(tenant: TenantClient): Promise<void> {
  const userName = uniqueAddress('joiner');
  expect((await tenant.findByUserName(userName)).totalResults).toBe(0);
  const user = await tenant.createUser(
    plainUser(userName, { name: { givenName: 'Jo', familyName: 'Iner' }, externalId: 'joiner' }),
  );
  const account = await tenant.mailboxOf(user.id);
  expect(account).toMatchObject({ address: userName, status: 'active', statusReason: null, userId: user.id });

  const renamed = uniqueAddress('married');
  const update = { userName: renamed, 'name.familyName': 'Married' };
  const answer = await tenant.send('PATCH', `/Users/${user.id}`, {
    body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: update }] },
  });
  expect(answer.body).toMatchObject({
    id: user.id,
    userName: renamed,
    name: { givenName: 'Jo', familyName: 'Married' },
  });
  const byFormerAddress = await tenant.admin.mailboxesOf(tenant.tenant.id, userName);
  expect(byFormerAddress).toEqual([expect.objectContaining({ id: account.id, address: renamed, status: 'active' })]);

  await tenant.disable(user.id);
  expect((await tenant.findByUserName(renamed)).Resources).toEqual([
    expect.objectContaining({ id: user.id, active: false }),
  ]);
  expect(await tenant.mailboxOf(user.id)).toMatchObject({ id: account.id, status: 'suspended' });

  const restored = await tenant.patch(user.id, { op: 'Add', path: 'active', value: 'True' });
  expect([restored.status, (restored.body as ScimUser).active]).toEqual([200, true]);
  expect(await tenant.mailboxOf(user.id)).toMatchObject({ id: account.id, status: 'active' });

  await tenant.remove(user.id);
  expect((await tenant.send('GET', `/Users/${user.id}`)).status).toBe(404);
  expect((await tenant.findByUserName(renamed)).totalResults).toBe(0);
  const [ended] = await tenant.admin.mailboxesOf(tenant.tenant.id, renamed);
  expect(ended).toMatchObject({ id: account.id, status: 'deleted' });
}

function withAttribute(user: object, path: string, value: unknown): object {
  const [first = path, second] = path.split('.');
  return { ...user, [first]: second === undefined ? value : { [second]: value } };
}

function valueAt(user: ScimUser, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], user);
}
