import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '@cleanmail/config';
import { newId, openDatabase } from '@cleanmail/database';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import type { PatchOperation, ScimGroup, ScimList } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { createMigratedDatabaseUrl, describeEachEngine, dropDatabase } from '../../support/engines/index.js';
import { startService, type ServiceUnderTest } from '../../support/service.js';
import { noteForSummary } from '../../support/summary-notes.js';

const size = 50_000;
const inOneRequest = 10_000;
const rowsAStatement = 500;

describeEachEngine(`a group of ${size} members`, (engine) => {
  let databaseUrl: string;
  let service: ServiceUnderTest;
  let tenant: TenantClient;
  let group: ScimGroup;
  let ids: readonly string[];
  const timings: string[] = [];

  beforeAll(async () => {
    databaseUrl = await createMigratedDatabaseUrl(engine);
    service = await startService({ databaseUrl });
    tenant = await TenantClient.open(service, 'cleanmail');
    ids = await fillWithUsers(databaseUrl, tenant.tenant.id);
    group = await tenant.createGroup({ displayName: 'Everybody' });
  });
  afterAll(async () => {
    await service?.stop();
    if (databaseUrl !== undefined)
      await dropDatabase(databaseUrl, { unverified: 'the members are written past their service' });
    noteForSummary(`A group of ${size} members on ${engine.name}: ${timings.join('; ')}`);
  });

  async function timed(what: string, send: () => Promise<Exchange>, status: number): Promise<Exchange> {
    const start = performance.now();
    const answer = await send();
    timings.push(`${what} ${Math.round(performance.now() - start)} ms`);
    expect([answer.status, answer.status === status ? '' : answer.text]).toEqual([status, '']);
    return answer;
  }

  const patch = (...operations: PatchOperation[]): Promise<Exchange> => tenant.patchGroup(group.id, ...operations);
  const valuesOf = (some: readonly string[]): readonly object[] => some.map((value) => ({ value }));

  it('should be filled by few requests', async () => {
    for (let start = 0; start < size; start += inOneRequest) {
      const value = valuesOf(ids.slice(start, start + inOneRequest));
      await timed(`add ${inOneRequest}`, () => patch({ op: 'add', path: 'members', value }), 204);
    }
    const { members } = await tenant.readGroup(group.id);
    expect(members?.map(({ value }) => value)).toEqual(ids);
  });

  it('should take and give up one member, and be found, without a look at the others', async () => {
    const { id } = await tenant.createUser(plainUser(uniqueAddress()));
    const one = `members[value eq "${id}"]`;
    await timed('add one', () => patch({ op: 'Add', path: 'members', value: [{ $ref: null, value: id }] }), 204);
    expect((await tenant.readUser(id)).groups?.map(({ value }) => value)).toEqual([group.id]);
    await timed('remove one by value path', () => patch({ op: 'remove', path: one }), 204);
    await patch({ op: 'Add', path: 'members', value: [{ value: id }] });
    const listed = { op: 'Remove', path: 'members', value: [{ $ref: null, value: id }] };
    await timed('remove one by member array', () => patch(listed), 204);
    expect((await tenant.readUser(id)).groups).toBeUndefined();
    const path = `/Groups/${group.id}?excludedAttributes=members`;
    const read = await timed('read without members', () => tenant.send('GET', path), 200);
    expect(read.body).not.toHaveProperty('members');
    const byName = '/Groups?excludedAttributes=members&filter=displayName+eq+%22everybody%22';
    const found = await timed('find without members', () => tenant.send('GET', byName), 200);
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: group.id }] });
    const filter = `members.value+eq+%22${ids[size / 2] ?? ''}%22&attributes=displayName`;
    const byMember = await timed('find by a member', () => tenant.send('GET', `/Groups?filter=${filter}`), 200);
    expect((byMember.body as ScimList<ScimGroup>).Resources.map((each) => each.id)).toEqual([group.id]);
  });

  it('should be read, emptied to some and ended as a whole', async () => {
    const whole = await timed('read with members', () => tenant.send('GET', `/Groups/${group.id}`), 200);
    expect((whole.body as ScimGroup).members).toHaveLength(size);
    const kept = ids.filter((_, index) => index % 10 === 0);
    const replacement = { op: 'replace', path: 'members', value: valuesOf(kept) };
    await timed(`replace by ${kept.length}`, () => patch(replacement), 204);
    expect((await tenant.readGroup(group.id)).members?.map(({ value }) => value)).toEqual(kept);
    await timed(`delete with ${kept.length}`, () => tenant.send('DELETE', `/Groups/${group.id}`), 204);
    expect((await tenant.readUser(kept[0] ?? '')).groups).toBeUndefined();
  });
});

/** Users as rows alone: fifty thousand mailboxes are not what these tests are about. Gives their ids in order. */
async function fillWithUsers(databaseUrl: string, tenant: string): Promise<readonly string[]> {
  const database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [] });
  const ids = Array.from({ length: size }, () => newId()).sort();
  const row = `(?, ?, ?, ?, 1, '{}', '{}', 1, 1700000000000, 1700000000000)`;
  const columns = 'tenant_id, id, user_name, user_name_key, active, document, search, version, created_at, last_modified';
  for (let start = 0; start < size; start += rowsAStatement) {
    const batch = ids.slice(start, start + rowsAStatement);
    const statement = `INSERT INTO scim_user (${columns}) VALUES ${batch.map(() => row).join(', ')}`;
    await database.write((session) => session.run(statement, batch.flatMap((id) => [tenant, id, id, id])));
  }
  await database.close();
  return ids;
} // prettier-ignore
