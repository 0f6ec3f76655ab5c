import { beforeAll, expect, it } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import { groupResourceType, parseFilter, type ResolvedFilter, resolveFilter, userResourceType } from '@cleanmail/scim';
import type { Group } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, groupCommand, patchBody } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';
import { dumpOfTenant, query } from '../support/rows.js';

type Operation = Readonly<Record<string, unknown>>;

describeEachEngine('groups of a tenant', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;
  let stranger: TenantId;
  /** Users of the tenant, in the order of their ids. */
  let people: readonly string[];

  beforeAll(async () => {
    tenant = await createTenant(libs());
    stranger = await createTenant(libs());
    const ids: string[] = [];
    for (let count = 0; count < 8; count += 1) ids.push(await createUser());
    people = ids.sort();
  });

  const person = (index: number): string => people[index] ?? '';
  const name = (): string => `Group ${newId()}`;
  const valuesOf = (ids: readonly string[]): readonly object[] => ids.map((value) => ({ value }));

  async function createUser(of: TenantId = tenant): Promise<string> {
    return (await libs().users.create(of, command(), { userName: `${newId()}@free.example` })).id;
  }

  function create(members: readonly string[] = [], body: object = {}, of: TenantId = tenant): Promise<Group> {
    return libs().groups.create(of, groupCommand(), { displayName: name(), members: valuesOf(members), ...body });
  }

  function patch(id: string, ...operations: readonly Operation[]): Promise<Group> {
    return libs().groups.modify(tenant, groupCommand(), id, patchBody(...operations));
  }

  function read(id: string): Promise<Group> {
    return libs().groups.get(tenant, id, { withMembers: true });
  }

  async function membersOf(id: string): Promise<readonly string[]> {
    return ((await read(id)).members ?? []).map((member) => member.id);
  }

  async function groupsOf(id: string): Promise<readonly string[]> {
    return ((await libs().users.get(tenant, id, { withGroups: true })).groups ?? []).map(({ groupId }) => groupId);
  }

  function filter(text: string, type = groupResourceType): ResolvedFilter {
    return resolveFilter(parseFilter(text), type);
  }

  async function idsOf(text: string, of: TenantId = tenant): Promise<readonly string[]> {
    const { groups, totalResults } = await libs().groups.list(of, { filter: filter(text), startIndex: 1, count: 500 });
    expect(totalResults).toBe(groups.length);
    return groups.map(({ id }) => id);
  }

  const add = (...ids: readonly string[]): Operation => ({ op: 'add', path: 'members', value: valuesOf(ids) });
  const drop = (...ids: readonly string[]): Operation => ({ op: 'remove', path: 'members', value: valuesOf(ids) });
  const dropOne = (id: string): Operation => ({ op: 'remove', path: `members[value eq "${id}"]` });

  it('should give back what was created, at once and when read again', async () => {
    const created = await create([person(1), person(0), person(1)], { externalId: 'Ext' });
    const members = [person(0), person(1)].map((id) => ({ id, type: 'User' }));
    expect(created).toMatchObject({ version: 1, members, resource: { externalId: 'Ext' } });
    expect(await read(created.id)).toEqual(created);
    expect(await libs().groups.get(tenant, created.id)).toEqual({ ...created, members: undefined });
  });

  it.each<[string, readonly number[], (p: typeof person) => readonly Operation[], readonly number[]]>([
    ['add one', [0], (p) => [add(p(1))], [0, 1]],
    ['add several in one operation', [0], (p) => [add(p(1), p(2), p(3))], [0, 1, 2, 3]],
    ['add with $ref null and as a bare text', [], (p) => [{ op: 'Add', path: 'members', value: [{ $ref: null, value: p(0) }, p(1)] }], [0, 1]],
    ['remove by member array', [0, 1, 2], (p) => [drop(p(0), p(2))], [1]],
    ['remove by value path', [0, 1], (p) => [dropOne(p(0))], [1]],
    ['remove by many value paths', [0, 1, 2], (p) => [dropOne(p(0)), dropOne(p(2)), dropOne('nobody')], [1]],
    ['replace', [0, 1, 2], (p) => [{ op: 'replace', path: 'members', value: valuesOf([p(2), p(3)]) }], [2, 3]],
    ['replace by nobody', [0, 1], () => [{ op: 'replace', path: 'members', value: [] }], []],
    ['remove all', [0, 1], () => [{ op: 'remove', path: 'members' }], []],
    ['add and remove in one request', [0], (p) => [add(p(1), p(2)), dropOne(p(2)), drop(p(0))], [1]],
    ['replace, then add and remove', [0, 1], (p) => [{ op: 'replace', path: 'members', value: [p(2), p(3)] }, add(p(4)), drop(p(2))], [3, 4]],
    ['remove by another part', [0, 1], () => [{ op: 'remove', path: 'members[type eq "User"]' }], []],
    ['remove by a negation, after an addition', [0, 1], (p) => [add(p(2)), { op: 'remove', path: `members[not (value eq "${p(2)}")]` }], [2]],
  ])('should %s', async (_, before, operations, after) => {
    const group = await create(before.map(person), { externalId: 'kept' });
    const patched = await patch(group.id, ...operations(person));
    expect(patched.members?.map(({ id }) => id)).toEqual(after.map(person));
    expect(await read(group.id)).toEqual(patched);
    expect(patched).toMatchObject({ version: 2, resource: group.resource, createdAt: group.createdAt });
    expect(patched.lastModified).toBeGreaterThan(group.lastModified);
    for (const [index, id] of people.entries()) {
      expect((await groupsOf(id)).includes(group.id)).toBe(after.includes(index));
    }
  }); // prettier-ignore

  it.each<[string, (p: typeof person) => readonly Operation[]]>([
    ['add who is there', (p) => [add(p(0)), add(p(0), p(1))]],
    ['remove who is not there', (p) => [drop(p(5)), dropOne('nobody'), dropOne('x'.repeat(2000))]],
    ['replace by the same', (p) => [{ op: 'replace', path: 'members', value: [p(1), p(0)] }]],
    ['take back what they add', (p) => [add(p(5)), dropOne(p(5))]],
    ['set attributes to what they are', () => [{ op: 'replace', value: { externalId: 'same' } }]],
    ['name a part that is not kept', (p) => [{ op: 'replace', path: `members[value eq "${p(0)}"].display`, value: 'P' }]],
  ])('should make no new version of operations that %s', async (_, operations) => {
    const group = await create([person(0), person(1)], { externalId: 'same' });
    expect(await patch(group.id, ...operations(person))).toEqual(group);
    expect(await read(group.id)).toEqual(group);
  }); // prettier-ignore

  it('should replace and keep members across batches', async () => {
    const many: string[] = [];
    for (let count = 0; count < 130; count += 1) many.push(await createUser());
    const group = await create(many);
    expect(await membersOf(group.id)).toEqual([...many].sort());
    const kept = [...many.filter((_, index) => index % 3 !== 0), ...people];
    await patch(group.id, { op: 'replace', path: 'members', value: valuesOf(kept) });
    expect(await membersOf(group.id)).toEqual([...kept].sort());
    await patch(group.id, drop(...many));
    expect(await membersOf(group.id)).toEqual(people);
  });

  it('should replace attributes and members by PUT, and leave nobody when it names nobody', async () => {
    const group = await create([person(0), person(1)], { externalId: 'gone' });
    const body = { displayName: name(), members: valuesOf([person(1), person(2)]) };
    const replaced = await libs().groups.replace(tenant, groupCommand(), group.id, body);
    expect(replaced.resource).toEqual({ displayName: body.displayName });
    expect(await membersOf(group.id)).toEqual([person(1), person(2)]);
    const emptied = await libs().groups.replace(tenant, groupCommand(), group.id, { displayName: body.displayName });
    expect(emptied).toMatchObject({ version: 3, members: [] });
  });

  it('should refuse members that do not exist, name five of them, and change nothing', async () => {
    const group = await create([person(0)]);
    const foreign = await createUser(stranger);
    const unknown = ['a', 'b', 'c', 'd', 'e', 'f', foreign];
    const before = await dumpOfTenant(libs().database, tenant);
    const rename = { op: 'replace', path: 'displayName', value: name() };
    const attempts = [
      () => patch(group.id, rename, drop(person(0)), add(person(1), ...unknown)),
      () => patch(group.id, rename, { op: 'replace', path: 'members', value: valuesOf(unknown) }),
      () => libs().groups.replace(tenant, groupCommand(), group.id, { displayName: name(), members: valuesOf(unknown) }),
      () => create(unknown),
    ];
    for (const attempt of attempts) {
      const refused = { status: 400, scimType: 'invalidValue', detail: expect.stringMatching(/".+", ".+", ".+", ".+", ".+" and 2 more/) };
      await expect(attempt()).rejects.toMatchObject(refused);
    }
    await expect(patch(group.id, add(foreign))).rejects.toMatchObject({ detail: expect.stringContaining(foreign) });
    expect(await dumpOfTenant(libs().database, tenant)).toBe(before);
  }); // prettier-ignore

  it('should take groups as members, but not the group itself', async () => {
    const inner = await create([person(0)]);
    const outer = await create([inner.id, person(1)]);
    expect(outer.members).toContainEqual({ id: inner.id, type: 'Group' });
    await patch(inner.id, add(outer.id));
    await expect(patch(outer.id, add(outer.id))).rejects.toMatchObject({ status: 400, scimType: 'invalidValue' });
    const { version } = await read(outer.id);
    await libs().groups.delete(tenant, groupCommand(), inner.id);
    expect(await membersOf(outer.id)).toEqual([person(1)]);
    expect((await read(outer.id)).version).toBe(version + 1);
    expect(await groupsOf(person(0))).not.toContain(inner.id);
    expect(await query(libs().database, 'SELECT * FROM scim_group_member WHERE group_id = ? OR member_id = ?', [inner.id, inner.id])).toEqual([]);
  }); // prettier-ignore

  it('should hold displayName unique without regard to case, and externalId not', async () => {
    const displayName = `Ärzte ${name()}`;
    const group = await create([], { displayName, externalId: 'twice' });
    await create([], { externalId: 'twice' });
    const other = await create();
    const taken = { status: 409, scimType: 'uniqueness' };
    await expect(create([], { displayName: displayName.toUpperCase() })).rejects.toMatchObject(taken);
    const rename = { op: 'replace', path: 'displayName', value: displayName.toLowerCase() };
    await expect(patch(other.id, rename, add(person(0)))).rejects.toMatchObject(taken);
    expect(await read(other.id)).toEqual(other);
    expect(await create([], { displayName }, stranger)).toMatchObject({ version: 1 });
    await patch(group.id, rename);
    await libs().groups.delete(tenant, groupCommand(), group.id);
    expect(await create([], { displayName })).toMatchObject({ version: 1 });
  });

  it('should let one of 100 parallel creates of one displayName through', async () => {
    const displayName = name();
    const attempts = Array.from({ length: 100 }, (_, index) =>
      create([person(index % 8)], { displayName: index % 2 === 0 ? displayName : displayName.toUpperCase() }),
    );
    const outcomes = await Promise.allSettled(attempts);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refused).toHaveLength(99);
    for (const error of refused) expect(error).toMatchObject({ status: 409, scimType: 'uniqueness' });
    expect(await idsOf(`displayName eq "${displayName}"`)).toHaveLength(1);
  });

  it('should lose no member of parallel PATCHes, each of which is one version', async () => {
    const group = await create([person(5), person(6), person(7)]);
    const additions = [0, 1, 2, 3, 4].map((index) => patch(group.id, add(person(index))));
    const removals = [5, 6].map((index) => patch(group.id, dropOne(person(index))));
    await Promise.all([...additions, ...removals]);
    expect(await membersOf(group.id)).toEqual([0, 1, 2, 3, 4, 7].map(person));
    expect((await read(group.id)).version).toBe(8);
  });

  it('should end the memberships of a deleted user; its groups move on to their next version', async () => {
    const user = await createUser();
    const groups = [await create([user, person(0)]), await create([user]), await create([person(0)])];
    await libs().users.delete(tenant, command(), user);
    const after = await Promise.all(groups.map(({ id }) => read(id)));
    expect(after.map(({ version }) => version)).toEqual([2, 2, 1]);
    expect(after.map(({ members }) => members?.map(({ id }) => id))).toEqual([[person(0)], [], [person(0)]]);
    for (const [index, { lastModified }] of after.entries()) {
      expect(lastModified > (groups[index]?.lastModified ?? 0)).toBe(index < 2);
    }
  });

  it('should not leave a membership of a user who is deleted while it is added', async () => {
    for (let round = 0; round < 10; round += 1) {
      const user = await createUser();
      const group = await create([person(0)]);
      const addition = patch(group.id, add(user)).catch((error: unknown) => error);
      const deletion = libs().users.delete(tenant, command(), user);
      const [outcome] = await Promise.all([addition, deletion]);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ status: 400, scimType: 'invalidValue' });
      expect(await membersOf(group.id)).toEqual([person(0)]);
    }
  });

  it('should write only a version that the client accepts', async () => {
    const group = await create([person(0)]);
    const refusing = groupCommand((tag) => tag === 'W/"7"');
    const { groups } = libs();
    const attempts = [
      () => groups.modify(tenant, refusing, group.id, patchBody(add(person(1)))),
      () => groups.replace(tenant, refusing, group.id, { displayName: name() }),
      () => groups.delete(tenant, refusing, group.id),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ status: 412 });
    expect(await read(group.id)).toEqual(group);
    const accepting = groupCommand((tag) => tag === 'W/"1"');
    expect(await groups.modify(tenant, accepting, group.id, patchBody(add(person(1))))).toMatchObject({ version: 2 });
  });

  it('should log what was written, in the same transaction', async () => {
    const created = groupCommand();
    const group = await libs().groups.create(tenant, created, { displayName: name(), members: valuesOf([person(0)]) });
    const patched = groupCommand();
    await libs().groups.modify(tenant, patched, group.id, patchBody(add(person(1)), { op: 'replace', path: 'externalId', value: 'e' }));
    const refused = groupCommand();
    await libs().groups.modify(tenant, refused, group.id, patchBody(add('nobody'))).catch(() => undefined);
    const entries = await libs().log.list(tenant, { user: group.id, limit: 10 });
    expect(entries.map(({ id, changes, resourceType }) => ({ id, changes, resourceType }))).toEqual([
      { id: patched.request.logId, changes: ['externalId', 'members'], resourceType: 'Group' },
      { id: created.request.logId, changes: ['displayName', 'members'], resourceType: 'Group' },
    ]);
  }); // prettier-ignore

  it('should not be there for another tenant, whatever it asks', async () => {
    const group = await create([person(0)]);
    const before = await dumpOfTenant(libs().database, tenant);
    const { groups } = libs();
    const attempts = [
      () => groups.get(stranger, group.id, { withMembers: true }),
      () => groups.modify(stranger, groupCommand(), group.id, patchBody(drop(person(0)))),
      () => groups.replace(stranger, groupCommand(), group.id, { displayName: name() }),
      () => groups.delete(stranger, groupCommand(), group.id),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ status: 404 });
    for (const text of [`id eq "${group.id}"`, `members.value eq "${person(0)}"`, 'members pr'])
      expect(await idsOf(text, stranger)).toEqual([]);
    await expect(create([person(0)], {}, stranger)).rejects.toMatchObject({ status: 400 });
    await expect(create([group.id], {}, stranger)).rejects.toMatchObject({ status: 400 });
    expect(await dumpOfTenant(libs().database, tenant)).toBe(before);
  });

  it('should not touch the rows of members unless the answer shows them', async () => {
    const group = await create([person(0)]);
    const { database, groups, users } = libs();
    const rename = (from: string, to: string) =>
      database.read((session) => session.run(`ALTER TABLE ${from} RENAME TO ${to}`));
    await rename('scim_group_member', 'put_away');
    try {
      expect(await groups.get(tenant, group.id)).toMatchObject({ version: 1 });
      const page = { filter: filter(`id eq "${group.id}"`), startIndex: 1, count: 10 };
      expect(await groups.list(tenant, page)).toMatchObject({ totalResults: 1 });
      await groups.modify(tenant, { ...groupCommand(), withMembers: false }, group.id, patchBody({ op: 'replace', path: 'externalId', value: 'e' }));
      expect(await users.get(tenant, person(0))).not.toHaveProperty('groups');
      const missing = { message: expect.stringContaining('scim_group_member') };
      await expect(groups.get(tenant, group.id, { withMembers: true })).rejects.toMatchObject(missing);
    } finally {
      await rename('put_away', 'scim_group_member');
    }
  }); // prettier-ignore

  it('should find users by their groups', async () => {
    const group = await create([person(2), person(3)]);
    const users = async (text: string): Promise<readonly string[]> => {
      const page = { filter: filter(text, userResourceType), startIndex: 1, count: 500, withGroups: true };
      const list = await libs().users.list(tenant, page);
      expect(list.totalResults).toBe(list.users.length);
      return list.users.map(({ id }) => id);
    };
    const both = [person(2), person(3)];
    expect(await users(`groups.value eq "${group.id}"`)).toEqual(both);
    expect(await users(`groups eq "${group.id}" and groups.type eq "DIRECT"`)).toEqual(both);
    expect(await users(`groups[value eq "${group.id}" and display sw "group"]`)).toEqual(both);
    expect(await users(`groups.value eq "${group.id}" and not (groups pr)`)).toEqual([]);
    expect(await users(`groups.value eq "${newId()}"`)).toEqual([]);
  });
});
