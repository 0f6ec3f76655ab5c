import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ScimList, ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { fullUser, plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { embeddedEngine } from '../../support/embedded-engine.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { type RawAnswer, RawConnection, requestHead } from '../../support/raw-http.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';

const metacharacters = [
  "' OR '1'='1", "'; DROP TABLE users; --", '" OR ""="', '") OR 1=1 -- ', "\\' OR 1=1 #", '\\', '\\\\', "\\'", '`', '%', '%%', '_', '__',
  '/* comment */', '-- ', '#', ';', '?', '??', ':name', '@@version', '${x}', '{{x}}', '$1', '\u00bf\u0027', '\u2019 OR 1=1', "' UNION SELECT(1)--",
  "'||(1)||'", '0x27', "char(39)", '*', '[a-z]', '^', '\ud83d\ude00', "'\n;", '\t',
]; // prettier-ignore

describeEachEngine('SQL metacharacters', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let plain: ScimUser;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    plain = await tenant.createUser(fullUser());
  });

  it.each(metacharacters)(
    'should be letters like any other, in every value that is stored or sought: %j',
    async (text) => {
      const body = fullUser(uniqueAddress(), {
        displayName: text,
        title: text,
        externalId: text,
        name: { givenName: text },
        nickName: `a${text}b`,
      });
      const user = await tenant.createUser(body);
      expect(user).toEqual({ ...body, id: user.id, meta: user.meta });
      const quoted = JSON.stringify(text);
      for (const filter of [
        'displayName eq',
        'title eq',
        'externalId eq',
        'name.givenName eq',
        'nickName co',
        'title sw',
        'title ew',
        'displayName co',
      ])
        expect([filter, (await tenant.find(`${filter} ${quoted} and id eq "${user.id}"`)).Resources]).toEqual([
          filter,
          [user],
        ]);
      for (const filter of [
        `userName eq ${quoted}`,
        `id eq ${quoted}`,
        `emails[type eq ${quoted}]`,
        `emails.value sw ${JSON.stringify(`x${text}`)}`,
      ])
        expect([filter, (await tenant.find(filter)).Resources]).toEqual([filter, []]);
      expect((await tenant.find(`nickName eq ${quoted}`)).Resources).toEqual([]);
      const patched = await tenant.patch(user.id, { op: 'replace', path: 'displayName', value: `${text}${text}` });
      expect([patched.status, patched.body]).toMatchObject([200, { displayName: `${text}${text}` }]);
      expect((await tenant.find(`displayName co ${quoted}`)).Resources.map(({ id }) => id)).toContain(user.id);
      await tenant.remove(user.id);
      expect((await tenant.send('GET', '/Users')).body).toMatchObject({ totalResults: 1, Resources: [plain] });
    },
  );

  it('should be no wildcards in co, sw and ew', async () => {
    for (const filter of [
      'title co "%"',
      'title sw "_"',
      'title ew "%"',
      'displayName co "A%r"',
      'displayName sw "Ann_"',
      'userName co "\\\\"',
      'displayName eq "Anna%"',
    ])
      expect([filter, (await tenant.find(filter)).totalResults]).toEqual([filter, 0]);
    expect((await tenant.find('displayName sw "Anna"')).totalResults).toBe(1);
  });

  it('should find nobody in a path, an attribute name or a parameter', async () => {
    for (const text of metacharacters) {
      const encoded = encodeURIComponent(text);
      expectScimError(await tenant.send('GET', `/Users/${encoded}`), 404);
      expectScimError(await tenant.send('GET', `/Users?filter=${encoded}%20eq%20%22x%22`), 400, 'invalidFilter');
      expectScimError(await tenant.send('GET', `/Users?startIndex=${encoded}`), 400, 'invalidValue');
      expectScimError(await tenant.send('GET', `/Users?sortBy=${encoded}`), 400, 'invalidPath');
      expectScimError(await tenant.send('GET', `/Users?sortBy=id&sortOrder=${encoded}`), 400, 'invalidValue');
      expectScimError(await tenant.send('GET', `/Users?cursor=a${encoded}`), 400, 'invalidCursor');
      const ignored = await tenant.send('GET', `/Users?attributes=${encoded}&unknown=${encoded}`);
      expect([ignored.status, (ignored.body as ScimList).totalResults]).toEqual([200, 1]);
    }
  });

  it('should find no token in the Authorization header', async () => {
    for (const text of metacharacters.filter((one) => /^[\x20-\x7e]*$/.test(one)))
      expectScimError(await tenant.withToken(text).send('GET', '/Users'), 401);
  });
});

