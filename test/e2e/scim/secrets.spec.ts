import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PATCH_OP, type ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { captureOutput, type CapturedOutput } from '../../support/captured-output.js';
import { withService } from '../../support/embedded-engine.js';
import { requestHead, rawExchange } from '../../support/raw-http.js';
import type { ServiceUnderTest } from '../../support/service.js';

const PASSWORD = 'pass-marker-8Kq2';
const PERSON = 'person-marker-5Tz9';
const HEADER = 'header-marker-3Wd7';

/** The ways in which a text may be written where it should not be. */
function disguises(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [secret, encodeURIComponent(secret), bytes.toString('base64').replaceAll('=', ''), bytes.toString('hex')];
}

/** Everything in the folder of an embedded database, its write-ahead log included. */
function databaseFiles(databaseUrl: string): string {
  const folder = dirname(databaseUrl.slice('sqlite:'.length));
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');
}

/** Runs the service at its most talkative; `check` gets what it wrote, and its database before and after its end. */
async function observed(
  act: (service: ServiceUnderTest) => Promise<void>,
  check: (output: CapturedOutput, databases: readonly string[]) => void,
): Promise<void> {
  const output = captureOutput();
  const databases: string[] = [];
  try {
    await withService({ environment: { LOG_LEVEL: 'trace' } }, async (service, databaseUrl) => {
      await act(service);
      databases.push(databaseFiles(databaseUrl));
      await service.stop();
      databases.push(databaseFiles(databaseUrl));
    });
  } finally {
    output.stop();
  }
  check(output, databases);
}

/** Sends a password in every place where a client may put one; gives every answer's text. */
async function sendPasswords(tenant: TenantClient): Promise<readonly string[]> {
  const created = await tenant.send('POST', '/Users', { body: plainUser(uniqueAddress(), { password: PASSWORD }) });
  const { id, userName } = created.body as ScimUser;
  const answers = [
    created,
    await tenant.send('GET', `/Users/${id}?attributes=password`),
    await tenant.send('PUT', `/Users/${id}`, { body: plainUser(userName, { PASSWORD }) }),
    await tenant.patch(id, { op: 'replace', path: 'password', value: PASSWORD }),
    await tenant.patch(id, { op: 'add', value: { password: PASSWORD, title: 'x' } }),
    await tenant.patch(id, {
      op: 'replace',
      path: 'urn:ietf:params:scim:schemas:core:2.0:User:password',
      value: PASSWORD,
    }),
    await tenant.patch(id, { op: 'replace', path: 'password.x', value: PASSWORD }),
    await tenant.send('POST', '/Users', { body: plainUser(userName, { password: PASSWORD }) }),
    await tenant.send('POST', '/Users', { body: plainUser(uniqueAddress(), { password: [PASSWORD, PASSWORD] }) }),
    await tenant.send('POST', '/Users', { body: { password: PASSWORD } }),
    await tenant.send('POST', '/Users', { body: `{"password": "${PASSWORD}"` }),
    await tenant.send('GET', '/Users'),
    await tenant.send('GET', `/Users/${id}`),
  ];
  expect(answers.slice(0, 6).map(({ status }) => status)).toEqual([201, 200, 200, 200, 200, 200]);
  const log = await tenant.admin.provisioningLog(tenant.tenant.id);
  expect(log.entries.length).toBeGreaterThanOrEqual(answers.length);
  return [...answers.map(({ text }) => text), log.text];
}

/** Names a person, and a token, in every part of a request but a body that is accepted. */
async function namePeople(service: ServiceUnderTest, tenant: TenantClient): Promise<void> {
  const name = `${PERSON}@contoso.example`;
  await tenant.createUser(plainUser(name));
  await tenant.find(`userName eq "${name}" or emails.value eq "${name}"`);
  await tenant.send('GET', `/Users?filter=userName eq ${name} and`.replaceAll(' ', '+'));
  await tenant.send('GET', `/Users/${name}`);
  await tenant.send('GET', `/${name}`);
  await tenant.send('POST', '/Users', { body: plainUser(name) });
  await tenant.send('POST', '/Users', { body: `{"userName": "${name}"` });
  await tenant.send('POST', '/Users', { body: plainUser(name), headers: { 'Content-Type': 'text/plain' } });
  await tenant.send('GET', '/Users', {
    headers: { Cookie: `session=${HEADER}`, 'User-Agent': HEADER, 'If-Match': HEADER },
  });
  await tenant.sendRaw('GET', `/api/v3/scim2/Users?access_token=${tenant.token}`);
  await tenant.sendRaw('GET', '/api/v3/scim2/Users', { headers: { Authorization: `Basic ${tenant.token}` } });
  await rawExchange(
    service.scimUrl,
    requestHead('GET', `/api/v3/scim2/Users/%zz${name}${tenant.token}`, { Authorization: `Bearer ${tenant.token}` }),
  );
  await rawExchange(service.scimUrl, `GET /${name} NONSENSE/1.1\r\nAuthorization: Bearer ${tenant.token}\r\n\r\n`);
}

