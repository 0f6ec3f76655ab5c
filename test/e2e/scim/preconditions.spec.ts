import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { CORE_GROUP, PATCH_OP, type ScimGroup, type ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';

const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';

/** A resource under test: how it is made, and the body of each write, told apart by its number. */
interface Kind {
  readonly endpoint: '/Users' | '/Groups';
  make(tenant: TenantClient): Promise<ScimUser | ScimGroup>;
  body(method: string, before: ScimUser | ScimGroup, number: number): object | undefined;
}

const replacing = (path: string, value: unknown): object => ({
  schemas: [PATCH_OP],
  Operations: [{ op: 'replace', path, value }],
});

const users: Kind = {
  endpoint: '/Users',
  make: async (tenant) => tenant.createUser(plainUser(uniqueAddress())),
  body: (method, before, number) => {
    if (method === 'DELETE') return undefined;
    const { userName } = before as ScimUser;
    return method === 'PUT' ? plainUser(userName, { title: `${number}` }) : replacing('title', `${number}`);
  },
};

/** Every write changes the members, which are rows of their own. */
function groups(everybody: () => readonly string[]): Kind {
  return {
    endpoint: '/Groups',
    make: async (tenant) =>
      tenant.createGroup({ displayName: uniqueAddress('group'), members: [{ value: everybody()[0] }] }),
    body: (method, before, number) => {
      if (method === 'DELETE') return undefined;
      const members = [{ value: everybody()[number] }];
      const { displayName } = before as ScimGroup;
      return method === 'PUT' ? { schemas: [CORE_GROUP], displayName, members } : replacing('members', members);
    },
  };
}

describeEachEngine('writes on a condition', (engine) => {
  const service = serviceForSuite(engine, { RATE_LIMIT_PER_SECOND: '1000' });
  let tenant: TenantClient;
  let people: readonly string[] = [];
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    const made = Array.from({ length: 51 }, async () => tenant.createUser(plainUser(uniqueAddress())));
    people = (await Promise.all(made)).map(({ id }) => id);
  });

  describe.each([users, groups(() => people)])('on $endpoint', (kind) => {
    const path = (id: string): string => `${kind.endpoint}/${id}`;
    const read = async (id: string): Promise<Exchange> => tenant.send('GET', path(id));
    const write = async (
      method: string,
      before: ScimUser | ScimGroup,
      headers: Readonly<Record<string, string>>,
      number = 1,
    ): Promise<Exchange> => tenant.send(method, path(before.id), { headers, body: kind.body(method, before, number) });

    it.each(['PATCH', 'PUT', 'DELETE'].flatMap((method) => [2, 10, 50].map((count) => [method, count] as const)))(
      'should let exactly one %s of %i with the same If-Match through',
      async (method, count) => {
        const before = await kind.make(tenant);
        const numbers = Array.from({ length: count }, (_, index) => index + 1);
        const answers = await Promise.all(
          numbers.map(async (number) => write(method, before, { 'If-Match': 'W/"1"' }, number)),
        );
        const won = answers.findIndex(({ status }) => status < 300);
        const losers = answers.filter((_answer, index) => index !== won);
        // Who comes after a deletion finds nothing, whatever it demands (RFC 9110 section 13.2.1).
        for (const loser of losers) expectScimError(loser, method === 'DELETE' ? 404 : 412);
        expect([won >= 0, losers.length]).toEqual([true, count - 1]);
        const now = await read(before.id);
        if (method === 'DELETE') expectScimError(now, 404);
        else {
          expect(now.headers.etag).toBe('W/"2"');
          const { title, members } = now.body as { title?: string; members?: readonly { value: string }[] };
          const winner = won + 1;
          if (kind.endpoint === '/Users') expect(title).toBe(`${winner}`);
          else expect(members?.map(({ value }) => value)).toEqual([people[winner]]);
        }
      },
    );

    it.each(['PATCH', 'PUT', 'DELETE'])('should change nothing by %s when the condition fails', async (method) => {
      const before = await kind.make(tenant);
      const whole = await read(before.id);
      for (const headers of [
        { 'If-Match': 'W/"2"' },
        { 'If-Match': '"7", W/"8"' },
        { 'If-None-Match': 'W/"1"' },
        { 'If-None-Match': '"1"' },
        { 'If-None-Match': '"5" , W/"1"' },
        { 'If-None-Match': '*' },
        { 'If-Match': 'W/"1"', 'If-None-Match': '*' },
        { 'If-Match': 'W/"2"', 'If-None-Match': 'W/"3"' },
      ]) {
        expect(expectScimError(await write(method, before, headers), 412)).toContain('W/"1"');
        const now = await read(before.id);
        expect([now.body, now.headers.etag]).toEqual([whole.body, whole.headers.etag]);
      }
    });

    it.each([
      { 'If-Match': 'W/"1"' },
      { 'If-Match': '"1"' },
      { 'If-Match': '*' },
      { 'If-None-Match': 'W/"2", "3"' },
      { 'If-Match': '*', 'If-None-Match': 'W/"2"' },
    ])('should be carried out on the condition %j', async (headers) => {
      for (const method of ['PATCH', 'PUT', 'DELETE']) {
        const before = await kind.make(tenant);
        expect((await write(method, before, headers)).status).toBeLessThan(300);
      }
    });

    it.each(['PATCH', 'PUT', 'DELETE'])('should be 404 by %s where there is nothing', async (method) => {
      const before = { ...(await kind.make(tenant)), id: UNKNOWN_ID };
      for (const headers of [{ 'If-Match': '*' }, { 'If-Match': 'W/"1"' }, { 'If-None-Match': '*' }])
        expectScimError(await write(method, before, headers), 404);
    });

    it.each(['W/"1"', '"1"', '*', '"5", W/"1"', 'W/"5","1"'])(
      'should have reading with If-None-Match %s answered with 304',
      async (tag) => {
        const { id } = await kind.make(tenant);
        for (const method of ['GET', 'HEAD']) {
          const answer = await tenant.send(method, path(id), { headers: { 'If-None-Match': tag } });
          expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, '', 'W/"1"']);
        }
      },
    );

    it('should not be heard of by POST', async () => {
      for (const headers of [{ 'If-Match': 'W/"9"' }, { 'If-None-Match': '*' }]) {
        const body =
          kind.endpoint === '/Users'
            ? plainUser(uniqueAddress())
            : { schemas: [CORE_GROUP], displayName: uniqueAddress('group') };
        expect((await tenant.send('POST', kind.endpoint, { body, headers })).status).toBe(201);
      }
    });
  });
});
