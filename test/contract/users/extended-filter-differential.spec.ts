import { beforeAll, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import {
  matches,
  parseFilter,
  readExtension,
  resolveFilter,
  type ResourceType,
  type ScimResource,
  userResourceType,
} from '@cleanmail/scim';
import { toScim, type User } from '@cleanmail/users';
import fc from 'fast-check';
import { CONTOSO, contosoSchema } from '../../support/contoso-schema.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { command } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';

const filtersAnEngine = 200;
const usersAnEngine = 40;

const schema = readExtension(contosoSchema, { resourceType: userResourceType, otherUrns: [] });
const userType: ResourceType = {
  ...userResourceType,
  extensions: [...userResourceType.extensions, { schema, required: false }],
};

/** Few values, so that users and filters meet; numbers of every size that JSON and the engines can both hold. */
const texts = fc.constantFrom('Anna', 'anna', 'Ännä', '1', 'true', '😀', 'a"b', '%', "o'Neil", ' x', 'YWJj');
const integers = fc.constantFrom(0, 1, -1, 7, 70, 9007199254740991, -9007199254740991);
const decimals = fc.constantFrom(
  0,
  1.5,
  -1.5,
  0.1,
  0.30000000000000004,
  1e21,
  -2.5e-7,
  300,
  1200.5,
  123456789.12345678,
);
const instants = fc.constantFrom(
  '2024-02-29T12:00:00+02:00',
  '2024-02-29T10:00:00Z',
  '1999-12-31T23:59:59.999Z',
  '2024-03-01T00:00:00Z',
);
const asset = fc.record(
  { value: texts, type: fc.constantFrom('laptop', 'phone'), cost: decimals, since: instants },
  { requiredKeys: ['value'] },
);
const extension = fc.record(
  {
    badge: texts, doorCode: texts, level: integers, quota: decimals, remote: fc.boolean(), hired: instants, homepage: texts,
    skills: fc.array(texts, { maxLength: 3 }), shifts: fc.array(integers, { maxLength: 3 }),
    desk: fc.record({ building: texts, floor: integers }, { requiredKeys: [] }), assets: fc.array(asset, { maxLength: 3 }),
  },
  { requiredKeys: [] },
); // prettier-ignore

const textual = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
const ordered = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
const comparison = (names: readonly string[], operators: readonly string[], values: fc.Arbitrary<unknown>) =>
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...operators), values)
    .map(([name, operator, value]) => `${name} ${operator} ${JSON.stringify(value)}`);

function combined(leaf: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      { weight: 4, arbitrary: leaf },
      tie('tree').map((inner) => `not (${inner})`),
      fc.tuple(tie('tree'), fc.constantFrom('and', 'or'), tie('tree')).map(([a, word, b]) => `(${a}) ${word} (${b})`),
    ),
  })).tree;
}

const ofAssets = combined(
  fc.oneof(
    comparison(['value', 'type'], textual, texts),
    comparison(['cost'], ordered, decimals),
    comparison(['since'], ordered, instants),
    fc.constantFrom('value pr', 'cost pr', 'since pr'),
  ),
).map((filter) => `${CONTOSO}:assets[${filter}]`);
const names = contosoSchema.attributes.map((attribute) => (attribute as { name: string }).name);
const filters = combined(
  fc.oneof(
    comparison(
      ['badge', `${CONTOSO}:doorCode`, 'homepage', 'skills', 'desk.building', 'assets.value', 'assets'],
      textual,
      texts,
    ),
    comparison(['level', 'shifts', `${CONTOSO}:desk.floor`], ordered, integers),
    comparison(['quota', `${CONTOSO}:assets.cost`], ordered, decimals),
    comparison(['hired', 'assets.since'], ordered, instants),
    comparison(['remote'], ['eq', 'ne'], fc.boolean()),
    fc
      .constantFrom(...names.filter((name) => !['hint', 'vault'].includes(name)))
      .map((name) => `${CONTOSO}:${name} pr`),
    integers.map((value) => `shifts[value ge ${value}]`),
    { weight: 3, arbitrary: ofAssets },
  ),
);

describeEachEngine('filters on attributes of every type in SQL and in memory', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;
  let users: readonly User[];
  let resources: readonly ScimResource[];

  beforeAll(async () => {
    tenant = await createTenant(libs());
    for (const [index, values] of fc.sample(extension, { numRuns: usersAnEngine, seed: 7643 }).entries()) {
      const body = { userName: `user ${index}`, [CONTOSO]: values };
      await libs().users.create(tenant, { ...command(), userType }, body);
    }
    users = await libs().users.page(tenant, { limit: 1000 });
    resources = users.map((user) => toScim(user, userType, 'https://host'));
  });

  it(`should agree on ${filtersAnEngine} random filters`, async () => {
    let some = 0;
    for (const text of fc.sample(filters, { numRuns: filtersAnEngine, seed: 7644 })) {
      const filter = resolveFilter(parseFilter(text, { length: 100_000, nodes: 10_000, depth: 100 }), userType);
      const expected = users.filter((_, index) => matches(filter, resources[index] ?? {})).map(({ id }) => id);
      const { users: found } = await libs().users.list(tenant, { filter, startIndex: 1, count: 1000 });
      expect({ text, ids: found.map(({ id }) => id) }).toEqual({ text, ids: expected });
      some += expected.length > 0 && expected.length < users.length ? 1 : 0;
    }
    expect(some).toBeGreaterThan(filtersAnEngine / 4);
  });
});
