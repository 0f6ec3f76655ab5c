import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { PATCH_OP, type ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { fullUser, plainUser } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectHeaders, expectScimError } from './answers.js';

describeEachEngine('versions of a user', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let user: ScimUser;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  /** A user in its second version. */
  async function changedOnce(): Promise<ScimUser> {
    const { id } = await tenant.createUser(fullUser());
    return (await tenant.patch(id, { op: 'replace', path: 'title', value: 'Second' })).body as ScimUser;
  }

  function write(method: string, id: string, ifMatch: string, title = 'Third'): Promise<Exchange> {
    const body =
      method === 'PUT'
        ? plainUser(user.userName, { title })
        : { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: title }] };
    return tenant.send(method, `/Users/${id}`, {
      headers: { 'If-Match': ifMatch },
      ...(method === 'DELETE' ? {} : { body }),
    });
  }

  describe.each(['PUT', 'PATCH', 'DELETE'])('%s with If-Match', (method) => {
    const done = method === 'DELETE' ? 204 : 200;

    it.each(['W/"2"', '"2"', '*', 'W/"1", W/"2"', '"7" , "2"', ' W/"2" '])(
      'should be carried out for %s',
      async (tag) => {
        user = await changedOnce();
        const answer = await write(method, user.id, tag);
        expect([answer.status, answer.headers.etag]).toEqual([done, method === 'DELETE' ? undefined : 'W/"3"']);
      },
    );

    it.each(['W/"1"', '"1"', 'W/"3"', 'W/"22"', '', '""', 'nonsense', '"', 'W/"*"', "' OR 1=1", 'W/"1",'])(
      'should be refused for %s and change nothing',
      async (tag) => {
        user = await changedOnce();
        expect(expectScimError(await write(method, user.id, tag), 412)).toContain('W/"2"');
        expect(await tenant.readUser(user.id)).toEqual(user);
      },
    );

    it('should answer 404 for an unknown id, whatever the tag', async () => {
      for (const tag of ['*', 'W/"1"'])
        expectScimError(await write(method, '01900000-0000-7000-8000-000000000000', tag), 404);
    });
  });

  describe.each(['GET', 'HEAD'])('%s with If-None-Match', (method) => {
    const read = (tag: string, query = ''): Promise<Exchange> =>
      tenant.send(method, `/Users/${user.id}${query}`, { headers: { 'If-None-Match': tag } });

    it.each(['W/"2"', '"2"', '*', 'W/"1", W/"2"'])('should answer 304 without a body for %s', async (tag) => {
      user = await changedOnce();
      for (const query of ['', '?attributes=userName', '?excludedAttributes=meta']) {
        const answer = await read(tag, query);
        expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, '', 'W/"2"']);
        // A length here makes clients wait that take it for the body's.
        expect(answer.headers['content-length'] ?? '0').toBe('0');
      }
    });

    it.each(['W/"1"', '"3"', 'nonsense'])('should answer the resource for %s', async (tag) => {
      user = await changedOnce();
      const answer = await read(tag);
      expect([answer.status, answer.headers.etag]).toEqual([200, 'W/"2"']);
      if (method === 'GET') expect(answer.body).toEqual(user);
    });
  });

  it('should let one of ten PATCHes with the same If-Match through', async () => {
    user = await changedOnce();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => write('PATCH', user.id, 'W/"2"', `by number ${index}`)),
    );
    const [winner, ...losers] = [...answers].sort((left, right) => left.status - right.status);
    expect(winner?.status).toBe(200);
    for (const loser of losers) expectScimError(loser, 412);
    expect(await tenant.readUser(user.id)).toEqual(winner?.body);
  });

  it('should lose none of 50 parallel PATCHes without If-Match', async () => {
    user = await changedOnce();
    const types = Array.from({ length: 50 }, (_, index) => `type-${index}`);
    const answers = await Promise.all(
      types.map((type) => tenant.patch(user.id, { op: 'add', path: 'ims', value: [{ type, value: type }] })),
    );
    expect(answers.map(({ status }) => status)).toEqual(types.map(() => 200));
    const now = (await tenant.readUser(user.id)) as ScimUser & { ims: readonly { type: string }[] };
    expect(now.ims.map(({ type }) => type).sort()).toEqual([...types].sort());
    expect(now.meta.version).toBe('W/"52"');
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(50);
  });

  it('should give the 412 the headers of any error', async () => {
    user = await changedOnce();
    const answer = await write('PATCH', user.id, 'W/"1"');
    expectHeaders(answer.headers, { 'content-type': 'application/scim+json; charset=utf-8' });
  });
});
