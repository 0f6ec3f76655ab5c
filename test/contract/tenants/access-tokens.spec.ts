import { afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import { type IssuedToken, serviceProfiles } from '@cleanmail/tenants';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, createTenant, libsFor, openLibs } from '../support/libs.js';
import { query } from '../support/rows.js';

const { basePath } = serviceProfiles.cleanmail;
const sendsafelyPath = serviceProfiles.sendsafely.basePath;
const hour = 3600;

describeEachEngine('access tokens', (engine) => {
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

  function stopClock(): void {
    clock = Math.floor(Date.now() / 1000) * 1000;
    jest.spyOn(Date, 'now').mockImplementation(() => clock);
  }

  const issue = (expiresAt?: number): Promise<IssuedToken> =>
    libs().tokens.issue(tenant, actor, expiresAt === undefined ? {} : { expiresAt });
  const grant = (secret: string, clientId: string = tenant, path: string = basePath, seconds = hour) =>
    libs().credentials.grant({ clientId, secrets: [secret] }, path, seconds);
  async function accessToken(secret: string): Promise<string> {
    const granted = await grant(secret);
    if (granted === undefined) throw new Error('no access token was granted');
    return granted.accessToken;
  }
  const verify = (credential: string, path: string = basePath) => libs().verifier.verify(credential, path);

  it('should open the tenant of the secret as the secret does, and be stored nowhere', async () => {
    const { credential, id } = await issue();
    const before = await query(libs().database, 'SELECT COUNT(*) AS number FROM secret_token');
    const token = await accessToken(credential);
    expect(await verify(token)).toEqual({ tenant, tokenId: id, profile: serviceProfiles.cleanmail });
    expect(await query(libs().database, 'SELECT COUNT(*) AS number FROM secret_token')).toEqual(before);
  });

  it('should be readable by every node with the pepper, and by no other', async () => {
    const { credential, id } = await issue();
    const token = await accessToken(credential);
    const [node, foreign] = [await openLibs(libs().databaseUrl), await openLibs(libs().databaseUrl, 'another pepper')];
    expect(await node.verifier.verify(token, basePath)).toMatchObject({ tenant, tokenId: id });
    expect(await foreign.verifier.verify(token, basePath)).toBeUndefined();
    await Promise.all([node.close(), foreign.close()]);
  });

  it('should not be granted to another tenant, another path, a wrong secret or another access token', async () => {
    const { credential } = await issue();
    const other = await libs().tokens.issue(stranger, actor, {});
    expect(await grant(credential, stranger)).toBeUndefined();
    expect(await grant(other.credential)).toBeUndefined();
    expect(await grant(credential, newId())).toBeUndefined();
    expect(await grant(credential, tenant.toUpperCase())).toBeUndefined();
    expect(await grant(credential, '')).toBeUndefined();
    expect(await grant(credential, tenant, sendsafelyPath)).toBeUndefined();
    expect(await grant(`${credential.slice(0, -1)}!`)).toBeUndefined();
    expect(await grant(await accessToken(credential))).toBeUndefined();
    expect(await verify(await accessToken(credential), sendsafelyPath)).toBeUndefined();
    expect(await grant(credential)).toBeDefined();
  });

  it('should end with its secret: at once here, and within a second on every other node', async () => {
    const other = await openLibs(libs().databaseUrl);
    const { credential, id } = await issue();
    const token = await accessToken(credential);
    stopClock();
    expect(await verify(token)).toBeDefined();
    expect(await other.verifier.verify(token, basePath)).toBeDefined();
    await libs().tokens.revoke(tenant, actor, id);
    expect([await verify(token), await grant(credential)]).toEqual([undefined, undefined]);
    clock += 999;
    expect(await other.verifier.verify(token, basePath)).toBeUndefined();
    expect(await other.credentials.grant({ clientId: tenant, secrets: [credential] }, basePath, hour)).toBeUndefined();
    await other.close();
  });

  it('should end after its time, and be told of no more time than its secret has', async () => {
    stopClock();
    const { credential } = await issue(clock + 90_000);
    expect((await grant(credential, tenant, basePath, 60))?.expiresIn).toBe(60);
    const granted = await grant(credential);
    expect(granted?.expiresIn).toBe(90);
    const short = (await grant(credential, tenant, basePath, 60))?.accessToken ?? '';
    clock += 59_999;
    expect(await verify(short)).toBeDefined();
    clock += 1;
    expect(await verify(short)).toBeUndefined();
    expect(await verify(granted?.accessToken ?? '')).toBeDefined();
    clock += 30_000;
    expect(await verify(granted?.accessToken ?? '')).toBeUndefined();
    expect(await grant(credential)).toBeUndefined();
  });

  it('should be granted for both secrets during the overlap of a rotation, and for the new one after it', async () => {
    stopClock();
    const old = await issue();
    const successor = await libs().tokens.rotate(tenant, actor, old.id, 60);
    const [before, after] = [await grant(old.credential), await grant(successor.credential)];
    expect([before?.expiresIn, after?.expiresIn]).toEqual([60, hour]);
    expect(await verify(before?.accessToken ?? '')).toMatchObject({ tokenId: old.id });
    expect(await verify(after?.accessToken ?? '')).toMatchObject({ tokenId: successor.id });
    clock += 60_000;
    expect(await verify(before?.accessToken ?? '')).toBeUndefined();
    expect(await grant(old.credential)).toBeUndefined();
    expect(await verify(after?.accessToken ?? '')).toBeDefined();
  });

  it('should open nothing while its tenant is suspended, and never again when it is closed', async () => {
    const own = await createTenant(libs());
    const { credential } = await libs().tokens.issue(own, actor, {});
    const token = (await grant(credential, own))?.accessToken ?? '';
    await libs().tenants.change(own, actor, { status: 'suspended' });
    expect([await verify(token), await grant(credential, own)]).toEqual([undefined, undefined]);
    await libs().tenants.change(own, actor, { status: 'active' });
    expect(await verify(token)).toMatchObject({ tenant: own });
    await libs().tenants.close(own, actor);
    expect([await verify(token), await grant(credential, own)]).toEqual([undefined, undefined]);
  });

  it('should need the whole credential of SendSafely as secret, and nothing beside the access token', async () => {
    const own = await createTenant(libs(), { profile: 'sendsafely' });
    const serviceAccount = 'eyJ@vendor.example';
    const { credential } = await libs().tokens.issue(own, actor, { serviceAccount });
    const key = credential.slice(serviceAccount.length + 1);
    for (const wrong of [key, `:${key}`, `other@vendor.example:${key}`])
      expect(await grant(wrong, own, sendsafelyPath)).toBeUndefined();
    expect(await verify(credential, sendsafelyPath)).toMatchObject({ tenant: own });
    const token = (await grant(credential, own, sendsafelyPath))?.accessToken ?? '';
    expect(await verify(token, sendsafelyPath)).toMatchObject({ tenant: own });
    expect(await verify(`${serviceAccount}:${token}`, sendsafelyPath)).toBeUndefined();
    expect(await verify(token)).toBeUndefined();
  });

  it('should count as a use of the secret', async () => {
    const { credential, id } = await issue();
    const token = await accessToken(credential);
    const read = jest.spyOn(libs().database, 'read');
    expect(await verify(token)).toBeDefined();
    await Promise.all(read.mock.results.map(({ value }) => value));
    const [row] = await query(libs().database, 'SELECT last_used_at FROM secret_token WHERE id = ?', [id]);
    expect(row?.['last_used_at']).not.toBeNull();
  });
});
