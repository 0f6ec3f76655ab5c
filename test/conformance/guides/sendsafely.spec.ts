import { beforeAll, expect, it } from '@jest/globals';
import { describeEachEngine } from '../../support/engines/index.js';
import { AdminClient } from '../client/admin-client.js';
import { CORE_USER, type ScimList, type ScimUser } from '../client/scim-types.js';
import { TenantClient } from '../client/tenant-client.js';
import { plainUser, uniqueAddress } from '../entra/people.js';
import { expectTestConnection, spellingsOf } from './connection.js';
import { serviceForGuide } from './service-for-guide.js';

const SERVICE_ACCOUNT = 'scim-admin@sendsafely.example';

/** The four attributes that the guide leaves in the mapping. */
function mappedUser(userName = uniqueAddress()): object {
  return plainUser(userName, { name: { givenName: 'Ann', familyName: 'Other' } });
}

describeEachEngine('SendSafely set-up guide', (engine) => {
  const service = serviceForGuide(engine);
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'sendsafely');
  });

  it('part 1: the secret token is the service account and its key, joined by a colon', async () => {
    const admin = new AdminClient(service().adminUrl, service().adminKey);
    const { id, tenantUrl } = await admin.createTenant({ name: 'SendSafely', profile: 'sendsafely' });
    const issued = await admin.issueToken(id, { serviceAccount: SERVICE_ACCOUNT });
    expect(issued.token).toMatch(/^scim-admin@sendsafely\.example:cm_[A-Za-z0-9_-]+$/);
    expect(issued.tenantUrl).toBe(tenantUrl);
    expect(new URL(tenantUrl).pathname.replace(/\/$/, '')).toBe('/scim/v2/entra');
  });

  it('part 1: Test Connection is green, also with the slash at the end that the guide prints', async () => {
    for (const tenantUrl of spellingsOf(tenant.tenant.tenantUrl)) await expectTestConnection(tenant, tenantUrl);
    const doubled = await tenant.sendRaw('GET', '/scim/v2/entra//Users?count=1', {
      headers: { Authorization: `Bearer ${tenant.token}` },
    });
    expect([doubled.status, doubled.body]).toEqual([200, expect.objectContaining({ totalResults: 0 })]);
  });

  it('part 1: half a token, and the token on the path of another product, open nothing', async () => {
    const key = tenant.token.slice(tenant.token.indexOf(':') + 1);
    const elsewhere = await tenant.sendRaw('GET', '/api/v3/scim2/Users', {
      headers: { Authorization: `Bearer ${tenant.token}` },
    });
    const neighbour = await TenantClient.open(service(), 'cleanmail');
    const answers = [
      await tenant.withToken(key).send('GET', '/Users'),
      await tenant.withToken(neighbour.token).send('GET', '/Users'),
      await tenant.withToken(`${SERVICE_ACCOUNT}:${neighbour.token}`).send('GET', '/Users'),
      elsewhere,
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('part 2: the four mapped attributes are taken and given back', async () => {
    const body = mappedUser();
    const user = await tenant.createUser(body);
    expect(user).toEqual({
      ...body,
      schemas: [CORE_USER],
      id: user.id,
      meta: expect.objectContaining({ resourceType: 'User' }),
    });
    expect((await tenant.findByUserName(user.userName)).Resources).toEqual([user]);
  });

  it('part 2: userName is immutable, to PATCH and to PUT; saying the same name again is no change', async () => {
    const user = await tenant.createUser(mappedUser());
    const other = uniqueAddress('renamed');
    const refused = [
      await tenant.patch(user.id, { op: 'Replace', path: 'userName', value: other }),
      await tenant.patch(user.id, { op: 'replace', value: { userName: other, 'name.givenName': 'Not' } }),
      await tenant.send('PUT', `/Users/${user.id}`, { body: mappedUser(other) }),
    ];
    for (const { status, body } of refused)
      expect([status, body]).toEqual([400, expect.objectContaining({ scimType: 'mutability' })]);
    expect(await tenant.readUser(user.id)).toEqual(user);
    expect((await tenant.patch(user.id, { op: 'Replace', path: 'userName', value: user.userName })).status).toBe(200);
    expect((await tenant.send('PUT', `/Users/${user.id}`, { body: mappedUser(user.userName) })).status).toBe(200);
    expect((await tenant.readUser(user.id)).userName).toBe(user.userName);
  });

  it('part 2: says in /Schemas that userName is immutable', async () => {
    const { Resources } = (await tenant.send('GET', '/Schemas')).body as ScimList<{
      id: string;
      attributes: readonly { name: string; mutability: string }[];
    }>;
    const core = Resources.find(({ id }) => id === CORE_USER);
    expect(core?.attributes.find(({ name }) => name === 'userName')?.mutability).toBe('immutable');
  });

  it('part 2: with groups switched off or left on, the group probe is an empty list and no group can be made', async () => {
    const probe = await tenant.send('GET', '/Groups?excludedAttributes=members&filter=displayName+eq+%22x%22');
    expect([probe.status, probe.body]).toEqual([200, expect.objectContaining({ totalResults: 0, Resources: [] })]);
    expect([404, 501]).toContain((await tenant.send('POST', '/Groups', { body: { displayName: 'g' } })).status);
    const types = (await tenant.send('GET', '/ResourceTypes')).body as ScimList<{ name: string }>;
    expect(types.Resources.map(({ name }) => name)).toEqual(['User']);
  });

  it('part 3: assigning creates the user, a new first and last name arrive', async () => {
    const user = await tenant.createUser(mappedUser());
    expect(await tenant.mailboxOf(user.id)).toMatchObject({ address: user.userName, status: 'active' });
    const answer = await tenant.patch(
      user.id,
      { op: 'Replace', path: 'name.givenName', value: 'Anne' },
      { op: 'Replace', path: 'name.familyName', value: 'Else' },
    );
    expect([answer.status, (answer.body as ScimUser).name]).toEqual([200, { givenName: 'Anne', familyName: 'Else' }]);
  });

  it('part 3: removing the user deactivates it and starts the erasure; it stays visible to Entra', async () => {
    const user = await tenant.createUser(mappedUser());
    await tenant.disable(user.id);
    expect(await tenant.readUser(user.id)).toMatchObject({ id: user.id, userName: user.userName, active: false });
    expect(await tenant.mailboxOf(user.id)).toMatchObject({
      status: 'suspended',
      eraseAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });
});
