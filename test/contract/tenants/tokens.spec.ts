import { afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import {
  InvalidTokenRequestError,
  type IssuedToken,
  type ProfileName,
  serviceProfiles,
  TenantNotFoundError,
  TokenEndedError,
  TokenNotFoundError,
} from '@cleanmail/tenants';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, createTenant, type Libs, libsFor, openLibs } from '../support/libs.js';
import { query } from '../support/rows.js';

const { basePath } = serviceProfiles.cleanmail;
const sendsafelyPath = serviceProfiles.sendsafely.basePath;

describeEachEngine('secret tokens', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;
  let stranger: TenantId;
  let clock = 0;

  beforeAll(async () => {
    tenant = await createTenant(libs());
    stranger = await createTenant(libs());
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Sets every clock of this process to a time that goes on from now only by hand. */
  function stopClock(): void {
    clock = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => clock);
  }

  const issue = (request: Parameters<Libs['tokens']['issue']>[2] = {}): Promise<IssuedToken> =>
    libs().tokens.issue(tenant, actor, request);
  const verify = (credential: string, path: string = basePath) => libs().verifier.verify(credential, path);

  /** Waits for what was started without being waited for. */
  async function settled(read: jest.SpiedFunction<Libs['database']['read']>): Promise<void> {
    await Promise.all(read.mock.results.map(({ value }) => value));
  }

  it('should open its own tenant with its service', async () => {
    const { credential, id } = await issue({ description: 'for Entra' });
    expect(await verify(credential)).toEqual({ tenant, tokenId: id, profile: serviceProfiles.cleanmail });
  });

  it('should list tokens of the tenant without their secrets', async () => {
    const own = await createTenant(libs());
    const issued: IssuedToken[] = [];
    for (let count = 0; count < 3; count += 1)
      issued.push(await libs().tokens.issue(own, actor, { description: `no. ${count}` }));
    const list = await libs().tokens.list(own, { limit: 10 });
    expect(list.map((token, index) => ({ ...token, credential: issued[index]?.credential }))).toEqual(issued);
    expect(list.some((token) => 'credential' in token)).toBe(false);
    expect(await libs().tokens.list(own, { limit: 1, after: issued[0]?.id ?? '' })).toEqual(list.slice(1, 2));
    expect(await libs().tokens.list(stranger, { limit: 10 })).toEqual([]);
    await expect(libs().tokens.list(newId() as TenantId, { limit: 10 })).rejects.toBeInstanceOf(TenantNotFoundError);
  });

  it('should refuse a text with a wrong checksum without a statement', async () => {
    const { credential } = await issue();
    const read = jest.spyOn(libs().database, 'read');
    const write = jest.spyOn(libs().database, 'write');
    const last = credential.endsWith('0') ? '1' : '0';
    const texts = [
      '',
      'x',
      `${credential.slice(0, -1)}${last}`,
      credential.slice(0, -1),
      `${credential}0`,
      ` ${credential}`,
      'cm_'.repeat(3000),
    ];
    for (const text of texts) expect(await verify(text)).toBeUndefined();
    expect(read).not.toHaveBeenCalled();
    expect(write).not.toHaveBeenCalled();
  });

  it('should refuse a well-formed token that was never issued', async () => {
    const other = await openLibs(libs().databaseUrl, 'another pepper');
    const { credential, id } = await other.tokens.issue(tenant, actor, {});
    expect(await other.verifier.verify(credential, basePath)).toMatchObject({ tokenId: id });
    expect(await verify(credential)).toBeUndefined();
    await libs().tokens.revoke(tenant, actor, id);
    await other.close();
  });

  it('should refuse a token from its expiry on', async () => {
    stopClock();
    const { credential } = await issue({ expiresAt: clock + 10_000 });
    expect(await verify(credential)).toBeDefined();
    clock += 9_999;
    expect(await verify(credential)).toBeDefined();
    clock += 1;
    expect(await verify(credential)).toBeUndefined();
  });

  it('should not issue a token that has expired', async () => {
    await expect(issue({ expiresAt: Date.now() - 1 })).rejects.toBeInstanceOf(InvalidTokenRequestError);
  });

  it('should refuse a revoked token at once here and within a second on every other node', async () => {
    const other = await openLibs(libs().databaseUrl);
    const { credential, id } = await issue();
    stopClock();
    expect(await verify(credential)).toBeDefined();
    expect(await other.verifier.verify(credential, basePath)).toBeDefined();
    await libs().tokens.revoke(tenant, actor, id);
    expect(await verify(credential)).toBeUndefined();
    clock += 999;
    expect(await other.verifier.verify(credential, basePath)).toBeUndefined();
    await libs().tokens.revoke(tenant, actor, id);
    await other.close();
  });

  it('should keep the first time of a revocation', async () => {
    const { id } = await issue();
    stopClock();
    await libs().tokens.revoke(tenant, actor, id);
    const revokedAt = clock;
    clock += 5000;
    await libs().tokens.revoke(tenant, actor, id);
    const found = (await libs().tokens.list(tenant, { limit: 500 })).find((token) => token.id === id);
    expect(found?.revokedAt).toBe(revokedAt);
  });

  it('should not revoke or rotate the token of another tenant', async () => {
    const { credential, id } = await issue();
    await expect(libs().tokens.revoke(stranger, actor, id)).rejects.toBeInstanceOf(TokenNotFoundError);
    await expect(libs().tokens.rotate(stranger, actor, id)).rejects.toBeInstanceOf(TokenNotFoundError);
    expect(await verify(credential)).toBeDefined();
  });

  it('should let the old token live on for the overlap of a rotation', async () => {
    stopClock();
    const old = await issue({ description: 'Entra', expiresAt: clock + 100_000_000 });
    clock += 1000;
    const successor = await libs().tokens.rotate(tenant, actor, old.id, 60);
    expect(successor).toMatchObject({ description: 'Entra', expiresAt: clock + 100_000_000 });
    expect(successor.credential).not.toBe(old.credential);
    expect(await verify(old.credential)).toMatchObject({ tokenId: old.id });
    expect(await verify(successor.credential)).toMatchObject({ tokenId: successor.id });
    clock += 59_999;
    expect(await verify(old.credential)).toBeDefined();
    clock += 1;
    expect(await verify(old.credential)).toBeUndefined();
    expect(await verify(successor.credential)).toBeDefined();
  });

  it('should end the old token at once without overlap, and overlap a day by default', async () => {
    stopClock();
    const [one, two] = [await issue(), await issue()];
    await libs().tokens.rotate(tenant, actor, one.id, 0);
    expect(await verify(one.credential)).toBeUndefined();
    await libs().tokens.rotate(tenant, actor, two.id);
    clock += 24 * 3_600_000 - 1;
    expect(await verify(two.credential)).toBeDefined();
    clock += 1;
    expect(await verify(two.credential)).toBeUndefined();
    await expect(libs().tokens.rotate(tenant, actor, two.id)).rejects.toBeInstanceOf(TokenEndedError);
    await expect(libs().tokens.rotate(tenant, actor, newId())).rejects.toBeInstanceOf(TokenNotFoundError);
  });

  it('should never make a token live longer by a second rotation', async () => {
    stopClock();
    const old = await issue();
    await libs().tokens.rotate(tenant, actor, old.id, 60);
    await libs().tokens.rotate(tenant, actor, old.id, 3600);
    clock += 60_000;
    expect(await verify(old.credential)).toBeUndefined();
  });

  it('should open nothing while its tenant is suspended, and again when it is resumed', async () => {
    const own = await createTenant(libs());
    const { credential } = await libs().tokens.issue(own, actor, {});
    expect(await verify(credential)).toBeDefined();
    await libs().tenants.change(own, actor, { status: 'suspended' });
    expect(await verify(credential)).toBeUndefined();
    await libs().tenants.change(own, actor, { status: 'active' });
    expect(await verify(credential)).toMatchObject({ tenant: own });
  });

  it.each([
    ['cleanmail', basePath, true],
    ['cleanmail', sendsafelyPath, false],
    ['cleanmail', '', false],
    ['cleanmail', `${basePath}/`, false],
    ['alinto-protect', basePath, true],
    ['alinto-protect', sendsafelyPath, false],
    ['sendsafely', sendsafelyPath, true],
    ['sendsafely', basePath, false],
  ] as const)('should for %s at the path %j answer %s', async (profile: ProfileName, path, opens) => {
    const own = await createTenant(libs(), { profile });
    const { credential } = await libs().tokens.issue(own, actor, {});
    expect((await verify(credential, path)) !== undefined).toBe(opens);
  });

  it('should need both halves of a SendSafely credential, and only one elsewhere', async () => {
    const own = await createTenant(libs(), { profile: 'sendsafely' });
    const { credential, serviceAccount } = await libs().tokens.issue(own, actor, {
      serviceAccount: 'admin@vendor.example',
    });
    expect(serviceAccount).toBe('admin@vendor.example');
    const token = credential.slice('admin@vendor.example:'.length);
    expect(await verify(credential, sendsafelyPath)).toMatchObject({ tenant: own });
    for (const wrong of [
      token,
      `:${token}`,
      `other@vendor.example:${token}`,
      `ADMIN@vendor.example:${token}`,
      `admin@vendor.example:x:${token}`,
      `admin@vendor.example::${token}`,
    ]) {
      expect(await verify(wrong, sendsafelyPath)).toBeUndefined();
    }
    const bare = await issue();
    expect(await verify(`admin@vendor.example:${bare.credential}`)).toBeUndefined();
    expect(await verify(`:${bare.credential}`)).toBeUndefined();
  });

  it('should make up a service account from the domain, and refuse one that cannot be told from the token', async () => {
    const domain = `d-${newId()}.example`;
    const own = await createTenant(libs(), { profile: 'sendsafely', domains: [domain] });
    const { credential } = await libs().tokens.issue(own, actor, {});
    expect(credential.startsWith(`scim-admin@${domain}:cm_`)).toBe(true);
    await expect(libs().tokens.issue(own, actor, { serviceAccount: 'a:b' })).rejects.toBeInstanceOf(
      InvalidTokenRequestError,
    );
    await expect(issue({ serviceAccount: 'a@b.example' })).rejects.toBeInstanceOf(InvalidTokenRequestError);
    const rotated = await libs().tokens.rotate(own, actor, (await libs().tokens.list(own, { limit: 1 }))[0]?.id ?? '');
    expect(rotated.credential.startsWith(`scim-admin@${domain}:cm_`)).toBe(true);
  });

  it('should note the last use once a minute, and never twice for the same minute', async () => {
    const { credential, id } = await issue();
    stopClock();
    const begin = clock;
    const read = jest.spyOn(libs().database, 'read');
    const lastUsed = async () => {
      await settled(read);
      const [row] = await query(libs().database, 'SELECT last_used_at FROM secret_token WHERE id = ?', [id]);
      return row?.['last_used_at'];
    };
    const uses: unknown[] = [];
    for (const elapsed of [0, 1000, 59_999, 60_000, 61_000, 119_999, 120_000]) {
      clock = begin + elapsed;
      expect(await verify(credential)).toBeDefined();
      uses.push(Number(await lastUsed()) - begin);
    }
    expect(uses).toEqual([0, 0, 0, 60_000, 60_000, 60_000, 120_000]);
  });

  it('should not let a failure to note the last use reach the request', async () => {
    const { credential } = await issue();
    expect(await verify(credential)).toBeDefined();
    stopClock();
    clock += 60_000;
    const read = libs().database.read.bind(libs().database);
    let calls = 0;
    jest.spyOn(libs().database, 'read').mockImplementation((work) => {
      calls += 1;
      return calls === 1 ? read(work) : Promise.reject(new Error('the database went away'));
    });
    expect(await verify(credential)).toBeDefined();
    expect(calls).toBe(2);
  });

  it('should keep nothing of the secret anywhere in the database', async () => {
    const issued: IssuedToken[] = [];
    for (let count = 0; count < 50; count += 1) issued.push(await issue({ description: `no. ${count}` }));
    for (const { credential, id } of issued) {
      await verify(credential);
      await libs().tokens.rotate(tenant, actor, id, 60);
    }
    const tables = ['secret_token', 'audit_entry', 'tenant', 'provisioning_log', 'outbox_event'];
    const dump = JSON.stringify(
      await Promise.all(tables.map((table) => query(libs().database, `SELECT * FROM ${table}`))),
    );
    expect(dump).toContain(issued[0]?.publicId);
    for (const { credential } of issued) {
      const secret = credential.slice('cm_'.length + 16);
      for (const form of [
        credential,
        secret,
        secret.slice(0, 12),
        encodeURIComponent(secret),
        Buffer.from(credential).toString('base64'),
      ]) {
        expect(dump.includes(form)).toBe(false);
      }
    }
    const hashes = await query(libs().database, 'SELECT secret_hash FROM secret_token');
    expect(hashes.every(({ secret_hash: hash }) => /^[0-9a-f]{64}$/.test(String(hash)))).toBe(true);
  });
});
