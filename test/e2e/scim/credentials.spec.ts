import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { PATCH_OP } from '../../conformance/client/scim-types.js';
import { BASE_PATHS, TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { embeddedEngine, withService } from '../../support/embedded-engine.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { rawExchange, RawConnection, requestHead } from '../../support/raw-http.js';
import { withWatchedService } from '../../support/recorded-routes.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import type { ServiceUnderTest } from '../../support/service.js';
import { comparable, expectHeaders, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';

const USERS = '/api/v3/scim2/Users';
const SCIM_JSON = { 'Content-Type': SCIM_MEDIA_TYPE };

describeEachEngine('credentials that open nothing', (engine) => {
  let foreignToken: string;
  beforeAll(async () => {
    await withService({}, async (stranger) => {
      foreignToken = (await TenantClient.open(stranger, 'cleanmail')).token;
    });
  });
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let unauthorized: Exchange;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    unauthorized = await tenant.sendRaw('GET', USERS);
  });

  const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });
  const expectRefused = (name: string, answer: Exchange): void =>
    expect([name, comparable(answer)]).toEqual([name, comparable(unauthorized)]);
  /** The same but for the challenge, which names the error to whom presented a bearer token (RFC 6750 section 3.1). */
  const expectTokenRefused = (name: string, answer: Exchange): void => {
    const { 'www-authenticate': challenge, ...headers } = answer.headers;
    expect([name, challenge]).toEqual([name, 'Bearer realm="scim", error="invalid_token"']);
    expectRefused(name, { ...answer, headers: { ...headers, 'www-authenticate': 'Bearer realm="scim"' } });
  };

  it('should be answered with a whole 401', () => {
    expect(expectScimError(unauthorized, 401)).toBe('The secret token is missing or not valid for this endpoint.');
    expectHeaders(unauthorized.headers, { 'content-type': SCIM_MEDIA_TYPE, 'www-authenticate': 'Bearer realm="scim"' });
  });

  it('should all have the very same 401, in its body and in its headers', async () => {
    const { token } = tenant;
    const otherCase = [...token]
      .map((letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()))
      .join('');
    const credentials: Record<string, string> = {
      empty: '',
      'scheme alone': 'Bearer',
      'scheme and blank': 'Bearer ',
      'token alone': token,
      'another scheme': `Token ${token}`,
      basic: `Basic ${Buffer.from(`user:${token}`).toString('base64')}`,
      'basic with the bare token': `Basic ${token}`,
      nonsense: 'Bearer nonsense',
      'one character more': `Bearer ${token}x`,
      'one character less': `Bearer ${token.slice(0, -1)}`,
      'another checksum': `Bearer ${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`,
      'another secret': `Bearer ${token.slice(0, 30)}${token[30] === 'a' ? 'b' : 'a'}${token.slice(31)}`,
      'in other case': `Bearer ${otherCase}`,
      'two tokens': `Bearer ${token} ${token}`,
      'two schemes': `Bearer ${token}, Bearer ${token}`,
      quoted: `Bearer "${token}"`,
      'with a service account': `Bearer user@vendor.example:${token}`,
      'after a colon': `Bearer :${token}`,
      'two blanks': `Bearer  ${token}`,
      'percent-encoded': `Bearer %63m_${token.slice(3)}`,
      '8 KiB': `Bearer ${'a'.repeat(8192)}`,
      '8 KiB around a token': `Bearer ${token}${'a'.repeat(8000)}${token}`,
      SQL: "Bearer ' OR '1'='1",
      'Latin-1': 'Bearer c\u00fc_token',
    };
    for (const [name, Authorization] of Object.entries(credentials)) {
      const answer = await tenant.sendRaw('GET', USERS, { headers: { Authorization } });
      if (/^Bearer +\S/.test(Authorization)) expectTokenRefused(name, answer);
      else expectRefused(name, answer);
    }
    const scheme = await tenant.sendRaw('GET', USERS, { headers: { Authorization: `bEARER ${token}` } });
    expect(scheme.status).toBe(200);
  });

  it('should all have that 401 where the token stands elsewhere than in the header', async () => {
    const { token } = tenant;
    const json = { access_token: token, token, ...plainUser(uniqueAddress()) };
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answers: Record<string, Exchange> = {
      query: await tenant.sendRaw('GET', `${USERS}?access_token=${token}`),
      'other query': await tenant.sendRaw('GET', `${USERS}?token=${token}&Authorization=Bearer+${token}`),
      'query beside a wrong header': await tenant.sendRaw('GET', `${USERS}?access_token=${token}`, {
        headers: bearer('x'),
      }),
      body: await tenant.sendRaw('POST', USERS, { headers: SCIM_JSON, body: json }),
      form: await tenant.sendRaw('POST', USERS, { headers: form, body: `access_token=${token}` }),
      cookie: await tenant.sendRaw('GET', USERS, {
        headers: { Cookie: `access_token=${token}; Authorization=Bearer ${token}` },
      }),
      'proxy header': await tenant.sendRaw('GET', USERS, { headers: { 'Proxy-Authorization': `Bearer ${token}` } }),
      'api key': await tenant.sendRaw('GET', USERS, {
        headers: { 'X-Api-Key': token, 'X-Authorization': `Bearer ${token}` },
      }),
    };
    const { 'query beside a wrong header': beside, ...without } = answers;
    for (const [name, answer] of Object.entries(without)) expectRefused(name, answer);
    if (beside !== undefined) expectTokenRefused('query beside a wrong header', beside);
    const both = await tenant.sendRaw('GET', `${USERS}?access_token=nonsense`, { headers: bearer(token) });
    expect(both.status).toBe(200);
  });

  it('should all have that 401 for tokens that were good once, or are good elsewhere', async () => {
    const { admin } = tenant;
    const revoked = await admin.issueToken(tenant.tenant.id);
    const rotated = await admin.issueToken(tenant.tenant.id);
    const path = `/tenants/${tenant.tenant.id}/tokens`;
    for (const { token } of [revoked, rotated])
      expect((await tenant.sendRaw('GET', USERS, { headers: bearer(token) })).status).toBe(200);
    expect((await admin.call('DELETE', `${path}/${revoked.id}`)).status).toBe(204);
    expectTokenRefused('revoked', await tenant.sendRaw('GET', USERS, { headers: bearer(revoked.token) }));
    expect((await admin.call('POST', `${path}/${rotated.id}/rotate`, { overlapSeconds: 0 })).status).toBe(201);
    expectTokenRefused('rotated away', await tenant.sendRaw('GET', USERS, { headers: bearer(rotated.token) }));

    const suspended = await TenantClient.open(service(), 'cleanmail');
    expect((await suspended.send('GET', '/Users')).status).toBe(200);
    expect((await admin.call('PATCH', `/tenants/${suspended.tenant.id}`, { status: 'suspended' })).status).toBe(200);
    expectTokenRefused('suspended', await suspended.send('GET', '/Users'));
    expect((await admin.call('PATCH', `/tenants/${suspended.tenant.id}`, { status: 'active' })).status).toBe(200);
    expect((await suspended.send('GET', '/Users')).status).toBe(200);
    expect((await admin.call('DELETE', `/tenants/${suspended.tenant.id}`)).status).toBeLessThan(300);
    expectTokenRefused('decommissioned', await suspended.send('GET', '/Users'));

    const sendsafely = await TenantClient.open(service(), 'sendsafely');
    const key = sendsafely.token.slice(sendsafely.token.indexOf(':') + 1);
    for (const token of [sendsafely.token, key])
      expectTokenRefused('of another profile', await tenant.sendRaw('GET', USERS, { headers: bearer(token) }));
    expectTokenRefused('of another deployment', await tenant.sendRaw('GET', USERS, { headers: bearer(foreignToken) }));
  });

  it('should have that 401 from the moment at which a token expires', async () => {
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    const issued = await tenant.admin.call('POST', `/tenants/${tenant.tenant.id}/tokens`, { expiresAt });
    expect(issued.status).toBe(201);
    const { token } = issued.body as { token: string };
    const ask = (): Promise<Exchange> => tenant.sendRaw('GET', USERS, { headers: bearer(token) });
    expect((await ask()).status).toBe(200);
    const { answer } = await eventually(ask, ({ status }) => status !== 200, 5000);
    expectTokenRefused('expired', answer);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it('should be refused before the request is looked at, and change nothing', async () => {
    const user = await tenant.createUser(plainUser(uniqueAddress()));
    const before = (await tenant.send('GET', '/Users')).text;
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'active', value: false }] };
    const requests: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ['POST', USERS, plainUser(uniqueAddress())],
      ['POST', USERS, '{broken'],
      ['POST', USERS, '[]'],
      ['POST', `${USERS}?attributes=a&attributes=b`, {}],
      ['PUT', `${USERS}/${user.id}`, plainUser(uniqueAddress())],
      ['PATCH', `${USERS}/${user.id}`, patch],
      ['PATCH', `${USERS}/unknown`, patch],
      ['DELETE', `${USERS}/${user.id}`],
      ['GET', `${USERS}/${user.id}`],
      ['GET', `${USERS}?filter=nonsense`],
      ['POST', '/api/v3/scim2/Groups', {}],
    ];
    for (const [method, path, body] of requests)
      expectTokenRefused(
        `${method} ${path}`,
        await tenant.sendRaw(method, path, {
          body,
          headers: { ...bearer('x'), ...(body === undefined ? {} : SCIM_JSON) },
        }),
      );
    expect((await tenant.send('GET', '/Users')).text).toBe(before);
  });
});

