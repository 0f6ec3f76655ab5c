import { describe, expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { adminSurface, allPages, instant, listOf, uuid } from './admin-surface.js';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly operation: string;
  readonly outcome: string;
  readonly status: number;
  readonly changes: readonly string[];
}

describeEachEngine('Admin REST, provisioning log', (engine) => {
  const surface = adminSurface(engine);
  const open = () => TenantClient.open(surface.service(), 'cleanmail');
  const path = (client: TenantClient) => `/tenants/${client.tenant.id}/provisioning-log`;
  const log = async (client: TenantClient, query = ''): Promise<readonly Entry[]> =>
    listOf<Entry>(await surface.call('GET', `${path(client)}?${query}`)).items;
  const expected = (fields: object) => ({
    id: expect.stringMatching(uuid),
    at: expect.stringMatching(instant),
    tokenId: expect.stringMatching(uuid),
    requestId: expect.stringMatching(uuid),
    resourceType: 'User',
    outcome: 'success',
    durationMs: expect.any(Number),
    changes: [],
    ...fields,
  });

  it('should tell the story of a user, newest first, naming what changed and no values', async () => {
    const client = await open();
    await client.find('userName eq "ada@story.example"');
    const { id } = await client.createUser({
      userName: 'ada@story.example',
      externalId: 'secret-external-id',
      name: { givenName: 'Ada', familyName: 'Secret-Family' },
    });
    await client.patch(id, { op: 'replace', path: 'name.givenName', value: 'Augusta-Secret' });
    await client.disable(id);
    await client.readUser(id);
    await client.remove(id);

    const answer = await surface.call('GET', path(client));
    const target = { resourceId: id, userName: 'ada@story.example' };
    expect(listOf(answer).items).toEqual([
      expected({ method: 'DELETE', operation: 'delete', status: 204, ...target }),
      expected({ method: 'GET', operation: 'read', status: 200, resourceId: id }),
      expected({ method: 'PATCH', operation: 'modify', status: 200, ...target, changes: ['active'] }),
      expected({ method: 'PATCH', operation: 'modify', status: 200, ...target, changes: ['name.givenName'] }),
      expected({
        method: 'POST',
        operation: 'create',
        status: 201,
        ...target,
        changes: expect.arrayContaining(['userName', 'externalId']),
      }),
      expected({ method: 'GET', operation: 'query', status: 200, userName: 'ada@story.example' }),
    ]);
    for (const value of ['secret-external-id', 'Secret-Family', 'Augusta-Secret', client.token.slice(19)]) {
      expect(answer.text).not.toContain(value);
    }
  });

  it('should explain a failure by status, scimType and words', async () => {
    const client = await open();
    const { id } = await client.createUser({ userName: 'taken@failures.example' });
    const twice = await client.send('POST', '/Users', { body: { userName: 'TAKEN@failures.example' } });
    const nameless = await client.send('POST', '/Users', { body: { displayName: 'Nobody' } });
    const badPath = await client.patch(id, { op: 'replace', path: 'emails[', value: 'x' });
    const badFilter = await client.send('GET', '/Users?filter=userName%20xx%20%22a%22');
    const missing = await client.send('GET', '/Users/01890000-0000-7000-8000-000000000000');
    const answers = [missing, badFilter, badPath, nameless, twice];

    const entries = await log(client, 'outcome=failure');
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 400, 409]);
    expect(entries).toEqual(
      answers.map((answer) => {
        const { status, scimType, detail } = answer.body as Readonly<Record<string, string>>;
        return expect.objectContaining({
          outcome: 'failure',
          status: Number(status),
          detail,
          changes: [],
          ...(scimType === undefined ? {} : { scimType }),
        });
      }),
    );
    expect(entries[4]).toMatchObject({
      scimType: 'uniqueness',
      userName: 'TAKEN@failures.example',
      operation: 'create',
    });
    expect(entries[2]).toMatchObject({ scimType: 'invalidPath', resourceId: id, operation: 'modify' });
  });

  it.each([
    ['malformed JSON', '{"userName": "broken@json.example"', 'application/scim+json', 400],
    ['a body that is no object', '["broken@json.example"]', 'application/scim+json', 400],
    ['an unknown media type', 'userName=broken', 'text/plain', 415],
  ])('should log %s for the tenant whose token came with it', async (_what, body, type, status) => {
    const client = await open();
    const answer = await client.send('POST', '/Users', { body, headers: { 'Content-Type': type } });
    expect(answer.status).toBe(status);
    expect(await log(client)).toEqual([
      expected({
        method: 'POST',
        operation: 'create',
        outcome: 'failure',
        status,
        detail: (answer.body as { detail: string }).detail,
        ...(status === 400 ? { scimType: 'invalidSyntax' } : {}),
      }),
    ]);
  });

  it('should log nothing for a request whose token opens nothing', async () => {
    const client = await open();
    expect((await client.withToken(`${client.token.slice(0, -1)}_`).send('GET', '/Users')).status).toBe(401);
    expect(await log(client)).toEqual([]);
  });

  describe('filters', () => {
    it('should find a user by id and by userName in any case', async () => {
      const client = await open();
      const { id } = await client.createUser({ userName: 'Find.Me@log.example' });
      await client.createUser({ userName: 'not.me@log.example' });
      await client.disable(id);

      const byId = await log(client, `user=${id}`);
      expect(byId.map(({ operation }) => operation)).toEqual(['modify', 'create']);
      expect(await log(client, 'user=find.me@LOG.example')).toEqual(byId);
      expect(await log(client, 'user=nobody@log.example')).toEqual([]);
    });

    it('should keep successes and failures apart', async () => {
      const client = await open();
      await client.createUser({ userName: 'one@outcome.example' });
      await client.send('POST', '/Users', { body: { userName: 'one@outcome.example' } });
      expect((await log(client, 'outcome=success')).map(({ status }) => status)).toEqual([201]);
      expect((await log(client, 'outcome=failure')).map(({ status }) => status)).toEqual([409]);
      expect(await log(client)).toHaveLength(2);
    });

    it('should begin at a time', async () => {
      const client = await open();
      await client.createUser({ userName: 'early@since.example' });
      const [early] = await log(client);
      const next = new Date(Date.parse(early?.at ?? '') + 1).toISOString();
      while (new Date().toISOString() < next) await client.send('GET', '/ServiceProviderConfig');
      await client.createUser({ userName: 'late@since.example' });

      const since = await log(client, `since=${next}&user=late@since.example`);
      expect(since.map(({ operation }) => operation)).toEqual(['create']);
      expect(await log(client, `since=${next}&user=early@since.example`)).toEqual([]);
      expect(await log(client, `since=${early?.at}&user=early@since.example`)).toEqual([early]);
      expect(await log(client, 'since=2999-01-01T00:00:00Z')).toEqual([]);
    });

    it('should walk the log by cursor without a gap or a repetition while it grows', async () => {
      const client = await open();
      for (let number = 1; number <= 7; number += 1)
        await client.createUser({ userName: `n${number}@walk-log.example` });
      const all = await log(client);
      const first = listOf<Entry>(await surface.call('GET', `${path(client)}?limit=3`));
      await client.createUser({ userName: 'meanwhile@walk-log.example' });
      const second = listOf<Entry>(await surface.call('GET', `${path(client)}?limit=3&cursor=${first.nextCursor}`));
      const third = listOf<Entry>(await surface.call('GET', `${path(client)}?limit=3&cursor=${second.nextCursor}`));

      expect([...first.items, ...second.items, ...third.items]).toEqual(all);
      expect(third.nextCursor).toBeUndefined();
      expect((await allPages(surface, path(client), 4)).map(({ length }) => length)).toEqual([4, 4]);
    });
  });

  it('should show a tenant nothing of another', async () => {
    const [client, other] = [await open(), await open()];
    const { id } = await client.createUser({ userName: 'mine@log-across.example' });
    expect(await log(other)).toEqual([]);
    expect(await log(other, `user=${id}`)).toEqual([]);
    expect(await log(client)).toHaveLength(1);
  });
});
