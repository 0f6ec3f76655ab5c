import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { embeddedEngine } from '../../support/embedded-engine.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { comparable, expectHeaders, expectNoInside, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = 'application/json; charset=utf-8';
const GRANT = { grant_type: 'client_credentials' };

const basic = (clientId: string, secret: string): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
});

/** Asks the tenant's token endpoint as its client, or with other parameters, headers or at another path. */
function ask(
  tenant: TenantClient,
  parameters: Readonly<Record<string, string>> = credentialsOf(tenant),
  headers: Readonly<Record<string, string>> = {},
  path = '/oauth/token',
): Promise<Exchange> {
  const body = new URLSearchParams({ ...GRANT, ...parameters }).toString();
  return tenant.sendRaw('POST', tenant.basePath + path, { headers: { ...FORM, ...headers }, body });
}

function credentialsOf({ tenant, token }: TenantClient): Record<string, string> {
  return { client_id: tenant.id, client_secret: token };
}

async function accessToken(tenant: TenantClient): Promise<string> {
  const answer = await ask(tenant);
  expect(answer.status).toBe(200);
  return (answer.body as { readonly access_token: string }).access_token;
}

/** The answer is exactly an error of RFC 6749 section 5.2. */
function expectOAuthError(answer: Exchange, status: number, error: string): void {
  expect([answer.status, answer.body]).toEqual([
    status,
    { error, error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/) },
  ]);
  expectHeaders(answer.headers, {
    'content-type': JSON_TYPE,
    pragma: 'no-cache',
    ...(status === 401 ? { 'www-authenticate': 'Basic realm="scim"' } : {}),
  });
  expectNoInside(answer.text);
}