describe('the guard in front of every route', () => {
  it('should answer 401 to every route and method without a token, and never 2xx to 40 other spellings of it', async () => {
    await withWatchedService(async (service, everyRoute) => {
      const tenant = await TenantClient.open(service, 'cleanmail');
      const user = await tenant.createUser(plainUser(uniqueAddress()));
      const routes = everyRoute.filter(({ path }) => Object.values(BASE_PATHS).some((base) => path.startsWith(base)));
      const paths = [...new Set(routes.map(({ path }) => path))];
      expect(paths).toEqual(expect.arrayContaining([USERS, `${USERS}/:id`, '/scim/v2/entra/Schemas/:id']));
      // A client asks for its first token without one; what that is answered with, oauth.spec.ts says.
      const guarded = routes.filter(({ method, path }) => method !== 'POST' || !path.endsWith('/oauth/token'));
      for (const { method, path } of guarded) {
        const hasBody = ['POST', 'PUT', 'PATCH', 'QUERY'].includes(method);
        const answer = await tenant.sendRaw(
          method,
          path.replace(':id', user.id),
          hasBody ? { headers: SCIM_JSON, body: {} } : {},
        );
        expect([method, path, answer.status]).toEqual([method, path, 401]);
      }
      for (const path of paths) await expectGuarded(service, path.replace(':id', user.id));
    });
  });
});

