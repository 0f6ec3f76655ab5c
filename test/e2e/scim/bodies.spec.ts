import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { CORE_USER, PATCH_OP, type ScimUser } from '../../conformance/client/scim-types.js';
import { SCIM_JSON, TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { embeddedEngine } from '../../support/embedded-engine.js';
import { type RawAnswer, RawConnection, requestHead } from '../../support/raw-http.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';
import { costOf } from './cost.js';

const USERS = '/api/v3/scim2/Users';
const MEBIBYTE = 1024 * 1024;
const patchWith = (value: unknown): object => ({
  schemas: [PATCH_OP],
  Operations: [{ op: 'add', path: 'title', value }],
});

describe('bodies that cannot be taken', () => {
  const service = serviceForSuite(embeddedEngine());
  let tenant: TenantClient;
  let user: ScimUser;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    user = await tenant.createUser(plainUser(uniqueAddress()));
  });

  /** Sends bytes and then an ordinary request on the same connection, unless the service has announced its end. */
  async function overOneConnection(
    head: string,
    body: string | Buffer,
  ): Promise<{ answer: RawAnswer; next: RawAnswer | 'closed' }> {
    const connection = await RawConnection.open(service().scimUrl);
    try {
      await connection.write(head);
      await connection.write(body);
      const answer = await connection.answer();
      if (answer === undefined) throw new Error('the connection ended without an answer');
      if (answer.headers['connection'] === 'close') {
        await connection.closed();
        return { answer, next: 'closed' };
      }
      await connection.write(requestHead('GET', `${USERS}?count=0`, { Authorization: `Bearer ${tenant.token}` }));
      const next = await connection.answer();
      if (next === undefined) throw new Error('the connection ended though nothing had said so');
      return { answer, next };
    } finally {
      connection.destroy();
    }
  }

  const headOf = (length: number, more: Readonly<Record<string, string>> = {}, method = 'POST', path = USERS): string =>
    requestHead(method, path, {
      Authorization: `Bearer ${tenant.token}`,
      'Content-Type': SCIM_JSON,
      'Content-Length': String(length),
      ...more,
    });

  it.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['half an object', '{"userName":'],
    ['a comma too many', '{"userName": "a@b.example",}'],
    ['single quotes', "{'userName': 'a@b.example'}"],
    ['two objects', '{"userName": "a@b.example"}{}'],
    ['a bare word', 'userName'],
    ['NaN', '{"userName": NaN}'],
    ['a line break in a string', '{"userName": "a\nb"}'],
    ['XML', '<User/>'],
    ['an array', '[]'],
    ['an array of users', '[{"userName": "a@b.example"}]'],
    ['a string', '"userName"'],
    ['a number', '5'],
    ['null', 'null'],
    ['true', 'true'],
  ])('should be 400 invalidSyntax for %s', async (_name, text) => {
    for (const [method, path] of [
      ['POST', '/Users'],
      ['PUT', `/Users/${user.id}`],
      ['PATCH', `/Users/${user.id}`],
    ] as const) {
      const answer = await tenant.send(method, path, { body: text, headers: { 'Content-Type': SCIM_JSON } });
      expectScimError(answer, 400, 'invalidSyntax');
    }
    expect(await tenant.readUser(user.id)).toEqual(user);
  });

  it.each([
    '"x"',
    '5',
    'null',
    '{}',
    '[]',
    '[null]',
    '[5]',
    '["replace"]',
    '[[]]',
    '[{}]',
    '[{"op": 5}]',
    '[{"op": "move"}]',
    '[{"op": null}]',
  ])('should be 400 invalidSyntax for a PATCH whose Operations are %s', async (operations) => {
    const answer = await tenant.send('PATCH', `/Users/${user.id}`, {
      body: `{"schemas": ["${PATCH_OP}"], "Operations": ${operations}}`,
    });
    expectScimError(answer, 400, 'invalidSyntax');
  });

  it.each([
    'text/plain', 'text/html', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x',
    'application/scim', 'application/scim+xml', 'application/jsonp', 'application/json-patch+json', 'application/octet-stream',
    '*/*', 'nonsense', '; charset=utf-8', 'application/scim+json+x', 'text/json', 'application/vnd.api+json', 'image/svg+xml',
    '\tapplication/xml', 'application', '/', 'application/json;;;x"', 'application/scim+jsonx; charset=utf-8',
  ])('should be 415 or 400 for the media type %s, and never be read', async (type) => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const body = JSON.stringify(plainUser(uniqueAddress()));
    const answer = await own.send('POST', '/Users', { body, headers: { 'Content-Type': type } });
    if (type === 'application/json;;;x"') expect([201, 400, 415]).toContain(answer.status);
    else expectScimError(answer, 415);
    if (answer.status !== 201) expect((await own.send('GET', '/Users')).body).toMatchObject({ totalResults: 0 });
  }); // prettier-ignore

  it.each([
    'application/scim+json',
    'application/json',
    'APPLICATION/SCIM+JSON',
    'application/json; charset=UTF-8',
    'application/scim+json;charset=utf-8',
    ' application/json ',
    'application/scim+json; profile="x"',
  ])('should not be found in the media type %s', async (type) => {
    const answer = await tenant.send('POST', '/Users', {
      body: plainUser(uniqueAddress()),
      headers: { 'Content-Type': type },
    });
    expect(answer.status).toBe(201);
  });

  it('should be 415 where no media type is named at all, and where the body is compressed', async () => {
    const text = JSON.stringify(plainUser(uniqueAddress()));
    const unnamed = requestHead('POST', USERS, {
      Authorization: `Bearer ${tenant.token}`,
      'Content-Length': String(text.length),
    });
    expectScimError((await overOneConnection(unnamed, text)).answer, 415);
    const zipped = gzipSync(text);
    const { answer } = await overOneConnection(headOf(zipped.length, { 'Content-Encoding': 'gzip' }), zipped);
    expect([400, 415]).toContain(answer.status);
    expectScimError(answer, answer.status, answer.status === 400 ? 'invalidSyntax' : undefined);
  });

  it('should be 400 for a byte order mark or UTF-16, or be read as what they say', async () => {
    const text = JSON.stringify(plainUser(uniqueAddress('order.mark')));
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]);
    const { answer } = await overOneConnection(headOf(marked.length), marked);
    expect([201, 400]).toContain(answer.status);
    const wide = Buffer.from(text, 'utf16le');
    const type = 'application/scim+json; charset=utf-16le';
    expectScimError(
      (await overOneConnection(headOf(wide.length, { 'Content-Type': type }), wide)).answer,
      400,
      'invalidSyntax',
    );
  });

  it.each([1, 1024, 64 * MEBIBYTE])(
    'should be 413 for %i bytes more than 1 MiB, and other requests go on',
    async (excess) => {
      const start = `{"schemas":["${CORE_USER}"],"userName":"${uniqueAddress()}","title":"`;
      const length = MEBIBYTE + excess;
      const body = excess > MEBIBYTE ? start : `${start}${'x'.repeat(length - start.length - 2)}"}`;
      const { answer, next } = await overOneConnection(headOf(length), body);
      expectScimError(answer, 413);
      if (next !== 'closed') expect(next.status).toBe(200);
      expect((await tenant.send('GET', '/Users?count=0')).status).toBe(200);
    },
  );

  it('should be 413 for a chunked body beyond 1 MiB whose length nobody said', async () => {
    const connection = await RawConnection.open(service().scimUrl);
    const { Authorization } = { Authorization: `Bearer ${tenant.token}` };
    await connection.write(
      requestHead('POST', USERS, { Authorization, 'Content-Type': SCIM_JSON, 'Transfer-Encoding': 'chunked' }),
    );
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    for (let sent = 0; sent < 20; sent += 1) await connection.write(chunk);
    const answer = await connection.answer();
    connection.destroy();
    expect(answer).toBeDefined();
    if (answer !== undefined) expectScimError(answer, 413);
    expect((await tenant.send('GET', '/Users?count=0')).status).toBe(200);
  });

  it('should not be found in exactly 1 MiB', async () => {
    const start = `{"userName":"${uniqueAddress()}","unknown":"`;
    const body = `${start}${'x'.repeat(MEBIBYTE - start.length - 2)}"}`;
    const { answer, next } = await overOneConnection(headOf(MEBIBYTE), body);
    expect([answer.status, next === 'closed' ? 'closed' : next.status]).toEqual([201, 200]);
  });

  it.each([33, 1000, 500_000])('should be 400 for %i levels of nesting, at once', async (depth) => {
    const arrays = '['.repeat(depth - 1) + ']'.repeat(depth - 1);
    const objects = `${'{"a":'.repeat(Math.min(depth, 100_000))}1${'}'.repeat(Math.min(depth, 100_000))}`;
    const unclosed = '['.repeat(depth);
    for (const body of [`{"userName":"a@b.example","x":${arrays}}`, objects, unclosed]) {
      const send = (): Promise<Exchange> =>
        tenant.send('POST', '/Users', { body, headers: { 'Content-Type': SCIM_JSON } });
      const { answer, cpuMilliseconds } = await costOf(send);
      expect(cpuMilliseconds).toBeLessThan(500);
      expect(expectScimError(answer, 400, 'invalidSyntax')).toBe('The body is nested deeper than 32 levels.');
    }
  });

  it('should not be found in 32 levels of nesting, nor in brackets inside a string', async () => {
    const value = '['.repeat(31) + ']'.repeat(31);
    const nested = await tenant.send('POST', '/Users', { body: `{"userName":"${uniqueAddress()}","x":${value}}` });
    expect(nested.status).toBe(201);
    const text = await tenant.patch(user.id, { op: 'replace', path: 'title', value: `"\\"${'[{'.repeat(200)}\\` });
    expect(text.status).toBe(200);
    user = text.body as ScimUser;
  });

  it.each([
    ['90,000 keys', (): unknown => Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [`k${index}`, 1]))],
    [
      '10,000 e-mail addresses',
      (): unknown =>
        plainUser(uniqueAddress(), {
          emails: Array.from({ length: 10_000 }, (_, index) => ({ value: `${index}@b.example` })),
        }),
    ],
    ['a string of 1,000,000 characters', (): unknown => plainUser(uniqueAddress(), { title: 'x'.repeat(1_000_000) })],
    ['a userName of 513 characters', (): unknown => plainUser('x'.repeat(513))],
    ['half a surrogate pair', (): unknown => `{"userName":"a\\ud800b@b.example"}`],
    ['NUL in the userName', (): unknown => plainUser('a\0b@b.example')],
  ])('should be 400 for %s, at once, and store nothing', async (_name, make) => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const { answer, cpuMilliseconds } = await costOf(() => own.send('POST', '/Users', { body: make() }));
    expect(cpuMilliseconds).toBeLessThan(1000);
    expectScimError(answer, 400, 'invalidValue');
    expect((await own.send('GET', '/Users')).body).toMatchObject({ totalResults: 0 });
  });

  it('should be 400 for 10,000 operations, at once', async () => {
    const operations = Array.from({ length: 10_000 }, (_, index) => ({ op: 'add', path: 'title', value: `${index}` }));
    const answer = await tenant.send('PATCH', `/Users/${user.id}`, { body: { Operations: operations } });
    expectScimError(answer, 400, 'invalidSyntax');
    const allowed = await tenant.send('PATCH', `/Users/${user.id}`, {
      body: { Operations: operations.slice(0, 1000) },
    });
    expect([allowed.status, allowed.body]).toMatchObject([200, { title: '999' }]);
    user = allowed.body as ScimUser;
  });

  it('should be ignored on GET and DELETE', async () => {
    const { id } = await tenant.createUser(plainUser(uniqueAddress()));
    for (const method of ['GET', 'DELETE']) {
      const body = '{"userName": "ignored"';
      const answer = await overOneConnection(headOf(body.length, {}, method, `${USERS}/${id}`), body);
      expect([method, answer.answer.status]).toEqual([method, method === 'GET' ? 200 : 204]);
    }
  });

  it('should leave a PATCH value of the wrong type out of the user', async () => {
    for (const value of [5, true, {}, { a: 1 }, [1], [[['x']]], ['a', 'b']]) {
      const answer = await tenant.send('PATCH', `/Users/${user.id}`, { body: patchWith(value) });
      expectScimError(answer, 400, 'invalidValue');
    }
    expect(await tenant.readUser(user.id)).toEqual(user);
  });
});