describeEachEngine('OAuth client credentials', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let sendsafely: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    sendsafely = await TenantClient.open(service(), 'sendsafely');
  });

  it('should give an access token that opens what the secret opens, whichever way the client tells who it is', async () => {
    for (const client of [tenant, sendsafely, await TenantClient.open(service(), 'alinto-protect')]) {
      const { id } = client.tenant;
      const encoded = new URLSearchParams({ s: client.token }).toString().slice(2);
      const answers = [
        await ask(client),
        await ask(client, { ...credentialsOf(client), scope: 'scim' }),
        await ask(client, {}, basic(id, client.token)),
        await ask(client, {}, basic(id, encoded)),
        await ask(client, credentialsOf(client), basic(id, client.token)),
        await ask(client, credentialsOf(client), { 'Content-Type': `${FORM['Content-Type']}; charset=UTF-8` }),
      ];
      for (const answer of answers) {
        expect([answer.status, answer.body]).toEqual([
          200,
          { access_token: expect.stringMatching(/^eyJ/), token_type: 'Bearer', expires_in: 3600 },
        ]);
        expectHeaders(answer.headers, { 'content-type': JSON_TYPE, pragma: 'no-cache' });
        const { access_token: token } = answer.body as { readonly access_token: string };
        const created = await client.withToken(token).send('POST', '/Users', { body: plainUser(uniqueAddress()) });
        expect(created.status).toBe(201);
        expect((await client.withToken(`${token}x`).send('GET', '/Users')).status).toBe(401);
      }
    }
  });

  it('should be there with double and trailing slashes, too', async () => {
    for (const client of [tenant, sendsafely])
      for (const path of ['/oauth/token/', '//oauth/token', '//oauth//token//'])
        expect((await ask(client, undefined, {}, path)).status).toBe(200);
  });

  it('should refuse every credential that opens nothing with the same 401', async () => {
    const { id } = tenant.tenant;
    const { admin } = tenant;
    const other = await TenantClient.open(service(), 'cleanmail');
    const suspended = await TenantClient.open(service(), 'cleanmail');
    await admin.call('PATCH', `/tenants/${suspended.tenant.id}`, { status: 'suspended' });
    const revoked = await admin.issueToken(id);
    await admin.call('DELETE', `/tenants/${id}/tokens/${revoked.id}`);
    const key = sendsafely.token.slice(sendsafely.token.indexOf(':') + 1);
    const known = await ask(tenant, { client_id: id, client_secret: 'wrong' });
    expectOAuthError(known, 401, 'invalid_client');
    const refused: Record<string, Exchange> = {
      nothing: await ask(tenant, {}),
      'no secret': await ask(tenant, { client_id: id }),
      'no id': await ask(tenant, { client_secret: tenant.token }),
      'a wrong secret in the header': await ask(tenant, {}, basic(id, 'wrong')),
      'a header that cannot be read': await ask(tenant, {}, { Authorization: 'Basic ?' }),
      'the secret as bearer': await ask(tenant, {}, { Authorization: `Bearer ${tenant.token}` }),
      'the id of another tenant': await ask(tenant, { client_id: other.tenant.id, client_secret: tenant.token }),
      'the secret of another tenant': await ask(tenant, { client_id: id, client_secret: other.token }),
      'a tenant that is not there': await ask(tenant, { client_id: 'x', client_secret: tenant.token }),
      'a revoked secret': await ask(tenant, { client_id: id, client_secret: revoked.token }),
      'a suspended tenant': await ask(suspended),
      'another service': await ask(tenant, credentialsOf(sendsafely)),
      'this service elsewhere': await ask(sendsafely, credentialsOf(tenant)),
      'half of a SendSafely secret': await ask(sendsafely, { client_id: sendsafely.tenant.id, client_secret: key }),
      'an access token': await ask(tenant, { client_id: id, client_secret: await accessToken(tenant) }),
      'the admin key': await ask(tenant, { client_id: id, client_secret: service().adminKey }),
      'in the query': await ask(tenant, {}, {}, `/oauth/token?client_id=${id}&client_secret=${tenant.token}`),
    };
    for (const [name, answer] of Object.entries(refused))
      expect([name, comparable(answer)]).toEqual([name, comparable(known)]);
    expect((await ask(tenant)).status).toBe(200);
  });

  it('should answer what is no request for a token with invalid_request or unsupported_grant_type', async () => {
    const path = `${tenant.basePath}/oauth/token`;
    const { client_id: id = '', client_secret: secret = '' } = credentialsOf(tenant);
    const good = new URLSearchParams({ ...GRANT, client_id: id, client_secret: secret }).toString();
    const bodies: readonly (readonly [body: unknown, type?: string])[] = [
      [undefined],
      [''],
      [`client_id=${id}&client_secret=${secret}`],
      [`${good}&client_id=${id}`],
      [`${good}&grant_type=client_credentials`],
      [`${good}&x=${'x'.repeat(16_384)}`],
      [{ ...GRANT, client_id: id, client_secret: secret }, 'application/json'],
      ['{broken', 'application/scim+json'],
      [good, 'text/plain'],
    ];
    for (const [body, type = FORM['Content-Type']] of bodies)
      expectOAuthError(
        await tenant.sendRaw('POST', path, { headers: { 'Content-Type': type }, body }),
        400,
        'invalid_request',
      );
    const large = { headers: { 'Content-Type': 'application/json' }, body: `"${'x'.repeat(1_100_000)}"` };
    expect((await tenant.sendRaw('POST', path, large)).body).toMatchObject({ error: 'invalid_request' });
    expectOAuthError(await ask(tenant, credentialsOf(tenant), basic(id, 'other')), 400, 'invalid_request');
    for (const grant of ['password', 'authorization_code', 'refresh_token', 'Client_Credentials'])
      expectOAuthError(
        await ask(tenant, { ...credentialsOf(tenant), grant_type: grant }),
        400,
        'unsupported_grant_type',
      );
  });

  it('should end access tokens with their secret, and let the other secret go on', async () => {
    const { admin } = tenant;
    const { id } = tenant.tenant;
    const second = await admin.issueToken(id);
    const [one, two] = [await accessToken(tenant), await accessToken(tenant.withToken(second.token))];
    const status = async (token: string): Promise<number> =>
      (await tenant.withToken(token).send('GET', '/Users')).status;
    expect([await status(one), await status(two)]).toEqual([200, 200]);
    expect((await admin.call('DELETE', `/tenants/${id}/tokens/${second.id}`)).status).toBe(204);
    expect([await status(one), await status(two)]).toEqual([200, 401]);
    expect((await ask(tenant.withToken(second.token))).status).toBe(401);
  });

  it('should keep tenants and services apart by access token as by secret', async () => {
    const victim = await TenantClient.open(service(), 'cleanmail');
    const user = await victim.createUser(plainUser(uniqueAddress()));
    const attacker = tenant.withToken(await accessToken(tenant));
    expectScimError(await attacker.send('GET', `/Users/${user.id}`), 404);
    expectScimError(await attacker.send('DELETE', `/Users/${user.id}`), 404);
    expect((await victim.withToken(await accessToken(victim)).send('GET', `/Users/${user.id}`)).body).toEqual(user);
    const elsewhere = await sendsafely.withToken(await accessToken(tenant)).send('GET', '/Users');
    expect(expectScimError(elsewhere, 401)).toBe('The secret token is missing or not valid for this endpoint.');
    expect(elsewhere.headers['www-authenticate']).toBe('Bearer realm="scim", error="invalid_token"');
  });

  it('should know POST alone at that path', async () => {
    const options = await tenant.send('OPTIONS', '/oauth/token');
    expect([options.status, options.headers.allow]).toEqual([204, 'POST, OPTIONS']);
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await tenant.send(method, '/oauth/token');
      expectScimError(answer, 405);
      expect(answer.headers.allow).toBe('POST, OPTIONS');
      expectScimError(await tenant.sendRaw(method, `${tenant.basePath}/oauth/token`), 401);
    }
    const form = { headers: FORM, body: 'userName=x' };
    expectScimError(await tenant.send('POST', '/Users', form), 415);
    expect((await tenant.send('GET', '/Users')).headers['content-type']).toBe(SCIM_MEDIA_TYPE);
  });
});

describe('wrong client credentials of one address', () => {
  const service = serviceForSuite(embeddedEngine(), { ACCESS_TOKEN_SECONDS: '60' });

  it('should be refused with 429 when there are too many of them, but never the right ones', async () => {
    const tenant = await TenantClient.open(service(), 'cleanmail');
    const statuses: number[] = [];
    const wrong = { client_id: tenant.tenant.id, client_secret: 'wrong' };
    for (let count = 0; count < 130; count += 1) statuses.push((await ask(tenant, wrong)).status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.indexOf(429)).toBe(120);
    const refused = await ask(tenant, wrong);
    expect([refused.status, refused.body]).toMatchObject([429, { error: 'temporarily_unavailable' }]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(tenant)).body).toMatchObject({ expires_in: 60 });
    const metrics = await fetch(new URL('/metrics', service().adminUrl));
    const text = await metrics.text();
    expect(text).toContain('cleanmail_requests_refused_total{reason="invalid_client"} 120');
    expect(text).toContain('cleanmail_requests_refused_total{reason="rate_limit_clients"} 11');
  });
});