/** Asks for access tokens with good and bad requests that hold the secret, and uses one; gives it. */
async function askForAccess(service: ServiceUnderTest, tenant: TenantClient): Promise<string> {
  const { tenant: client, token, basePath } = tenant;
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const secret = encodeURIComponent(token);
  const grant = 'grant_type=client_credentials';
  const good = `${grant}&client_id=${client.id}&client_secret=${secret}`;
  const ask = (body: string, headers: Record<string, string> = {}, query = '') =>
    tenant.sendRaw('POST', `${basePath}/oauth/token${query}`, { headers: { ...form, ...headers }, body });
  const answer = await ask(good);
  const { access_token: access } = answer.body as { readonly access_token: string };
  const basic = `Basic ${Buffer.from(`${client.id}:${token}`).toString('base64')}`;
  const refused = [
    await ask(grant, {}, `?client_secret=${secret}`),
    await ask(`${good}x`),
    await ask(`${good}&client_secret=${secret}`),
    await ask(`${good}&x=1&client_secret=x`, { Authorization: basic }),
    await ask(`grant_type=password&password=${secret}`, { Authorization: basic }),
    await ask(JSON.stringify({ client_secret: token }), { 'Content-Type': 'application/json' }),
    await tenant.withToken(`${access}x`).send('GET', '/Users'),
  ];
  for (const { status, text } of refused) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain(token.slice(-40));
    expect(text).not.toContain(access.slice(-40));
  }
  expect((await tenant.withToken(access).send('GET', '/Users')).status).toBe(200);
  expect(await (await fetch(new URL('/metrics', service.adminUrl))).text()).not.toMatch(/cm_|eyJ/);
  return access;
}

describe('what must not be written', () => {
  it('should write a password into no answer, no log and no file, in whatever form it was sent', async () => {
    let texts: readonly string[] = [];
    await observed(
      async (service) => {
        texts = await sendPasswords(await TenantClient.open(service, 'cleanmail'));
      },
      (output, databases) => {
        expect(output.entries.filter(({ msg }) => msg === 'request').length).toBeGreaterThan(10);
        expect(databases[1]).toContain('@contoso.example');
        for (const secret of disguises(PASSWORD))
          for (const text of [...texts, output.text, ...databases]) expect(text.includes(secret)).toBe(false);
      },
    );
  });

  it('should write no token into a log or the database, and no person, header or query into a log', async () => {
    const tokens: string[] = [];
    await observed(
      async (service) => {
        for (const profile of ['cleanmail', 'sendsafely'] as const) {
          const tenant = await TenantClient.open(service, profile);
          await namePeople(service, tenant);
          const access = await askForAccess(service, tenant);
          tokens.push(access, access.slice(access.lastIndexOf('.') + 1));
          tokens.push(tenant.token.slice(tenant.token.indexOf(':') + 1));
        }
      },
      (output, databases) => {
        expect(output.entries.filter(({ msg }) => msg === 'request').length).toBeGreaterThan(20);
        expect(databases[1]).toContain(PERSON);
        // The secret stands behind `cm_` and the sixteen characters of the public id.
        for (const secret of tokens.flatMap((token) => [...disguises(token), token.slice(19), token.slice(19, 35)]))
          for (const text of [output.text, ...databases]) expect(text.includes(secret)).toBe(false);
        for (const marker of [PERSON, HEADER, 'filter', 'access_token', 'client_secret'])
          expect(output.text).not.toContain(marker);
      },
    );
  });

  it('should write one line of known fields for a request, whatever is in it', async () => {
    await observed(
      async (service) => {
        const tenant = await TenantClient.open(service, 'cleanmail');
        const forged = 'x\n{"level":60,"msg":"forged"}\r\n\u2028\u001b[31mred';
        await tenant.send('POST', '/Users', {
          body: plainUser('a@b.example', { title: forged.replace('\u001b', '') }),
        });
        await tenant.send('GET', `/Users/${encodeURIComponent(forged)}?filter=${encodeURIComponent(forged)}`);
        await tenant.send('PATCH', `/Users/${encodeURIComponent(forged)}`, {
          body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: forged, value: forged }] },
          headers: { 'X-Request-Id': 'forged-request-id' },
        });
      },
      (output) => {
        const requests = output.entries.filter(({ msg, surface }) => msg === 'request' && surface === 'scim');
        expect(requests.map(({ method, route, status }) => [method, route, status])).toEqual([
          ['POST', '/api/v3/scim2/Users', 201],
          ['GET', '/api/v3/scim2/Users/:id', 404],
          ['PATCH', '/api/v3/scim2/Users/:id', 400],
        ]);
        for (const entry of requests)
          expect(Object.keys(entry).sort()).toEqual([
            'durationMs',
            'level',
            'method',
            'msg',
            'requestId',
            'route',
            'status',
            'surface',
            'tenant',
            'time',
          ]);
        expect(output.text).not.toMatch(/forged|\u2028|\u001b/);
      },
    );
  });
});
