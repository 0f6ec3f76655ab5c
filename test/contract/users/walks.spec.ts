import { expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import {
  type CursorPosition,
  groupResourceType,
  parseFilter,
  parseListQuery,
  parseRootQuery,
  resolveFilter,
  userResourceType,
} from '@cleanmail/scim';
import type { FoundResource, ResourcePage, Walk } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, groupCommand } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';

const limits = { defaultCount: 2, maxCount: 100 };
const rounds = 6;

/** What a page by cursor tells. */
interface Page {
  readonly ids: readonly string[];
  readonly totalResults: number;
  readonly previous?: CursorPosition;
  readonly next?: CursorPosition;
}

describeEachEngine('a walk while others come and go', (engine) => {
  const libs = libsFor(engine);
  let number = 0;

  /** Every other one with a title, and names that lie before and behind those of others. */
  async function createUser(tenant: TenantId): Promise<string> {
    number += 1;
    const title = number % 2 === 0 ? {} : { title: `Title ${number % 3}` };
    const userName = `${'acegbdf'[number % 7]} ${number}`;
    return (await libs().users.create(tenant, command(), { userName, active: number % 5 !== 0, ...title })).id;
  }

  async function several<T>(count: number, create: () => Promise<T>): Promise<T[]> {
    const made: T[] = [];
    while (made.length < count) made.push(await create());
    return made;
  }

  /**
   * Walks to one end. After each of the first pages two who are there go, first of all the one on which the page ended,
   * and one comes. Gives every id that was seen, page by page.
   */
  async function walkBusily(
    tenant: TenantId,
    read: (walk: Walk) => Promise<Page>,
    options: {
      readonly from?: CursorPosition;
      readonly leaving: readonly string[];
      readonly link: 'next' | 'previous';
    },
  ): Promise<readonly string[]> {
    const { link } = options;
    const isForwards = link === 'next';
    let leaving = [...options.leaving];
    let page = await read(options.from === undefined ? {} : { from: options.from });
    const seen = [...page.ids];
    for (let round = 0; page[link] !== undefined; round += 1) {
      expect(round).toBeLessThan(100);
      if (round < rounds) {
        const edge = (isForwards ? page.ids.at(-1) : page.ids[0]) ?? '';
        const going = [...leaving.filter((id) => id === edge), ...leaving.filter((id) => id !== edge)].slice(0, 2);
        for (const id of going) await libs().users.delete(tenant, command(), id);
        leaving = leaving.filter((id) => !going.includes(id));
        await createUser(tenant);
      }
      page = await read({ from: page[link] });
      seen.push(...page.ids);
    }
    return seen;
  }

  async function lastPosition(read: (walk: Walk) => Promise<Page>): Promise<CursorPosition | undefined> {
    let page = await read({});
    while (page.next !== undefined) page = await read({ from: page.next });
    return page.previous;
  }

  async function expectEachOnce(tenant: TenantId, staying: readonly string[], read: (walk: Walk) => Promise<Page>) {
    const leaving = await several(8, () => createUser(tenant));
    const times = (seen: readonly string[]) => staying.map((id) => seen.filter((one) => one === id).length);
    const forwards = await walkBusily(tenant, read, { leaving, link: 'next' });
    expect(times(forwards)).toEqual(staying.map(() => 1));
    expect(new Set(forwards).size).toBe(forwards.length);
    const from = await lastPosition(read);
    if (from === undefined) throw new Error('there is but one page');
    const onLastPage = (await read({ from: { ...from, backwards: true } })).next;
    const last = await read({ ...(onLastPage === undefined ? {} : { from: onLastPage }) });
    const more = await several(8, () => createUser(tenant));
    const backwards = await walkBusily(tenant, read, { from, leaving: more, link: 'previous' });
    expect(times([...backwards, ...last.ids])).toEqual(staying.map(() => 1));
  }

  it.each([
    {},
    { sortBy: 'id', sortOrder: 'descending' },
    { sortBy: 'userName' },
    { sortBy: 'userName', sortOrder: 'descending' },
    { sortBy: 'title' },
    { sortBy: 'title', sortOrder: 'descending' },
    { sortBy: 'meta.created' },
    { filter: 'active eq true' },
    { filter: 'not (title pr)', sortBy: 'userName' },
    { filter: 'active eq true', sortBy: 'title', sortOrder: 'descending' },
  ])('should give each user that is there throughout exactly once: %j', async (parameters) => {
    const tenant = await createTenant(libs());
    await several(6, () => createUser(tenant));
    const query = parseListQuery({ ...parameters, cursor: '' }, userResourceType, limits);
    const found = await libs().users.list(tenant, { ...query, count: 100 });
    const staying = found.users.map(({ id }) => id);
    expect(staying.length).toBeGreaterThan(1);
    await expectEachOnce(tenant, staying, async (walk) => {
      const { users, ...page } = await libs().users.list(tenant, { ...query, walk });
      return { ids: users.map(({ id }) => id), ...page };
    });
  });

  it.each([
    {},
    { sortBy: 'displayName' },
    { sortBy: 'userName', sortOrder: 'descending' },
    { sortBy: 'userName' },
    { sortBy: 'meta.lastModified', sortOrder: 'descending' },
    { sortBy: 'meta.resourceType' },
    { filter: 'active eq true or displayName pr', sortBy: 'externalId' },
  ])('should give each user and group exactly once in one list: %j', async (parameters) => {
    const tenant = await createTenant(libs());
    const users = await several(6, () => createUser(tenant));
    const groups = await several(5, async () => {
      number += 1;
      const externalId = number % 2 === 0 ? {} : { externalId: `x${number}` };
      const displayName = `${'bdface'[number % 6]} ${number}`;
      return (await libs().groups.create(tenant, groupCommand(), { displayName, ...externalId })).id;
    });
    const types = [userResourceType, groupResourceType];
    const { order, parts } = parseRootQuery({ ...parameters, cursor: '' }, types, limits);
    const find = {
      ...(order === undefined ? {} : { order }),
      users: parts.find(({ resourceType }) => resourceType === userResourceType) ?? {},
      groups: parts.find(({ resourceType }) => resourceType === groupResourceType) ?? {},
    };
    const idOf = (one: FoundResource) => ('user' in one ? one.user.id : one.group.id);
    const list = async (page: Pick<ResourcePage, 'startIndex' | 'count' | 'walk'>) => {
      const { found, ...rest } = await libs().search.list(tenant, { ...find, ...page });
      return { ids: found.map(idOf), ...rest };
    };
    const whole = await list({ startIndex: 1, count: 100 });
    expect(whole.totalResults).toBe(whole.ids.length);
    if (parameters.filter === undefined) expect([...whole.ids].sort()).toEqual([...users, ...groups].sort());
    const paged: string[] = [];
    for (let startIndex = 1; startIndex <= whole.totalResults; startIndex += 2)
      paged.push(...(await list({ startIndex, count: 2 })).ids);
    expect(paged).toEqual(whole.ids);
    await expectEachOnce(tenant, whole.ids, (walk) => list({ startIndex: 1, count: 2, walk }));
  });

  it('should count once a walk, and count what the filter finds', async () => {
    const tenant = await createTenant(libs());
    await several(7, () => createUser(tenant));
    const filter = resolveFilter(parseFilter('title pr'), userResourceType);
    const { totalResults: all } = await libs().users.list(tenant, { filter, startIndex: 1, count: 100 });
    const page = { filter, startIndex: 1, count: 1 };
    const first = await libs().users.list(tenant, { ...page, walk: {} });
    expect(first.totalResults).toBe(all);
    await several(4, () => createUser(tenant));
    const walk = first.next === undefined ? {} : { from: first.next };
    expect((await libs().users.list(tenant, { ...page, walk })).totalResults).toBe(all);
  });
});
