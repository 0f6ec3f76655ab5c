import { beforeAll, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import {
  type ComparisonOperator,
  type Filter,
  type FilterLiteral,
  matches,
  parseFilter,
  printFilter,
  type ResolvedFilter,
  resolveFilter,
  SCHEMA_URNS,
  ScimError,
  type ScimResource,
  userResourceType,
} from '@cleanmail/scim';
import { toScim, type User } from '@cleanmail/users';
import fc from 'fast-check';
import { describeEachEngine } from '../../support/engines/index.js';
import { command } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';

const filtersAnEngine = 2500;
const usersAnEngine = 40;
const enterprise = SCHEMA_URNS.enterpriseUser;
const anySize = { length: 1_000_000, nodes: 10_000, depth: 100 };

/** Texts that databases are known to see differently; few of them, so that users and filters meet. */
const texts = [
  'Anna', 'anna', 'ANNA', 'anna ', ' anna', 'an', 'nna', 'Ännä', 'a\u0308nna', 'straße', 'strasse', 'ΣΑΣ', 'σας', 'İi', 'ı', '😀', '😁x', '\uffef', '\ue000',
  '%', '_', '!', '%_!', 'a%a', 'a_a', "o'Neil", '"quoted"', 'back\\slash', '\\', "'; DROP TABLE scim_user; --", '$."x"', '?', 'true', 'False', '1', '01', '1.0',
  'null', '2026-01-01T00:00:00Z', '0', ' ', '\u00a0', 'a\tb', 'a\nb', 'z'.repeat(300),
] as const; // prettier-ignore
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...texts) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...texts)).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }) },
);

const primary = fc.constantFrom<unknown>(true, false, 'True', 'false');
const element = (types: readonly string[]) =>
  fc.record({ value: text, display: text, type: fc.constantFrom(...types), primary }, { requiredKeys: ['value'] });
const address = fc.record(
  { streetAddress: text, locality: text, country: text, type: fc.constantFrom('work', 'home'), primary },
  { requiredKeys: [] },
);

/** Elements of which at most the first is primary. */
function elements<Element extends object>(one: fc.Arbitrary<Element>): fc.Arbitrary<readonly object[]> {
  return fc
    .array(one, { maxLength: 3 })
    .map((all) => all.map((each, index) => (index > 0 && 'primary' in each ? { ...each, primary: false } : each)));
}

const collection = (...types: readonly string[]) => elements(element(types));

/** The body of a POST: any of the attributes of User and enterprise User. */
const body = fc.record(
  {
    userName: text, externalId: text, displayName: text, nickName: text, title: text, userType: text, locale: text, timezone: text,
    preferredLanguage: text, profileUrl: text, active: fc.constantFrom(true, false, 'True', 'False'),
    name: fc.record({ givenName: text, familyName: text, formatted: text, middleName: text, honorificPrefix: text }, { requiredKeys: [] }),
    emails: collection('work', 'Work', 'home'), phoneNumbers: collection('mobile', 'work'), ims: collection('xmpp'), photos: collection('photo'),
    entitlements: collection('x'), roles: collection('admin', 'Admin'),
    addresses: elements(address),
    x509Certificates: fc.array(fc.record({ value: fc.constantFrom('YWJj', 'eHl6'), display: text }, { requiredKeys: ['value'] }), { maxLength: 2 }),
    [enterprise]: fc.record(
      {
        employeeNumber: text, costCenter: text, organization: text, division: text, department: text,
        manager: fc.record({ value: text, $ref: text }, { requiredKeys: ['value'] }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
); // prettier-ignore

const textPaths = [
  'id', 'userName', 'externalId', 'displayName', 'nickName', 'title', 'userType', 'locale', 'timezone', 'preferredLanguage', 'profileUrl', 'schemas',
  'name.givenName', 'name.familyName', 'name.formatted', 'name.honorificSuffix', 'emails', 'emails.value', 'emails.display', 'emails.type',
  'phoneNumbers.value', 'ims.value', 'photos.value', 'entitlements.value', 'roles', 'roles.type', 'addresses.locality', 'addresses.streetAddress',
  'x509Certificates.display', `${enterprise}:department`, `${enterprise}:employeeNumber`, 'manager', 'manager.value', `${enterprise}:manager.$ref`,
  `${SCHEMA_URNS.user}:userName`, `${SCHEMA_URNS.user}:emails.value`, 'meta.resourceType', 'groups.value',
] as const; // prettier-ignore
const booleanPaths = ['active', 'emails.primary', 'roles.primary', 'addresses.primary'] as const;
const instantPaths = ['meta.created', 'meta.lastModified'] as const;
const presentPaths = [
  ...textPaths, ...booleanPaths, ...instantPaths, 'name', 'emails', 'roles', 'addresses', 'x509Certificates', 'meta', 'manager', enterprise,
].filter((path) => path !== enterprise && path !== 'groups.value'); // prettier-ignore
const elementPaths = {
  emails: ['value', 'display', 'type'],
  roles: ['value', 'type'],
  addresses: ['locality', 'country', 'type'],
  phoneNumbers: ['value', 'type'],
  x509Certificates: ['display'],
  schemas: ['value'],
  name: ['givenName', 'formatted'],
  manager: ['value'],
  meta: ['resourceType'],
} as const;

const allOperators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
const quoted = text.map((value): FilterLiteral => ({ kind: 'string', text: value }));
const boolean = fc
  .constantFrom('true', 'false', 'True')
  .map((value): FilterLiteral => ({ kind: 'boolean', text: value }));
const nothing = fc.constant<FilterLiteral>({ kind: 'null', text: 'null' });

function compared(
  path: fc.Arbitrary<string>,
  operators: readonly ComparisonOperator[],
  literal: fc.Arbitrary<FilterLiteral>,
): fc.Arbitrary<Filter> {
  return fc.record({
    kind: fc.constant('comparison' as const),
    path,
    operator: fc.constantFrom(...operators),
    literal,
  });
}

function presence(path: fc.Arbitrary<string>): fc.Arbitrary<Filter> {
  return fc.record({ kind: fc.constant('present' as const), path });
}

function combined(leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ tree: Filter }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      leaf,
      fc.record({ kind: fc.constant('not' as const), operand: tie('tree') }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        operands: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
      }),
    ),
  })).tree;
}