describe('header injection', () => {
  const service = serviceForSuite(embeddedEngine());
  let tenant: TenantClient;
  let user: ScimUser;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    user = await tenant.createUser(plainUser(uniqueAddress()));
  });

  const INJECTED = 'X-Injected: yes';

  /** All the answers of a connection until it ends or falls silent behind an ordinary last request. */
  async function answersTo(bytes: string): Promise<readonly RawAnswer[]> {
    const connection = await RawConnection.open(service().scimUrl);
    await connection.write(bytes);
    const answers: RawAnswer[] = [];
    for (let answer = await connection.answer(); answer !== undefined; answer = await connection.answer())
      answers.push(answer);
    connection.destroy();
    return answers;
  }

  it.each(['\r\n', '\n', '\r', '\u0085', '\u2028', '%0d%0a', '\0'])(
    'should not be possible through a userName with %j',
    async (lineEnd) => {
      const userName = `a${lineEnd}${INJECTED}${lineEnd}@b.example`;
      for (const answer of [
        await tenant.send('POST', '/Users', { body: plainUser(userName) }),
        await tenant.send('PUT', `/Users/${user.id}`, { body: plainUser(userName) }),
        await tenant.patch(user.id, { op: 'replace', path: 'userName', value: userName }),
      ]) {
        expect(answer.headers['x-injected']).toBeUndefined();
        const isText = ['%0d%0a', '\u2028'].includes(lineEnd);
        if (isText) expect([200, 201, 409]).toContain(answer.status);
        else expectScimError(answer, 400, 'invalidValue');
      }
    },
  );

  it('should not be possible through If-Match, If-None-Match, X-Request-Id or X-Forwarded-Host', async () => {
    for (const name of [
      'If-Match',
      'If-None-Match',
      'X-Request-Id',
      'X-Forwarded-Host',
      'X-Forwarded-Proto',
      'User-Agent',
      'Accept',
    ]) {
      const head = requestHead('GET', `/api/v3/scim2/Users/${user.id}`, {
        Authorization: `Bearer ${tenant.token}`,
        [name]: 'W/"1"\r\nX-Smuggled: yes',
        Connection: 'close',
      });
      const [answer, ...more] = await answersTo(head);
      expect([name, more, answer?.headers['x-smuggled'], [200, 304, 400].includes(answer?.status ?? 0)]).toEqual([
        name,
        [],
        undefined,
        true,
      ]);
      expect(answer?.headers['x-request-id']).not.toContain('W/');
    }
    const bare = requestHead('GET', `/api/v3/scim2/Users/${user.id}`, {
      Authorization: `Bearer ${tenant.token}`,
      'If-Match': 'x\rX-Smuggled: yes',
      Connection: 'close',
    });
    const [answer] = await answersTo(bare);
    if (answer !== undefined) expectScimError(answer, 400);
  });

  it.each(['%0d%0a', '%0a', '%0D', '%E5%98%8D%E5%98%8A', '%00'])(
    'should not be possible through %s in the path',
    async (lineEnd) => {
      const text = `${lineEnd}X-Injected:%20yes${lineEnd}${lineEnd}body`;
      for (const path of [
        `/Users/${text}`,
        `/${text}`,
        `/Users/${user.id}${text}`,
        `/Users?filter=${text}`,
        `/Schemas/${text}`,
      ]) {
        const answer = await tenant.send('GET', path);
        expect([path, answer.headers['x-injected'], [400, 404].includes(answer.status)]).toEqual([
          path,
          undefined,
          true,
        ]);
        expectScimError(answer, answer.status, answer.status === 400 ? 'invalidFilter' : undefined);
      }
    },
  );

  it.each([
    ['a raw line end in the path', `GET /api/v3/scim2/Users/x\r\nX-Injected: yes HTTP/1.1\r\nHost: x\r\n\r\n`],
    [
      'two lengths',
      'POST /api/v3/scim2/Users HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}',
    ],
    [
      'a length and chunks',
      'POST /api/v3/scim2/Users HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n',
    ],
    [
      'chunks under another name',
      'POST /api/v3/scim2/Users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    ],
    ['a folded header', 'GET /api/v3/scim2/Users HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\nConnection: close\r\n\r\n'],
    ['a length that is none', 'POST /api/v3/scim2/Users HTTP/1.1\r\nHost: x\r\nContent-Length: 0x10\r\n\r\n{}'],
    ['no host', 'GET /api/v3/scim2/Users HTTP/1.1\r\n\r\n'],
    ['no HTTP', 'EHLO example\r\n\r\n'],
    ['another version', 'GET /api/v3/scim2/Users HTTP/9.9\r\nHost: x\r\n\r\n'],
  ])('should never make two answers of one request: %s', async (name, bytes) => {
    const answers = await answersTo(bytes);
    expect(answers.length).toBeLessThan(2);
    for (const answer of answers) {
      expect([400, 401]).toContain(answer.status);
      // Node itself answers a request without a host, and says nothing but 400.
      if (name === 'no host') expect(answer.text).toBe('0\r\n\r\n');
      else expectScimError(answer, answer.status);
    }
  });

  it('should answer a hundred requests in a row on one connection in their order', async () => {
    const connection = await RawConnection.open(service().scimUrl);
    const counts = Array.from({ length: 100 }, (_, index) => index + 1);
    const headers = { Authorization: `Bearer ${tenant.token}` };
    await connection.write(
      counts.map((index) => requestHead('GET', `/api/v3/scim2/Users?startIndex=${index}&count=0`, headers)).join(''),
    );
    const seen = [];
    while (seen.length < counts.length)
      seen.push((JSON.parse((await connection.answer())?.text ?? '{}') as ScimList).startIndex);
    connection.destroy();
    expect(seen).toEqual(counts);
  });
});
