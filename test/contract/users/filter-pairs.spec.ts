import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import {
  groupResourceType,
  matches,
  parseFilter,
  type ResolvedFilter,
  resolveFilter,
  type ResourceType,
  type ScimResource,
} from '@cleanmail/scim';
import { groupToScim, toScim } from '@cleanmail/users';
import fc from 'fast-check';
import { describeEachEngine } from '../../support/engines/index.js';
import { noteForSummary } from '../../support/summary-notes.js';
import { command, groupCommand } from '../support/commands.js';
import { filterTargets, operatorsOf, unfilterable } from '../support/filter-targets.js';
import { createTenant, libsFor } from '../support/libs.js';
import { type KnownValues, literal, randomFilter } from '../support/random-filters.js';
import { customUserType, randomBody, texts } from '../support/random-resources.js';

const populations = 4;
const usersEach = 20;
const groupsEach = 10;
const userFilters = 2000;
const groupFilters = 500;
const lawsEach = 150;
const host = 'https://host';
const atOnce = 4;
const anySize = { length: 1_000_000, nodes: 10_000, depth: 1000 };
const wrongOperators = ['co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;

function idOf({ id }: ScimResource): string {
  if (typeof id !== 'string') throw new Error('a resource has no id');
  return id;
}

/** The resources of one type of one tenant, as the service shows them. */
interface Side {
  readonly type: ResourceType;
  readonly resources: readonly ScimResource[];
  readonly known: KnownValues;
  readonly list: (filter: ResolvedFilter) => Promise<readonly string[]>;
}

describeEachEngine('filters in SQL and in memory, in pairs with random resources', (engine) => {
  const libs = libsFor(engine);
  const worlds: { readonly users: Side; readonly groups: Side }[] = [];
  let pairs = 0;
  let telling = 0;

  beforeAll(async () => {
    for (let seed = 0; seed < populations; seed += 1) worlds.push(await createWorld(seed));
  });
  afterAll(() => {
    noteForSummary(
      `Filters on ${engine.name}: ${pairs} filters agreed in SQL and in memory, each on random resources.`,
    );
  });

  async function createWorld(seed: number): Promise<{ readonly users: Side; readonly groups: Side }> {
    const tenant = await createTenant(libs());
    const ids: string[] = [];
    for (const [index, body] of fc.sample(randomBody(customUserType), { numRuns: usersEach, seed: 100 + seed }).entries()) {
      const userName = `${texts[(index * 5 + seed) % texts.length]?.trim() ?? ''}${index}`;
      const given = { ...command(), userType: customUserType };
      ids.push((await libs().users.create(tenant, given, { ...body, userName })).id);
    }
    for (let index = 0; index < groupsEach; index += 1) {
      const members = ids.filter((_, place) => (place * 7 + index + seed) % 4 === 0 && index % 5 !== 3);
      const body = { displayName: `${texts[index] ?? ''}${index}`, members, ...(index % 2 === 0 ? { externalId: texts[index % 4] } : {}) };
      const { id } = await libs().groups.create(tenant, groupCommand(), body);
      if (index % 3 === 0) ids.push(id);
    }
    return sidesOf(tenant);
  } // prettier-ignore

  async function sidesOf(tenant: TenantId): Promise<{ readonly users: Side; readonly groups: Side }> {
    const page = { startIndex: 1, count: 500 };
    const { users } = await libs().users.list(tenant, { ...page, withGroups: true });
    const { groups } = await libs().groups.list(tenant, { ...page, withMembers: true });
    const names = ['a0', 'A0', 'b', ...texts.slice(0, 6).map((text, index) => `${text}${index}`)];
    const times = [...users.slice(0, 2), ...groups.slice(0, 2)].map(({ lastModified }) => lastModified);
    const known = (all: readonly { readonly id: string }[]): KnownValues => ({
      ids: all.slice(0, 4).map(({ id }) => id),
      names,
      instants: times.map((time) => new Date(time).toISOString()),
    });
    return {
      users: {
        type: customUserType,
        resources: users.map((user) => toScim(user, customUserType, host)),
        known: known([...groups.slice(0, 3), ...users]),
        list: async (filter) => (await libs().users.list(tenant, { ...page, filter })).users.map(({ id }) => id),
      },
      groups: {
        type: groupResourceType,
        resources: groups.map((group) => groupToScim(group, groupResourceType, host)),
        known: known([...users.slice(0, 3), ...groups]),
        list: async (filter) => (await libs().groups.list(tenant, { ...page, filter })).groups.map(({ id }) => id),
      },
    };
  }

  const resolved = (text: string, { type }: Side) => resolveFilter(parseFilter(text, anySize), type);

  async function expectSame(text: string, side: Side): Promise<readonly string[]> {
    const filter = resolved(text, side);
    const expected = side.resources.filter((resource) => matches(filter, resource)).map(idOf);
    const ids = await side.list(filter);
    if (JSON.stringify(ids) !== JSON.stringify(expected)) expect({ text, ids }).toEqual({ text, ids: expected });
    telling += ids.length > 0 && ids.length < side.resources.length ? 1 : 0;
    return ids;
  }

  async function expectAllSame(drawn: readonly string[], side: Side): Promise<void> {
    for (let start = 0; start < drawn.length; start += atOnce) {
      await Promise.all(drawn.slice(start, start + atOnce).map((text) => expectSame(text, side)));
    }
    pairs += drawn.length;
  }

  it(`should agree on ${populations * (userFilters + groupFilters)} pairs`, async () => {
    for (const [seed, { users, groups }] of worlds.entries()) {
      await expectAllSame(fc.sample(randomFilter(users.type, users.known), { numRuns: userFilters, seed }), users);
      await expectAllSame(fc.sample(randomFilter(groups.type, groups.known), { numRuns: groupFilters, seed }), groups);
    }
    expect(pairs).toBe(populations * (userFilters + groupFilters));
    expect(telling).toBeGreaterThan(pairs / 3);
  }, 240_000);

  it('should obey the laws of logic', async () => {
    for (const [seed, { users, groups }] of worlds.entries()) {
      for (const side of [users, groups]) {
        const filter = randomFilter(side.type, side.known);
        for (const [f, g] of fc.sample(fc.tuple(filter, filter), { numRuns: lawsEach / 2, seed: 50 + seed })) {
          const ask = (text: string) => side.list(resolved(text, side));
          const [one, twice, both, notBoth, eitherNot] = await Promise.all([
            ask(f), ask(`not (not (${f}))`), ask(`(${f}) and (${g})`), ask(`not ((${f}) and (${g}))`), ask(`(not (${f})) or (not (${g}))`),
          ]); // prettier-ignore
          expect({ f, twice }).toEqual({ f, twice: one });
          expect({ f, g, eitherNot }).toEqual({ f, g, eitherNot: notBoth });
          expect({ f, g, beyond: both.filter((id) => !one.includes(id)) }).toEqual({ f, g, beyond: [] });
          expect([...both, ...notBoth].sort()).toEqual(side.resources.map(idOf).sort());
        }
      }
    }
  }, 120_000);

  it('should agree on every attribute with every operator that its type has, and refuse all others', async () => {
    const [world] = worlds;
    if (world === undefined) throw new Error('there is no world');
    for (const side of [world.users, world.groups]) {
      const { simple, complex } = filterTargets(side.type);
      expect(simple.length).toBeGreaterThan(8);
      for (const { path, type, valuesIn } of simple) {
        const there = [...new Set(side.resources.flatMap(valuesIn))].slice(0, 3).map((value) => JSON.stringify(value));
        const drawn = fc.sample(literal(type, side.known), { numRuns: 2, seed: 3 });
        for (const value of [...there, ...drawn]) {
          await expectAllSame(operatorsOf[type].map((operator) => `${path} ${operator} ${value}`), side);
        }
        await expectAllSame([`${path} pr`, `not (${path} pr)`, `${path} eq null`, `${path} ne null`], side);
        for (const operator of wrongOperators.filter((each) => !operatorsOf[type].includes(each))) {
          expect(() => resolved(`${path} ${operator} ${drawn[0] ?? ''}`, side)).toThrow(expect.objectContaining({ scimType: 'invalidFilter' }));
        }
      }
      await expectAllSame(complex.flatMap(({ path }) => [`${path} pr`, `not (${path} pr)`]), side);
    }
  }, 120_000); // prettier-ignore

  it.each([...unfilterable])('should refuse %s as invalidFilter where it exists', async (path) => {
    const [world] = worlds;
    const sides = [world?.users, world?.groups].flatMap((side) => side ?? []);
    for (const side of sides) {
      for (const text of [`${path} pr`, `${path} eq "x"`, `not (${path} sw "x")`]) {
        const ask = async () => side.list(resolved(text, side));
        await expect(ask()).rejects.toMatchObject({ status: 400, scimType: 'invalidFilter' });
      }
    }
  });
});
