import { beforeAll, describe, expect, it } from '@jest/globals';
import { CORE_GROUP, CORE_USER, PATCH_OP, type ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { CONTOSO, contosoSchema, TEAM, teamSchema } from '../../support/contoso-schema.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';

/** A resource with whatever its tenant's own schemas say. */
type Extended = ScimUser & Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

const sent = {
  badge: 'B-77',
  doorCode: 'xY9',
  level: 7,
  quota: 1.5,
  remote: true,
  hired: '2024-02-29T12:00:00+02:00',
  homepage: 'https://contoso.example/Zoe',
  fingerprint: 'AQID',
  skills: ['Welding', 'SQL'],
  shifts: [1, 3],
  desk: { building: 'West', floor: 4, pin: '1234' },
  assets: [
    { value: 'L-1', type: 'laptop', cost: 1200.5, since: '2024-03-01T00:00:00Z', primary: true },
    { value: 'P-1', type: 'phone', cost: 300, since: '2025-03-01T00:00:00Z' },
  ],
  hint: 'my first pet',
  vault: 'unseen',
  essay: 'long',
  mark: 'seal',
  origin: 'merger',
  computed: 'ignored',
};
const kept = {
  ...without(sent, 'hint', 'vault', 'essay', 'computed'),
  desk: { building: 'West', floor: 4 },
};

function without(values: object, ...names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

describeEachEngine('Extension schemas of a tenant', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let other: TenantClient;

  const register = async (client: TenantClient, schema: object, more: object = {}) => {
    const body = { resourceType: 'User', schema, ...more };
    const answer = await client.admin.call('POST', `/tenants/${client.tenant.id}/schemas`, body);
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  };
  const retire = (client: TenantClient, urn: string) =>
    client.admin.call('DELETE', `/tenants/${client.tenant.id}/schemas/${urn}`);
  const open = async (): Promise<TenantClient> => {
    const client = await TenantClient.open(service(), 'cleanmail');
    await register(client, contosoSchema);
    return client;
  };
  const extended = (values: object = sent): object =>
    plainUser(uniqueAddress(), { schemas: [CORE_USER, CONTOSO], [CONTOSO]: values });
  const create = async (client: TenantClient, values: object = sent): Promise<Extended> =>
    (await client.createUser(extended(values))) as Extended;
  const patched = async (client: TenantClient, id: string, ...operations: readonly object[]): Promise<Extended> => {
    const answer = await client.patch(id, ...(operations as Parameters<TenantClient['patch']>[1][]));
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return answer.body as Extended;
  };

  beforeAll(async () => {
    tenant = await open();
    await register(tenant, teamSchema, { resourceType: 'Group' });
    other = await TenantClient.open(service(), 'cleanmail');
  });

  it('should be accepted, kept and returned by POST, GET and PUT, but for what is read-only, write-only or hidden', async () => {
    const user = await create(tenant);
    expect([user.schemas, user[CONTOSO]]).toEqual([[CORE_USER, CONTOSO], kept]);
    expect(await tenant.readUser(user.id)).toEqual(user);
    const body = plainUser(user.userName, {
      [CONTOSO.toUpperCase()]: { ...without(sent, 'badge', 'level'), LEVEL: '8' },
    });
    const replaced = await tenant.send('PUT', `/Users/${user.id}`, { body });
    expect((replaced.body as Extended)[CONTOSO]).toEqual({ ...without(kept, 'badge'), level: 8 });
  });

  it.each([
    [{ level: 'seven' }, 'level must be an integer'],
    [{ quota: true }, 'quota must be a number'],
    [{ remote: 'maybe' }, 'remote must be true or false'],
    [{ hired: 'yesterday' }, 'hired must be a date and time'],
    [{ fingerprint: '*' }, 'fingerprint must be base64'],
    [{ desk: 'West' }, 'desk must be an object'],
    [{ shifts: [1, 'x'] }, 'shifts[1] must be an integer'],
    [{ hint: 7 }, 'hint must be a string'],
  ])('should be refused with a value of another type: %j', async (values, detail) => {
    const answer = await tenant.send('POST', '/Users', { body: extended(values) });
    expect(expectScimError(answer, 400, 'invalidValue')).toContain(`${CONTOSO}:${detail}`);
  });

  it('should be changed by every form of PATCH that Entra and others send', async () => {
    const { id } = await create(tenant, { badge: 'B-1', assets: sent.assets });
    const user = await patched(
      tenant,
      id,
      { op: 'Replace', path: `${CONTOSO}:badge`, value: 'B-2' },
      { op: 'add', path: `${CONTOSO.toLowerCase()}.doorCode`, value: 'zz' },
      { op: 'Add', path: `${CONTOSO}:desk.floor`, value: '5' },
      { op: 'replace', path: `${CONTOSO}:assets[type eq "phone"].cost`, value: 250 },
      { op: 'add', path: `${CONTOSO}:assets[type eq "tablet"].value`, value: 'T-1' },
      { op: 'remove', path: `${CONTOSO}:assets[value eq "L-1"]` },
      { op: 'add', path: `${CONTOSO}:skills`, value: ['SQL'] },
      { op: 'add', path: 'shifts', value: [2] },
      { op: 'Replace', value: { [`${CONTOSO}:remote`]: 'False', [CONTOSO]: { level: 3, 'desk.building': 'East' } } },
    );
    expect(user[CONTOSO]).toEqual({
      badge: 'B-2',
      doorCode: 'zz',
      desk: { floor: 5, building: 'East' },
      assets: [
        { ...sent.assets[1], cost: 250 },
        { type: 'tablet', value: 'T-1' },
      ],
      skills: ['SQL'],
      shifts: [2],
      remote: false,
      level: 3,
    });
    expect(user.schemas).toEqual([CORE_USER, CONTOSO]);
    const emptied = await patched(tenant, id, { op: 'remove', path: CONTOSO });
    expect([emptied.schemas, emptied[CONTOSO]]).toEqual([[CORE_USER], undefined]);
  });

  it('should hold immutable values and keep no write-only ones, whatever the path', async () => {
    const { id } = await create(tenant, { origin: 'merger', badge: 'B-1' });
    for (const operation of [
      { op: 'replace', path: `${CONTOSO}:origin`, value: 'birth' },
      { op: 'remove', path: `${CONTOSO}:origin` },
      { op: 'remove', path: CONTOSO },
      { op: 'replace', value: { [CONTOSO]: { origin: 'birth' } } },
    ]) {
      expectScimError(await tenant.patch(id, operation), 400, 'mutability');
    }
    const put = await tenant.send('PUT', `/Users/${id}`, { body: extended({ badge: 'B-1' }) });
    expect(expectScimError(put, 400, 'mutability')).toContain(`${CONTOSO}:origin`);
    expectScimError(
      await tenant.patch(id, { op: 'replace', path: `${CONTOSO}:computed`, value: 'x' }),
      400,
      'mutability',
    );
    const user = await patched(
      tenant,
      id,
      { op: 'add', path: `${CONTOSO}:hint`, value: 'secret words' },
      { op: 'add', path: `${CONTOSO}:desk.pin`, value: 'secret words' },
      { op: 'add', path: `${CONTOSO}:desk`, value: { floor: 1, pin: 'secret words' } },
    );
    expect(user[CONTOSO]).toEqual({ origin: 'merger', badge: 'B-1', desk: { floor: 1 } });
  });

  it('should be projected as the schema says', async () => {
    const { id } = await create(tenant);
    const read = async (query: string) => (await tenant.send('GET', `/Users/${id}?${query}`)).body as Extended;
    expect((await read(`attributes=${CONTOSO}:essay`))[CONTOSO]).toEqual({ essay: 'long', mark: 'seal' });
    expect((await read('attributes=userName'))[CONTOSO]).toEqual({ mark: 'seal' });
    expect((await read(`attributes=${CONTOSO}:assets.value,level`))[CONTOSO]).toEqual({
      level: 7,
      assets: [{ value: 'L-1' }, { value: 'P-1' }],
      mark: 'seal',
    });
    expect((await read(`excludedAttributes=${CONTOSO}:desk`))[CONTOSO]).toEqual(without(kept, 'desk'));
    expect((await read(`excludedAttributes=${CONTOSO}`))[CONTOSO]).toEqual({ mark: 'seal' });
  });

  describe('filters', () => {
    let own: TenantClient;
    let people: Readonly<Record<string, readonly string[]>>;
    beforeAll(async () => {
      own = await open();
      await own.createUser(plainUser(uniqueAddress()));
      const poor = await create(own, { badge: 'other', level: 1, quota: 9, remote: false, shifts: [9] });
      people = { rich: [(await create(own)).id], poor: [poor.id], nobody: [] };
    });

    it.each([
      ['@badge eq "b-77"', 'rich'],
      ['@doorCode eq "xy9"', 'nobody'],
      ['@doorCode sw "xY"', 'rich'],
      ['@level gt 6 and @level le 7', 'rich'],
      ['@level eq 70', 'nobody'],
      ['@level lt 2', 'poor'],
      ['@quota lt 1.6', 'rich'],
      ['@quota ge 15e-1 and not (@quota eq 9)', 'rich'],
      ['@quota gt 1.5', 'poor'],
      ['@remote eq true', 'rich'],
      ['@badge pr and not (@remote eq true)', 'poor'],
      ['@remote ne true and @level pr', 'poor'],
      ['@hired eq "2024-02-29T10:00:00Z"', 'rich'],
      ['@hired gt "2024-02-29T10:00:00.001Z"', 'nobody'],
      ['@homepage ew "/Zoe"', 'rich'],
      ['@homepage ew "/zoe"', 'nobody'],
      ['@fingerprint eq "AQID"', 'rich'],
      ['@skills eq "welding"', 'rich'],
      ['@skills co "uq"', 'nobody'],
      ['@shifts eq 3', 'rich'],
      ['@shifts gt 3', 'poor'],
      ['@shifts[value gt 3]', 'poor'],
      ['@desk.floor ge 4', 'rich'],
      ['@desk[building eq "west" and floor eq 4]', 'rich'],
      ['@assets[type eq "laptop" and cost gt 1000]', 'rich'],
      ['@assets[type eq "phone" and cost gt 1000]', 'nobody'],
      ['@assets[since lt "2024-04-01T00:00:00Z" and primary eq true]', 'rich'],
      ['@assets.cost eq 300', 'rich'],
      ['@assets eq "p-1"', 'rich'],
      ['@essay pr', 'rich'],
      ['@computed pr', 'nobody'],
    ])('should find by %s, behind the URN and by its bare name: %s', async (filter, who) => {
      for (const prefix of [`${CONTOSO}:`, `${CONTOSO.toLowerCase()}:`, '']) {
        const text = filter.replaceAll('@', prefix);
        expect([text, (await own.find(text)).Resources.map(({ id }) => id)]).toEqual([text, people[who]]);
      }
    });
  });

  it.each(['vault eq "unseen"', 'hint pr', 'remote gt true', `${CONTOSO}:nothing eq "x"`])(
    'should refuse the filter %s',
    async (filter) => {
      const answer = await tenant.send('GET', `/Users?filter=${encodeURIComponent(filter)}`);
      expectScimError(answer, 400, 'invalidFilter');
    },
  );

  it('should work for groups, beside their members', async () => {
    const member = await tenant.createUser(plainUser(uniqueAddress()));
    const values = {
      costCentre: '4130',
      rooms: [
        { value: 'R1', seats: 6 },
        { value: 'R2', seats: 2 },
      ],
    };
    const group = (await tenant.createGroup({
      displayName: 'Post',
      members: [{ value: member.id }],
      [TEAM]: values,
    })) as unknown as Extended;
    expect([group.schemas, group[TEAM]]).toEqual([[CORE_GROUP, TEAM], values]);
    const plain = await tenant.createGroup({ displayName: 'Plain' });
    for (const [filter, ids] of [
      [`${TEAM}:costCentre eq "4130"`, [group.id]],
      [`${TEAM}:rooms[value eq "r1" and seats gt 5]`, [group.id]],
      ['rooms[value eq "r2" and seats gt 5]', []],
      [`schemas eq "${TEAM}"`, [group.id]],
      [`not (costCentre pr)`, [plain.id]],
    ] as const) {
      expect([filter, (await tenant.findGroups(filter)).Resources.map(({ id }) => id)]).toEqual([filter, ids]);
    }
    const answer = await tenant.patchGroup(
      group.id,
      { op: 'add', path: `${TEAM}:rooms[value eq "R2"].seats`, value: 3 },
      { op: 'replace', value: { [TEAM]: { costCentre: '1' } } },
      { op: 'remove', path: 'members', value: [{ value: member.id }] },
    );
    expect(answer.status).toBe(204);
    const changed = (await tenant.readGroup(group.id)) as unknown as Extended;
    expect(changed[TEAM]).toEqual({
      costCentre: '1',
      rooms: [
        { value: 'R1', seats: 6 },
        { value: 'R2', seats: 3 },
      ],
    });
    expect(changed).not.toHaveProperty('members');
  });

  it('should be shown by discovery, with all defaults, and only to their tenant', async () => {
    const read = async (client: TenantClient, path: string) => (await client.send('GET', path)).body as Extended;
    const ids = async (client: TenantClient) =>
      ((await read(client, '/Schemas'))['Resources'] as unknown as readonly { id: string }[]).map(({ id }) => id);
    const types = async (client: TenantClient) =>
      ((await read(client, '/ResourceTypes'))['Resources'] as unknown as readonly { schemaExtensions: unknown }[]).map(
        ({ schemaExtensions }) => schemaExtensions,
      );
    const enterprise = { schema: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', required: false };
    const [before, withOwn] = [await ids(other), await ids(tenant)];
    expect([...withOwn].sort()).toEqual([...before, CONTOSO, TEAM].sort());
    expect(await types(tenant)).toEqual([
      [enterprise, { schema: CONTOSO, required: false }],
      [{ schema: TEAM, required: false }],
    ]);
    expect(await types(other)).toEqual([[enterprise], []]);
    const path = `/Schemas/${CONTOSO.toLowerCase()}`;
    expectScimError(await other.send('GET', path), 404);
    const shown = (await read(tenant, path)) as unknown as typeof contosoSchema;
    const { attributes, ...document } = contosoSchema;
    expect(shown).toMatchObject(document);
    expect(shown.attributes).toHaveLength(attributes.length);
    expect(shown.attributes).toMatchObject(attributes);
    expect(shown.attributes[1]).toEqual({
      name: 'doorCode', type: 'string', multiValued: false, description: '', required: false, caseExact: true,
      mutability: 'readWrite', returned: 'default', uniqueness: 'none',
    }); // prettier-ignore
  });

  it('should mean nothing to other tenants', async () => {
    const body = extended();
    const user = (await other.createUser(body)) as Extended;
    expect([user.schemas, user[CONTOSO]]).toEqual([[CORE_USER], undefined]);
    expectScimError(await other.send('GET', `/Users?filter=${CONTOSO}:badge%20pr`), 400, 'invalidFilter');
    const patch = await patched(other, user.id, { op: 'add', path: `${CONTOSO}:badge`, value: 'B-1' });
    expect(patch).toEqual(user);
  });

  it('should be effective at once here, and be gone at once when it is retired, with nothing lost', async () => {
    const own = await open();
    await register(own, teamSchema, { resourceType: 'Group' });
    const user = await create(own);
    const untouched = await create(own, { badge: 'B-2' });
    const group = await own.createGroup({ displayName: 'Post', [TEAM]: { costCentre: '1' } });
    for (const urn of [CONTOSO, TEAM]) expect((await retire(own, urn)).status).toBe(204);

    const bare = (await own.readUser(user.id)) as Extended;
    expect([bare.schemas, bare[CONTOSO]]).toEqual([[CORE_USER], undefined]);
    expect((await own.find(`schemas eq "${CONTOSO}" or schemas ew "Contoso:2.0:User"`)).totalResults).toBe(0);
    expectScimError(await own.send('GET', `/Users?filter=${CONTOSO}:badge%20pr`), 400, 'invalidFilter');
    expectScimError(await own.send('GET', `/Schemas/${CONTOSO}`), 404);
    await patched(own, user.id, { op: 'replace', path: 'title', value: 'Boss' }, { op: 'remove', path: CONTOSO });
    const put = plainUser(user.userName, { title: 'Chief', [CONTOSO]: { badge: 'changed' } });
    expect((await own.send('PUT', `/Users/${user.id}`, { body: put })).status).toBe(200);
    const body = { displayName: 'Renamed', members: [{ value: user.id }] };
    expect((await own.send('PUT', `/Groups/${group.id}`, { body })).status).toBe(200);

    await register(own, contosoSchema);
    await register(own, teamSchema, { resourceType: 'Group' });
    expect(await own.readUser(user.id)).toMatchObject({
      title: 'Chief',
      schemas: [CORE_USER, CONTOSO],
      [CONTOSO]: kept,
    });
    expect(await own.readUser(untouched.id)).toEqual(untouched);
    expect(await own.readGroup(group.id)).toMatchObject({ displayName: 'Renamed', [TEAM]: { costCentre: '1' } });
    for (const filter of [`${CONTOSO}:badge eq "b-77"`, `schemas eq "${CONTOSO}" and userName eq "${user.userName}"`])
      expect((await own.find(filter)).Resources.map(({ id }) => id)).toEqual([user.id]);
    expect((await own.findGroups('costCentre eq "1"')).Resources.map(({ id }) => id)).toEqual([group.id]);
  });

  it('should be required of what is created and replaced, and of nobody who is only patched', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const before = await own.createUser(plainUser(uniqueAddress()));
    const required = { name: 'badge', required: true };
    const desk = {
      name: 'desk',
      type: 'complex',
      subAttributes: [{ name: 'floor', required: true }, { name: 'seat' }],
    };
    await register(
      own,
      { ...contosoSchema, attributes: [required, desk, { name: 'level', type: 'integer' }] },
      { required: true },
    );

    const detail = async (method: string, path: string, body: object) =>
      expectScimError(await own.send(method, path, { body }), 400, 'invalidValue');
    expect(await detail('POST', '/Users', plainUser(uniqueAddress()))).toBe(`${CONTOSO} is required.`);
    expect(await detail('POST', '/Users', extended({ level: 1 }))).toBe(`${CONTOSO}:badge is required.`);
    expect(await detail('POST', '/Users', extended({ badge: ' ' }))).toBe(`${CONTOSO}:badge must not be blank.`);
    expect(await detail('POST', '/Users', extended({ badge: 'B', desk: { seat: '1' } }))).toBe(
      `${CONTOSO}:desk.floor is required.`,
    );
    expect(await detail('PUT', `/Users/${before.id}`, plainUser(before.userName))).toBe(`${CONTOSO} is required.`);

    await patched(own, before.id, { op: 'replace', path: 'active', value: 'False' });
    expect((await patched(own, before.id, { op: 'add', path: 'level', value: 2 }))[CONTOSO]).toEqual({ level: 2 });
    await patched(own, before.id, { op: 'add', path: `${CONTOSO}:badge`, value: 'B-1' });
    for (const path of ['badge', CONTOSO]) {
      const body = { schemas: [PATCH_OP], Operations: [{ op: 'remove', path }] };
      const refused = await own.send('PATCH', `/Users/${before.id}`, { body });
      expect(expectScimError(refused, 400, 'mutability')).toMatch(/required/);
    }
  });
});