const valuePath: fc.Arbitrary<Filter> = fc
  .constantFrom(...(Object.keys(elementPaths) as (keyof typeof elementPaths)[]))
  .chain((path) => {
    const names = fc.constantFrom<string>(...elementPaths[path]);
    const hasPrimary = 'emails roles addresses phoneNumbers x509Certificates'.includes(path);
    const leaves = [compared(names, allOperators, quoted), presence(names), compared(names, ['eq', 'ne'], nothing)];
    const leaf = fc.oneof(...leaves, ...(hasPrimary ? [compared(fc.constant('primary'), ['eq', 'ne'], boolean)] : []));
    return fc.record({ kind: fc.constant('valuePath' as const), path: fc.constant(path), filter: combined(leaf) });
  });

/** Filters over all attributes; instants are taken from the users themselves. */
function filters(instants: readonly string[]): fc.Arbitrary<Filter> {
  const instant = fc.constantFrom(...instants).map((value): FilterLiteral => ({ kind: 'string', text: value }));
  return combined(
    fc.oneof(
      { weight: 6, arbitrary: compared(fc.constantFrom(...textPaths), allOperators, quoted) },
      { weight: 1, arbitrary: compared(fc.constantFrom(...booleanPaths), ['eq', 'ne'], boolean) },
      {
        weight: 1,
        arbitrary: compared(fc.constantFrom(...instantPaths), ['eq', 'ne', 'gt', 'ge', 'lt', 'le'], instant),
      },
      { weight: 1, arbitrary: compared(fc.constantFrom(...textPaths, ...booleanPaths), ['eq', 'ne'], nothing) },
      { weight: 2, arbitrary: presence(fc.constantFrom(...presentPaths)) },
      { weight: 3, arbitrary: valuePath },
    ),
  );
}

