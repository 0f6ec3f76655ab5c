import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { captureOutput } from '../../support/captured-output.js';
import { embeddedEngine, withService } from '../../support/embedded-engine.js';
import { rawExchange, RawConnection, requestHead } from '../../support/raw-http.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { comparable, expectHeaders, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';

interface SideDoor {
  exec(sql: string): void;
  close(): void;
}

describe('errors', () => {
  const service = serviceForSuite(embeddedEngine());
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  it('should be SCIM errors on paths and for methods that there are none of, with and without a token', async () => {
    const paths = [
      '/',
      '/favicon.ico',
      '/api',
      '/api/v3/scim',
      '/scim/v2',
      '/api/v3/scim2/Nothing',
      '/api/v3/scim2/Users/1/2',
      '/admin/v1/tenants',
      '/health/ready',
      '/metrics',
      '/admin/docs',
    ];
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
        const body = method === 'POST' ? { a: 1 } : undefined;
        const known = await tenant.sendRaw(method, path, {
          body,
          headers: { Authorization: `Bearer ${tenant.token}`, 'Content-Type': SCIM_MEDIA_TYPE },
        });
        expect(expectScimError(known, 404)).toBe('There is no SCIM endpoint at this path and method.');
        expectHeaders(known.headers, { 'content-type': SCIM_MEDIA_TYPE });
        const unknown = await tenant.sendRaw(method, path, { body, headers: { 'Content-Type': SCIM_MEDIA_TYPE } });
        expect(comparable(unknown)).toEqual(comparable(known));
      }
    }
  });

  it.each(['%', '%zz', '%E0%A4', '%c0%af', '%ff', 'a%2', '%u0041', '%80%80'])(
    'should be SCIM errors for the percent-encoding %s in a path',
    async (text) => {
      for (const path of [
        `/api/v3/scim2/Users/${text}`,
        `/${text}`,
        `/scim/v2/entra/${text}`,
        `/api/v3/scim2/Schemas/${text}`,
      ])
        expectScimError(
          await tenant.sendRaw('GET', path, { headers: { Authorization: `Bearer ${tenant.token}` } }),
          (await tenant.sendRaw('GET', path)).status === 404 ? 404 : 400,
        );
    },
  );

  it.each(['%', '%zz', '%ff%fe', '%C0%80', '%ed%a0%80'])(
    'should be invalidFilter for the percent-encoding %s in a filter',
    async (text) => {
      for (const filter of [text, `userName%20eq%20${text}%20x`, `${text}%20eq%20%22x%22`])
        expectScimError(await tenant.send('GET', `/Users?filter=${filter}`), 400, 'invalidFilter');
      const [inValue] = [await tenant.send('GET', `/Users?filter=userName%20eq%20%22${text}%22`)];
      expect([200, 400]).toContain(inValue.status);
      if (inValue.status === 200) expect(inValue.body).toMatchObject({ totalResults: 0 });
    },
  );

  it.each([
    ['userName eq', 'at character'],
    ['userName', 'at character'],
    ['eq "x"', 'at character'],
    ['userName eq "x', 'at character'],
    ['userName eq "x" and', 'at character'],
    ['userName eq "x" or or', 'at character'],
    ['(userName eq "x"', 'at character'],
    ['userName eq "x")', 'at character'],
    ['userName xx "x"', 'at character'],
    ["userName eq 'x'", 'at character'],
    ['userName eq "\\q"', 'at character'],
    ['not userName eq "x"', 'at character'],
    ['emails[type eq "work"', 'at character'],
    ['userName eq "x" userName eq "y"', 'at character'],
    ['*', 'at character 1'],
    ['password eq "x"', 'password'],
    ['password pr', 'password'],
    ['favouriteColour eq "blue"', 'favouriteColour'],
    ['name.nick eq "x"', 'name.nick'],
    ['urn:x:y:userName eq "x"', 'urn:x:y:userName'],
    ['active gt true', 'active'],
    ['active co "t"', 'active'],
    ['name eq "x"', 'name'],
    ['meta.created gt "yesterday"', 'meta.created'],
    ['meta.location eq "x"', 'meta.location'],
    ['__proto__ eq "x"', '__proto__'],
    ['constructor.prototype pr', 'constructor.prototype'],
  ])('should be invalidFilter for %s, naming %s, and never the unfiltered list', async (filter, named) => {
    const answer = await tenant.send('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    expect(expectScimError(answer, 400, 'invalidFilter')).toContain(named);
  });

  it.each([
    ['brackets', '('.repeat(1000) + 'title pr' + ')'.repeat(1000), '20 deep'],
    ['negations', 'not ('.repeat(500) + 'title pr' + ')'.repeat(500), '20 deep'],
    ['brackets one too many', '('.repeat(21) + 'title pr' + ')'.repeat(21), '20 deep'],
    ['negations in a value path', `emails[${'not ('.repeat(20)}type pr${')'.repeat(20)}]`, '20 deep'],
    ['conditions', `title pr${' or title pr'.repeat(300)}`, '50 conditions'],
    ['conditions one too many', `title pr${' or title pr'.repeat(49)}`, '50 conditions'],
    ['conditions in a value path', `emails[type pr${' or type pr'.repeat(49)}]`, '50 conditions'],
    ['characters', `title eq "${'x'.repeat(4096)}"`, '4096 characters'],
    ['characters of white space', `title pr${' '.repeat(4096)}`, '4096 characters'],
  ])('should be invalidFilter for a filter with too many %s, naming the limit', async (_, filter, limit) => {
    for (const resources of ['Users', 'Groups']) {
      const answer = await tenant.send('GET', `/${resources}?filter=${encodeURIComponent(filter)}`);
      expect(expectScimError(answer, 400, 'invalidFilter')).toContain(limit);
    }
  });

  it.each([
    ['nesting', '('.repeat(20) + 'title pr' + ')'.repeat(20)],
    ['negations', 'not ('.repeat(20) + 'title pr' + ')'.repeat(20)],
    ['conditions', `title pr${' or title pr'.repeat(48)}`],
    ['characters', `title eq "${'x'.repeat(4096 - 'title eq ""'.length)}"`],
  ])('should not be the answer to a filter with as much %s as is allowed', async (_, filter) => {
    const answer = await tenant.send('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    expect(answer.status).toBe(200);
  });

  it('should be SCIM errors for headers that are too large, and for too long an id', async () => {
    const head = requestHead('GET', '/api/v3/scim2/Users', { 'X-Large': 'x'.repeat(20_000) });
    const large = await rawExchange(service().scimUrl, head);
    if (large === undefined) throw new Error('no answer to a large header');
    expectScimError(large, 431);
    expect(large.headers).toEqual({
      'content-type': SCIM_MEDIA_TYPE,
      'content-length': String(Buffer.byteLength(large.text)),
      connection: 'close',
    });
    const long = await tenant.send('GET', `/Users/${'x'.repeat(600)}`);
    expect([404, 414]).toContain(long.status);
    expectScimError(long, long.status);
  });

  it('should name the request in a header, anew for each, whatever the client sends', async () => {
    const headers = { 'X-Request-Id': 'chosen-by-the-client' };
    const ids = [];
    for (let count = 0; count < 3; count += 1)
      ids.push((await tenant.send('GET', '/Users/none', { headers })).headers['x-request-id']);
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain('chosen-by-the-client');
  });
});

