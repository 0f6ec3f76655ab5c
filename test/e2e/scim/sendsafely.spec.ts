import { beforeAll, expect, it } from '@jest/globals';
import { CORE_USER, type ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { comparable, expectScimError } from './answers.js';

interface Retained {
  readonly status: string;
  readonly eraseAfter: string | null;
  readonly purgeAfter: string | null;
}

const DAY_MILLISECONDS = 86_400_000;

describeEachEngine('the particulars of sendsafely', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let user: ScimUser;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'sendsafely');
  });

  async function freshUser(): Promise<ScimUser> {
    user = await tenant.createUser(
      plainUser(uniqueAddress('Ann.Other'), { name: { givenName: 'Ann', familyName: 'Other' } }),
    );
    return user;
  }

  const mailbox = async (): Promise<Retained> => (await tenant.mailboxOf(user.id)) as unknown as Retained;

  it('should open with service account and key together only', async () => {
    const [account = '', key = ''] = tenant.token.split(/:(?=cm_)/);
    expect([account, key]).toEqual(['scim-admin@vendor.example', expect.stringMatching(/^cm_[0-9A-Za-z]{65}$/)]);
    expect((await tenant.send('GET', '/Users')).status).toBe(200);
    const expected = comparable(await tenant.withToken('nonsense').send('GET', '/Users'));
    const halves = [
      key,
      account,
      `${account}:`,
      `:${key}`,
      `other@vendor.example:${key}`,
      `${account.toUpperCase()}:${key}`,
    ];
    const mangled = [
      `${account}::${key}`,
      `${account}:${key}x`,
      `${account}:${account}:${key}`,
      `${key}:${account}`,
      `${account}%3A${key}`,
    ];
    for (const token of [...halves, ...mangled])
      expect([token, comparable(await tenant.withToken(token).send('GET', '/Users'))]).toEqual([token, expected]);
  });

  it('should refuse another userName by PUT and by every form of PATCH, and change nothing of the request', async () => {
    await freshUser();
    const other = uniqueAddress();
    const given = { op: 'replace', path: 'name.givenName', value: 'Not' };
    const refused = [
      await tenant.send('PUT', `/Users/${user.id}`, { body: plainUser(other) }),
      await tenant.patch(user.id, { op: 'Replace', path: 'userName', value: other }),
      await tenant.patch(user.id, { op: 'add', path: 'USERNAME', value: other }),
      await tenant.patch(user.id, { op: 'remove', path: 'userName' }),
      await tenant.patch(user.id, { op: 'replace', path: `${CORE_USER}:userName`, value: other }),
      await tenant.patch(user.id, { op: 'replace', value: { userName: other } }),
      await tenant.patch(user.id, given, { op: 'replace', path: 'userName', value: other }),
      await tenant.patch(user.id, { op: 'replace', path: 'userName', value: other }, given),
      await tenant.patch(user.id, given, { op: 'add', value: { 'name.familyName': 'No', userName: other } }),
    ];
    for (const answer of refused) expectScimError(answer, 400, 'mutability');
    expect(await tenant.readUser(user.id)).toEqual(user);
    expect(await tenant.mailboxOf(user.id)).toMatchObject({ address: user.userName.toLowerCase(), status: 'active' });
  });

  it('should take the same userName again, with the names changed beside it', async () => {
    await freshUser();
    const { userName } = user;
    const patched = await tenant.patch(
      user.id,
      { op: 'replace', path: 'userName', value: userName },
      { op: 'replace', value: { userName, 'name.givenName': 'Anne', 'name.familyName': 'Else' } },
    );
    expect([patched.status, patched.body]).toMatchObject([
      200,
      { userName, name: { givenName: 'Anne', familyName: 'Else' } },
    ]);
    const replaced = await tenant.send('PUT', `/Users/${user.id}`, {
      body: plainUser(userName, { name: { givenName: 'A' } }),
    });
    expect([replaced.status, replaced.body]).toMatchObject([200, { userName, name: { givenName: 'A' } }]);
    expect((replaced.body as ScimUser).name).toEqual({ givenName: 'A' });
  });

  it('should schedule the erasure when a user is deactivated, once, and cancel it when the user comes back', async () => {
    await freshUser();
    expect(await mailbox()).toMatchObject({ status: 'active', eraseAfter: null });
    await tenant.disable(user.id);
    const suspended = await mailbox();
    expect(suspended).toMatchObject({ status: 'suspended', purgeAfter: null });
    const days = (Date.parse(suspended.eraseAfter ?? '') - Date.now()) / DAY_MILLISECONDS;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThanOrEqual(30);
    await tenant.disable(user.id);
    await tenant.patch(user.id, { op: 'replace', path: 'name.givenName', value: 'Still away' });
    expect((await mailbox()).eraseAfter).toBe(suspended.eraseAfter);
    await tenant.patch(user.id, { op: 'replace', path: 'active', value: 'True' });
    expect(await mailbox()).toMatchObject({ status: 'active', eraseAfter: null });
    await tenant.send('PUT', `/Users/${user.id}`, { body: plainUser(user.userName, { active: false }) });
    expect((await mailbox()).eraseAfter).toMatch(/^\d{4}-/);
  });

  it('should schedule the erasure of a user who is created inactive', async () => {
    user = await tenant.createUser(plainUser(uniqueAddress(), { active: false }));
    expect(await mailbox()).toMatchObject({ status: 'suspended', eraseAfter: expect.stringMatching(/^\d{4}-/) });
  });

  it('should schedule no erasure on the other profiles', async () => {
    for (const profile of ['cleanmail', 'alinto-protect'] as const) {
      const other = await TenantClient.open(service(), profile);
      const person = await other.createUser(plainUser(uniqueAddress()));
      await other.disable(person.id);
      expect(await other.mailboxOf(person.id)).toMatchObject({ status: 'suspended', eraseAfter: null });
    }
  });
});