describeEachEngine('filters in SQL and in memory', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;
  let users: readonly User[];
  let resources: readonly ScimResource[];

  beforeAll(async () => {
    tenant = await createTenant(libs());
    const stranger = await createTenant(libs());
    for (const [index, generated] of fc.sample(body, { numRuns: usersAnEngine, seed: 7643 }).entries()) {
      await tryCreate(tenant, { ...generated, userName: generated.userName ?? `user ${index}` }, index);
      await tryCreate(stranger, { ...generated, userName: generated.userName ?? `user ${index}` }, index);
    }
    users = await libs().users.page(tenant, { limit: 1000 });
    resources = users.map((user) => toScim(user, userResourceType, 'https://host'));
  });

  /** Names are drawn from few texts: one that is taken gets a number. */
  async function tryCreate(of: TenantId, wanted: Readonly<Record<string, unknown>>, index: number): Promise<void> {
    await libs()
      .users.create(of, command(), wanted)
      .catch(async (error: unknown) => {
        if (!(error instanceof ScimError)) throw error;
        await libs().users.create(of, command(), { ...wanted, userName: `${index} anna`, profileUrl: 'https://host' });
      });
  }

  async function idsFromSql(filter: ResolvedFilter): Promise<readonly string[]> {
    const { users: found, totalResults } = await libs().users.list(tenant, {
      filter,
      startIndex: 1,
      count: usersAnEngine * 2,
    });
    expect(totalResults).toBe(found.length);
    return found.map(({ id }) => id);
  }

  function idsFromMemory(filter: ResolvedFilter): readonly string[] {
    return users.filter((_, index) => matches(filter, resources[index] ?? {})).map(({ id }) => id);
  }

  async function expectSame(text: string): Promise<number> {
    const filter = resolveFilter(parseFilter(text, anySize), userResourceType);
    const expected = idsFromMemory(filter);
    expect({ text, ids: await idsFromSql(filter) }).toEqual({ text, ids: expected });
    return expected.length;
  }

  it(`should agree on ${filtersAnEngine} random filters`, async () => {
    expect(users).toHaveLength(usersAnEngine);
    const instants = users.flatMap(({ createdAt, lastModified }) => [
      new Date(createdAt).toISOString(),
      new Date(lastModified - 1).toISOString(),
      new Date(lastModified + 3_600_001).toISOString().replace('Z', '+01:00'),
    ]);
    const drawn = fc.sample(filters(instants), { numRuns: filtersAnEngine, seed: 7644 });
    const found = { nobody: 0, some: 0, everybody: 0 };
    for (const filter of drawn) {
      const count = await expectSame(printFilter(filter));
      found[count === 0 ? 'nobody' : count === users.length ? 'everybody' : 'some'] += 1;
    }
    expect(found.nobody + found.some + found.everybody).toBe(filtersAnEngine);
    expect(found.some).toBeGreaterThan(filtersAnEngine / 4);
  });

  it('should agree on every text with every operator, also as parts of a name that holds it', async () => {
    const paths = ['userName', 'displayName', 'externalId', 'title', 'emails.value', `${enterprise}:department`];
    for (const path of paths) {
      for (const operator of allOperators) {
        for (const value of texts.filter((_, index) => (index + path.length) % 3 === 0)) {
          await expectSame(`${path} ${operator} ${JSON.stringify(value)}`);
        }
      }
    }
  });

  it.each([
    ['an empty value', 'title co ""'],
    ['an empty prefix', 'title sw ""'],
    ['an empty suffix', 'title ew ""'],
    ['an empty name', 'userName co "" and userName sw "" and userName ew ""'],
    ['what is greater than nothing', 'displayName gt ""'],
    ['the greatest character', 'userName sw "\u{10ffff}"'],
    ['the last before the surrogates', 'userName sw "\ud7ff"'],
    ['what comes after the BMP', 'title ge "\uffff"'],
    ['a resource type in another case', 'meta.resourceType eq "user"'],
    ['a resource type', 'meta.resourceType eq "User" and meta.resourceType sw "U"'],
    ['a part of meta', 'meta[resourceType eq "User"]'],
    ['a part of meta that nobody has', 'meta[resourceType eq "Group"]'],
    ['meta itself', 'meta pr'],
    ['any e-mail address', 'emails pr'],
    ['no e-mail address', 'not (emails pr)'],
    ['no e-mail address of a type', 'not (emails[type eq "work"])'],
    ['an element that is not of a type', 'emails[not (type eq "work")]'],
    ['an element without a part', 'emails[display eq null]'],
    ['one element, not two', 'emails[type eq "work" and primary eq true]'],
    ['two elements', 'emails.type eq "work" and emails.type eq "home"'],
    ['the value of an unassigned attribute', 'name.honorificSuffix ne "x"'],
    ['a number against a text', 'title eq 1'],
    ['a boolean against a text', 'title eq true'],
    ['a manager by value and reference', 'manager[value pr and $ref pr]'],
    ['a schema by URN', `schemas eq "${enterprise.toUpperCase()}"`],
    ['a schema in brackets', `schemas[value eq "${SCHEMA_URNS.user}"]`],
    ['deep negation', 'not (not (not (active eq true)))'],
    ['an instant with an offset', 'meta.created gt "2020-01-01T00:00:00+14:00"'],
    ['an instant finer than a millisecond', 'meta.created ge "2020-01-01T00:00:00.0001Z"'],
    ['a certificate', 'x509Certificates.value eq "YWJj"'],
    ['a certificate in another case', 'x509Certificates.value eq "ywjj"'],
  ])('should agree on %s', async (_, filter) => {
    await expectSame(filter);
  });
});
