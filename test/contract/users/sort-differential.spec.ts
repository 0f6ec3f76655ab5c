import { beforeAll, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import {
  compareResources,
  groupResourceType,
  parseFilter,
  type ResolvedSort,
  resolveFilter,
  resolveSort,
  matches,
  type ResourceType,
  type ScimResource,
  type SortOrder,
} from '@cleanmail/scim';
import { groupToScim, toScim } from '@cleanmail/users';
import fc from 'fast-check';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, groupCommand } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';
import { kindsUserType, sortableNames, sortableUser } from '../support/sortable-users.js';

const usersAnEngine = 60;
const orders: readonly SortOrder[] = ['ascending', 'descending'];
const filters = [undefined, 'active eq true', 'emails pr', 'not (title pr)', 'userName co "1"'];

describeEachEngine('sorting in SQL and in memory', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;
  let users: readonly ScimResource[];
  let groups: readonly ScimResource[];

  beforeAll(async () => {
    tenant = await createTenant(libs());
    const stranger = await createTenant(libs());
    const ids: string[] = [];
    for (const [index, generated] of fc.sample(sortableUser, { numRuns: usersAnEngine, seed: 7644 }).entries()) {
      const wanted = { ...generated, userName: `${[...'aÄbZ😀'].slice((index * 3) % 5).join('')} ${index}` };
      for (const owner of [stranger, tenant]) {
        const user = await libs().users.create(owner, { ...command(), userType: kindsUserType }, wanted);
        if (owner === tenant) ids.push(user.id);
      }
    }
    for (const [index, name] of ['Sales', 'sales 2', 'Ärzte', 'arzt', '😀', '\uffef'].entries()) {
      const members = ids.filter((_, user) => user % 7 < index).map((value) => ({ value }));
      const externalId = index % 2 === 0 ? { externalId: name } : {};
      await libs().groups.create(tenant, groupCommand(), {
        displayName: name,
        members: members.reverse(),
        ...externalId,
      });
    }
    const all = { startIndex: 1, count: 500 };
    const listed = await libs().users.list(tenant, { ...all, withGroups: true });
    users = listed.users.map((user) => toScim(user, kindsUserType, 'https://host'));
    const listedGroups = await libs().groups.list(tenant, { ...all, withMembers: true });
    groups = listedGroups.groups.map((group) => groupToScim(group, groupResourceType, 'https://host'));
  });

  function sortOf(sortBy: string, order: SortOrder, type: ResourceType): ResolvedSort {
    const target = resolveSort(sortBy, order, [type])?.targets.get(type);
    if (target === undefined) throw new Error(`${sortBy} is not known`);
    return { target, order };
  }

  it('should agree on every attribute of a user, in both orders, with and without a filter', async () => {
    expect(users).toHaveLength(usersAnEngine);
    for (const [index, sortBy] of sortableNames.entries()) {
      for (const order of orders) {
        const sort = sortOf(sortBy, order, kindsUserType);
        const text = filters[(index + order.length) % filters.length];
        for (const filterText of new Set([undefined, text])) {
          const filter = filterText === undefined ? undefined : resolveFilter(parseFilter(filterText), kindsUserType);
          const wanted = users.filter((user) => filter === undefined || matches(filter, user));
          const page = { sort, startIndex: 1, count: 500, ...(filter === undefined ? {} : { filter }) };
          const found = await libs().users.list(tenant, page);
          expect({ sortBy, order, filterText, ids: found.users.map(({ id }) => id) }).toEqual({
            sortBy,
            order,
            filterText,
            ids: [...wanted].sort(compareResources(sort)).map(({ id }) => id),
          });
          expect(found.totalResults).toBe(wanted.length);
        }
      }
    }
  });

  it('should agree on every attribute of a group', async () => {
    for (const sortBy of [
      'id',
      'displayName',
      'externalId',
      'members',
      'members.value',
      'members.type',
      'meta.created',
      'meta.lastModified',
      'schemas',
    ]) {
      for (const order of orders) {
        const sort = sortOf(sortBy, order, groupResourceType);
        const found = await libs().groups.list(tenant, { sort, startIndex: 1, count: 500 });
        const wanted = [...groups].sort(compareResources(sort)).map(({ id }) => id);
        expect({ sortBy, order, ids: found.groups.map(({ id }) => id) }).toEqual({ sortBy, order, ids: wanted });
      }
    }
  });

  it('should give the same order in pages by index and by cursor, forwards and backwards', async () => {
    const names = fc.constantFrom(...sortableNames);
    const walks = fc.record({
      sortBy: names,
      order: fc.constantFrom(...orders),
      count: fc.integer({ min: 3, max: 25 }),
    });
    for (const { sortBy, order, count } of fc.sample(walks, { numRuns: 25, seed: 9865 })) {
      const sort = sortOf(sortBy, order, kindsUserType);
      const wanted = [...users].sort(compareResources(sort)).map(({ id }) => id);
      const byIndex: string[] = [];
      for (let startIndex = 1; startIndex <= usersAnEngine; startIndex += count) {
        const page = await libs().users.list(tenant, { sort, startIndex, count });
        expect(page.totalResults).toBe(usersAnEngine);
        byIndex.push(...page.users.map(({ id }) => id));
      }
      expect({ sortBy, order, count, ids: byIndex }).toEqual({ sortBy, order, count, ids: wanted });
      const list = (walk: object) => libs().users.list(tenant, { sort, startIndex: 1, count, walk });
      let page = await list({});
      const forwards = [page];
      while (page.next !== undefined) forwards.push((page = await list({ from: page.next })));
      const backwards = [page];
      while (page.previous !== undefined) backwards.unshift((page = await list({ from: page.previous })));
      const idsOf = (pages: typeof forwards) => pages.flatMap(({ users: found }) => found.map(({ id }) => id));
      expect({ sortBy, order, count, ids: idsOf(forwards) }).toEqual({ sortBy, order, count, ids: wanted });
      expect({ sortBy, order, count, ids: idsOf(backwards) }).toEqual({ sortBy, order, count, ids: wanted });
      expect(new Set([...forwards, ...backwards].map(({ totalResults }) => totalResults))).toEqual(
        new Set([usersAnEngine]),
      );
    }
  });

  it('should answer an empty page beyond the end, and no resources for count 0', async () => {
    for (const sortBy of ['userName', 'externalId', 'title']) {
      for (const order of orders) {
        const sort = sortOf(sortBy, order, kindsUserType);
        for (const page of [
          { startIndex: usersAnEngine + 1, count: 5 },
          { startIndex: 1, count: 0 },
        ]) {
          expect(await libs().users.list(tenant, { sort, ...page })).toEqual({
            users: [],
            totalResults: usersAnEngine,
          });
        }
      }
    }
  });

  it.each(['meta.location', 'meta.version', 'groups.$ref'])('should refuse to sort by %s', async (sortBy) => {
    const sort = sortOf(sortBy, 'ascending', kindsUserType);
    await expect(libs().users.list(tenant, { sort, startIndex: 1, count: 1 })).rejects.toMatchObject({
      status: 400,
      scimType: 'invalidPath',
    });
  });
});