describe('a client that hangs up in the middle of its body', () => {
  it('should be no fault of the service, whatever the media type', async () => {
    const output = captureOutput();
    try {
      await withService({ environment: { LOG_LEVEL: 'info' } }, async (service) => {
        const tenant = await TenantClient.open(service, 'cleanmail');
        const Authorization = `Bearer ${tenant.token}`;
        for (const type of ['application/scim+json', 'application/json', 'text/plain']) {
          const connection = await RawConnection.open(service.scimUrl);
          const headers = { Authorization, 'Content-Type': type, 'Content-Length': '1000' };
          await connection.write(`${requestHead('POST', '/api/v3/scim2/Users', headers)}{"userName":`);
          connection.destroy();
          for (let count = 0; count < 20; count += 1) expect((await tenant.send('GET', '/Users')).status).toBe(200);
        }
      });
    } finally {
      output.stop();
    }
    expect(output.entries.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    expect(output.entries.filter(({ msg }) => msg === 'request').length).toBeGreaterThanOrEqual(60);
  });
});

describe('a fault of the service itself', () => {
  it('should be a 500 that tells the client nothing, and the log neither values nor SQL', async () => {
    const output = captureOutput();
    const { value: name } = { value: uniqueAddress('fault-marker') };
    try {
      await withService({ environment: { LOG_LEVEL: 'trace' } }, async (service, databaseUrl) => {
        const tenant = await TenantClient.open(service, 'cleanmail');
        const user = await tenant.createUser(plainUser(uniqueAddress()));
        const Database = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => SideDoor;
        const door = new Database(databaseUrl.slice('sqlite:'.length));
        door.exec('ALTER TABLE scim_user RENAME TO scim_user_away');
        for (const answer of [
          await tenant.send('POST', '/Users', { body: plainUser(name) }),
          await tenant.send('GET', `/Users/${user.id}`),
          await tenant.send('GET', `/Users?filter=userName+eq+%22${name}%22`),
          await tenant.patch(user.id, { op: 'replace', path: 'userName', value: name }),
          await tenant.send('DELETE', `/Users/${user.id}`),
        ])
          expectScimError(answer, 500);
        door.exec('ALTER TABLE scim_user_away RENAME TO scim_user');
        door.close();
        expect(await tenant.readUser(user.id)).toEqual(user);
        expect((await tenant.createUser(plainUser(name))).userName).toBe(name);
      });
    } finally {
      output.stop();
    }
    const errors = output.entries.filter(({ level }) => level === 50);
    expect(errors.length).toBeGreaterThanOrEqual(5);
    expect(output.text).not.toContain('fault-marker');
    expect(output.text).not.toMatch(/INSERT INTO|SELECT .* FROM|UPDATE scim/);
  });
});
