import { beforeEach, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import {
  foldCase,
  patchResource,
  schemasOf,
  ScimError,
  type ScimResource,
  searchDocument,
  userResourceType,
} from '@cleanmail/scim';
import type { User } from '@cleanmail/users';
import fc from 'fast-check';
import { asRequest, randomOperations, storedUser } from '../../../libs/scim/src/patch/spec/random-patch.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, groupCommand, patchBody } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';
import { dumpOfTenant, query } from '../support/rows.js';

const usersAnEngine = 60;
const sequencesEach = 3;

describeEachEngine('PATCH in the database and in memory', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;

  beforeEach(async () => {
    tenant = await createTenant(libs());
  });

  /** All that is kept of the tenant but the log of its requests. */
  async function keptOf(of: TenantId): Promise<unknown> {
    const tables = JSON.parse(await dumpOfTenant(libs().database, of)) as readonly (readonly [string, unknown])[];
    return Object.fromEntries(tables.filter(([table]) => table !== 'provisioning_log'));
  }

  async function logOf(of: TenantId): Promise<number> {
    const rows = await query(libs().database, 'SELECT COUNT(*) AS n FROM provisioning_log WHERE tenant_id = ?', [of]);
    return Number(rows[0]?.['n']);
  }

  function inMemory(before: User, body: unknown) {
    try {
      return { ...patchResource(before.resource, body, userResourceType), scimType: undefined };
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      return { resource: before.resource, changed: [], scimType: error.scimType };
    }
  }

  async function inDatabase(id: string, body: unknown): Promise<string | undefined> {
    try {
      await libs().users.modify(tenant, command(), id, body);
      return undefined;
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      return error.scimType;
    }
  }

  /** What is read back after a PATCH must be what the engine made of it, in the version that it is due. */
  async function expectSame(before: User, body: unknown): Promise<User> {
    const expected = inMemory(before, body);
    const scimType = await inDatabase(before.id, body);
    const after = await libs().users.get(tenant, before.id);
    const isChanged = expected.changed.length > 0;
    expect({ body, scimType, resource: after.resource, version: after.version }).toEqual({
      body,
      scimType: expected.scimType,
      resource: expected.resource,
      version: before.version + (isChanged ? 1 : 0),
    });
    expect({ body, isLater: after.lastModified > before.lastModified }).toEqual({ body, isLater: isChanged });
    return after;
  }

  async function expectDerivedRows({ id, resource }: User): Promise<void> {
    const [row] = await query(libs().database, 'SELECT search FROM scim_user WHERE tenant_id = ? AND id = ?', [tenant, id]);
    const schemas = schemasOf(resource, userResourceType);
    expect(JSON.parse(String(row?.['search']))).toEqual(searchDocument({ ...resource, schemas }, userResourceType));
    const keys = await query(libs().database, 'SELECT value_key FROM scim_user_email WHERE tenant_id = ? AND user_id = ? ORDER BY value_key', [tenant, id]);
    const emails = (resource['emails'] ?? []) as readonly ScimResource[];
    const values = emails.flatMap(({ value }) => (typeof value === 'string' ? foldCase(value) : []));
    expect(keys.map((each) => each['value_key'])).toEqual([...new Set(values)].sort());
  } // prettier-ignore

  it(`should come to the same for ${usersAnEngine * sequencesEach} sequences`, async () => {
    const drawn = fc.sample(fc.tuple(storedUser, fc.array(randomOperations, { minLength: sequencesEach, maxLength: sequencesEach })), { numRuns: usersAnEngine, seed: 35 });
    let changed = 0;
    for (const [body, sequences] of drawn) {
      let user = await libs().users.create(tenant, command(), body);
      for (const operations of sequences) user = await expectSame(user, patchBody(...operations.map((each) => ({ ...asRequest(each) }))));
      await expectDerivedRows(user);
      changed += user.version - 1;
      await libs().users.delete(tenant, command(), user.id);
    }
    expect(changed).toBeGreaterThan(usersAnEngine);
    expect(await query(libs().database, 'SELECT * FROM scim_user_email WHERE tenant_id = ?', [tenant])).toEqual([]);
  }, 240_000); // prettier-ignore

  const body = {
    userName: 'anna@x.example',
    externalId: 'e1',
    active: true,
    title: 'T',
    name: { givenName: 'Anna' },
    emails: [{ value: 'anna@x.example', type: 'work', primary: true }, { value: 'b@x.example', type: 'home' }],
  }; // prettier-ignore

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['an equal value', { op: 'replace', path: 'title', value: 'T' }],
    ['an equal value without path', { op: 'add', value: { title: 'T', active: 'True' } }],
    ['an equal userName', { op: 'replace', path: 'userName', value: 'anna@x.example' }],
    ['an element that is there', { op: 'add', path: 'emails', value: [{ value: 'ANNA@x.example', type: 'work' }] }],
    ['the same elements in another order', { op: 'replace', path: 'emails', value: [...body.emails].reverse() }],
    ['the value that the element has', { op: 'replace', path: 'emails[type eq "home"].value', value: 'b@x.example' }],
    ['the removal of what is not there', { op: 'remove', path: 'nickName' }],
    ['the removal of an element that is not there', { op: 'remove', path: 'emails[type eq "other"]' }],
    ['the removal of active', { op: 'remove', path: 'active' }],
    ['a password', { op: 'replace', path: 'password', value: 'secret' }],
    ['what no schema knows', { op: 'add', path: 'favouriteColour', value: 'blue' }],
    ['what is read-only', { op: 'replace', value: { id: 'x', groups: [{ value: 'g' }] } }],
  ])('should leave no version, no time and no event behind for %s, but its entry in the log', async (_, operation) => {
    const { id } = await libs().users.create(tenant, command(), body);
    const [before, entries] = [await keptOf(tenant), await logOf(tenant)];
    await libs().users.modify(tenant, command(), id, patchBody(operation, operation));
    expect(await keptOf(tenant)).toEqual(before);
    expect(await logOf(tenant)).toBe(entries + 1);
    const [latest] = await libs().log.list(tenant, { limit: 1 });
    expect(latest).toMatchObject({ outcome: 'success', changes: [] });
  });

  it('should leave no version, no time and no event behind for a PUT of what is there', async () => {
    const { id } = await libs().users.create(tenant, command(), body);
    const before = await keptOf(tenant);
    await libs().users.replace(tenant, command(), id, { ...body, emails: [...body.emails].reverse() });
    expect(await keptOf(tenant)).toEqual(before);
  });

  it('should leave no version and no time behind for a group that stays the same', async () => {
    const { id: user } = await libs().users.create(tenant, command(), body);
    const group = { displayName: 'Team', members: [{ value: user }] };
    const { id } = await libs().groups.create(tenant, groupCommand(), group);
    const before = await keptOf(tenant);
    const add = { op: 'add', path: 'members', value: [{ value: user }] };
    const away = { op: 'remove', path: 'members[value eq "nobody"]' };
    await libs().groups.modify(tenant, groupCommand(), id, patchBody(add, { op: 'replace', path: 'displayName', value: 'Team' }, away));
    await libs().groups.replace(tenant, groupCommand(), id, group);
    expect(await keptOf(tenant)).toEqual(before);
  }); // prettier-ignore

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['mutability', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    ['the removal of what is required', { op: 'remove', path: 'userName' }, 'mutability'],
    ['a wrong value', { op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
    ['a filter without match', { op: 'replace', path: 'emails[not (type pr)].value', value: 'x' }, 'noTarget'],
    ['a malformed path', { op: 'replace', path: 'emails[', value: 'x' }, 'invalidPath'],
  ])('should apply nothing when the last operation fails by %s', async (_, last, scimType) => {
    const { id } = await libs().users.create(tenant, command(), body);
    const before = await keptOf(tenant);
    const first = [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'new@x.example' }, { op: 'remove', path: 'title' }];
    expect(await inDatabase(id, patchBody(...first, last))).toBe(scimType);
    expect(await keptOf(tenant)).toEqual(before);
  }); // prettier-ignore
});