/** Sends forty other spellings of a path, each over a connection of its own, as bytes that no client would tidy up. */
async function expectGuarded(service: ServiceUnderTest, path: string): Promise<void> {
  const spellings = otherSpellings(path, new URL(service.scimUrl).host);
  expect(spellings.length).toBeGreaterThanOrEqual(40);
  for (const target of spellings) {
    const answer = await rawExchange(service.scimUrl, requestHead('GET', target, { Connection: 'close' }));
    const isRefused = answer === undefined || [400, 401, 404, 405, 414].includes(answer.status);
    expect([target, isRefused ? 'refused' : answer?.status]).toEqual([target, 'refused']);
  }
}

function otherSpellings(path: string, host: string): readonly string[] {
  const encode = (index: number): string =>
    `${path.slice(0, index)}%${path.charCodeAt(index).toString(16)}${path.slice(index + 1)}`;
  const last = path.lastIndexOf('/');
  const [head, tail] = [path.slice(0, last), path.slice(last + 1)];
  return [
    path, `${path}/`, `/${path}`, `//${path}//`, path.replaceAll('/', '//'), path.toUpperCase(), path.toLowerCase(),
    ...[1, 2, 3, 5, last + 1, last + 2].map(encode),
    [...path].map((character) => (character === '/' ? '/' : `%${character.charCodeAt(0).toString(16)}`)).join(''),
    path.replaceAll('/', '%2f'), path.replaceAll('/', '%2F'), `${head}%2f${tail}`, `${head}%252f${tail}`,
    path.replaceAll('/', '\\'), `${head}\\${tail}`, `${head}/./${tail}`, `${head}/../${head.split('/').at(-1)}/${tail}`,
    `/x/..${path}`, `/..${path}`, `/%2e%2e${path}`, `/.${path}`, `/x/%2e%2e${path}`,
    `${path};x`, `${path};x=1`, `${path}%3bx`, `${head};x/${tail}`, `${path}%00`, `${path}%00.json`, `${path}%0a`, `${path}%0d%0a`,
    `${path}%20`, `${path}%09`, `${path}.`, `${path}.json`, `${path}?`, `${path}?x=1`, `${path}%3fx=1`, `${path}#x`, `${path}%23x`,
    `http://${host}${path}`, `http://other.example${path}`, `https://user:pass@${host}${path}`, `//${host}${path}`,
    `/%c0%af${path.slice(1)}`, `/%ef%bc%8f${path.slice(1)}`, `/%u002f${path.slice(1)}`,
  ]; // prettier-ignore
}

describe('the header of the credential on the wire', () => {
  const service = serviceForSuite(embeddedEngine());

  it('should take the first of two Authorization headers at most, and never a token hidden by control characters', async () => {
    const { token } = await TenantClient.open(service(), 'cleanmail');
    const lines: Record<string, string> = {
      'wrong one first': `Authorization: Bearer x\r\nAuthorization: Bearer ${token}`,
      tab: `Authorization: Bearer\t${token}`,
      NUL: `Authorization: Bearer ${token}\0`,
      'folded line': `Authorization: Bearer\r\n ${token}`,
      'blank before the colon': `Authorization : Bearer ${token}`,
      'other name': `Authorization_: Bearer ${token}`,
      'line feed alone': `X: y\nAuthorization: Bearer ${token}`,
      '20 KiB': `Authorization: Bearer ${'a'.repeat(20_000)}`,
    };
    for (const [name, line] of Object.entries(lines)) {
      const answer = await rawExchange(
        service().scimUrl,
        `GET ${USERS} HTTP/1.1\r\nHost: x\r\n${line}\r\nConnection: close\r\n\r\n`,
      );
      expect([name, [400, 401, 431].includes(answer?.status ?? 0)]).toEqual([name, true]);
      if (answer !== undefined) expectScimError(answer, answer.status);
    }
  });

  it('should look at the token of every request of a connection', async () => {
    const { token } = await TenantClient.open(service(), 'cleanmail');
    const connection = await RawConnection.open(service().scimUrl);
    const good = requestHead('GET', USERS, { Authorization: `Bearer ${token}` });
    await connection.write(
      good + requestHead('GET', USERS, {}) + good + requestHead('GET', USERS, { Authorization: 'Bearer x' }),
    );
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await connection.answer())?.status);
    connection.destroy();
    expect(statuses).toEqual([200, 401, 200, 401]);
  });
});
