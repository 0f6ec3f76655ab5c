import { beforeAll, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import {
  groupResourceType,
  matches,
  parseFilter,
  type ResolvedFilter,
  resolveFilter,
  type ResourceType,
  SCHEMA_URNS,
  type ScimResource,
  userResourceType,
} from '@cleanmail/scim';
import { type Group, groupToScim, toScim, type User } from '@cleanmail/users';
import fc from 'fast-check';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, groupCommand } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';

const filtersAnEngine = 600;
const names = [
  'Anna',
  'anna ',
  'ANNA x',
  'Ännä',
  'a\u0308nna 2',
  'straße',
  '😀',
  '%',
  "o'Neil",
  '\\',
  'z'.repeat(300),
  ' b',
] as const;
const textOperators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const; // prettier-ignore

/** A filter as text, over comparisons of the given paths; half of the values are ones that occur. */
function filters(paths: readonly string[], present: readonly string[], ids: readonly string[]): fc.Arbitrary<string> {
  const value = fc.constantFrom(...names, ...ids, 'User', 'group', 'direct', '', 'nobody').map((text) => JSON.stringify(text));
  const comparison = fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...textOperators), value)
    .map((parts) => parts.join(' '));
  const presence = fc.constantFrom(...present).map((path) => `${path} pr`);
  return fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      { weight: 4, arbitrary: comparison },
      presence,
      tie('tree').map((inner) => `not (${inner})`),
      fc.tuple(tie('tree'), fc.constantFrom('and', 'or'), tie('tree')).map(([a, word, b]) => `(${a}) ${word} (${b})`),
    ),
  })).tree;
} // prettier-ignore

describeEachEngine('filters on members in SQL and in memory', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;
  let groups: readonly Group[];
  let users: readonly User[];

  beforeAll(async () => {
    tenant = await createTenant(libs());
    const ids: string[] = [];
    for (let index = 0; index < 10; index += 1) {
      ids.push((await libs().users.create(tenant, command(), { userName: `user ${index}` })).id);
    }
    for (const [index, displayName] of names.entries()) {
      const members = ids.filter((_, place) => (place * 7 + index) % 5 === 0 && index % 4 !== 3 && place < 9);
      const body = { displayName, members, ...(index % 2 === 0 ? { externalId: names[index % 5] } : {}) };
      const { id } = await libs().groups.create(tenant, groupCommand(), body);
      if (index % 3 === 0) ids.push(id);
    }
    const page = { startIndex: 1, count: 500 };
    ({ groups } = await libs().groups.list(tenant, { ...page, withMembers: true }));
    ({ users } = await libs().users.list(tenant, { ...page, withGroups: true }));
  });

  function expected<T extends { readonly id: string }>(
    all: readonly T[],
    filter: ResolvedFilter,
    render: (each: T) => ScimResource,
  ): readonly string[] {
    return all.filter((each) => matches(filter, render(each))).map(({ id }) => id);
  }

  async function expectSame(text: string, type: ResourceType): Promise<number> {
    const filter = resolveFilter(parseFilter(text), type);
    const page = { filter, startIndex: 1, count: 500 };
    const inMemory =
      type === groupResourceType
        ? expected(groups, filter, (group) => groupToScim(group, type, 'https://host'))
        : expected(users, filter, (user) => toScim(user, type, 'https://host'));
    const found =
      type === groupResourceType
        ? (await libs().groups.list(tenant, page)).groups
        : (await libs().users.list(tenant, page)).users;
    expect({ text, ids: found.map(({ id }) => id) }).toEqual({ text, ids: inMemory });
    return inMemory.length;
  }

  async function expectAgreement(drawn: readonly string[], type: ResourceType, all: readonly unknown[]): Promise<void> {
    let telling = 0;
    for (const text of drawn) {
      const count = await expectSame(text, type);
      telling += count > 0 && count < all.length ? 1 : 0;
    }
    expect(telling).toBeGreaterThan(drawn.length / 4);
  }

  it(`should agree on ${filtersAnEngine} random filters of groups`, async () => {
    const paths = ['id', 'displayName', 'externalId', 'members', 'members.value', 'members.type', 'meta.resourceType', 'schemas'];
    const present = [...paths, 'meta'];
    const parts = filters(['value', 'type'], ['value', 'type'], users.map(({ id }) => id));
    const whole = filters(paths, present, [...users, ...groups].map(({ id }) => id));
    const drawn = fc.sample(fc.oneof(whole, parts.map((inner) => `members[${inner}]`)), { numRuns: filtersAnEngine, seed: 7643 });
    await expectAgreement(drawn, groupResourceType, groups);
  }); // prettier-ignore

  it(`should agree on ${filtersAnEngine} random filters of users by their groups`, async () => {
    const paths = ['id', 'userName', 'groups', 'groups.value', 'groups.display', 'groups.type'];
    const ids = groups.map(({ id }) => id);
    const parts = filters(['value', 'display', 'type'], ['value', 'display'], ids);
    const whole = filters(paths, paths, ids);
    const drawn = fc.sample(fc.oneof(whole, parts.map((inner) => `groups[${inner}]`)), { numRuns: filtersAnEngine, seed: 7644 });
    await expectAgreement(drawn, userResourceType, users);
  }); // prettier-ignore

  it.each([
    ['a group without members', 'not (members pr)'],
    ['a group with members', 'members pr and members.value pr'],
    ['a group by its schema', `schemas eq "${SCHEMA_URNS.group.toUpperCase()}"`],
    ['a group by another schema', `schemas eq "${SCHEMA_URNS.user}" or schemas[value co "User"]`],
    ['a group by its schema in brackets', `schemas[value eq "${SCHEMA_URNS.group}"]`],
    ['a nested group', 'members[type eq "Group"] and members.type eq "USER"'],
    ['an element without its type', 'members[type eq null]'],
    ['a comparison with null', 'members eq null or externalId eq null'],
    ['an instant', 'meta.created gt "2020-01-01T00:00:00Z" and meta.lastModified le "2999-01-01T00:00:00Z"'],
  ])('should agree on %s', async (_, text) => {
    await expectSame(text, groupResourceType);
  });

  it.each(['members.display eq "x"', 'members.$ref pr', 'members[display pr]', 'meta.location pr'])(
    'should refuse %s',
    async (text) => {
      await expect(expectSame(text, groupResourceType)).rejects.toMatchObject({ scimType: 'invalidFilter' });
    },
  );
});
