import fc from 'fast-check';
import type { PatchOperation } from '../operation.js';
import type { Condition, Json, ReferenceOperation, ReferencePath } from './reference-patch.js';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const lists = ['emails', 'roles', 'phoneNumbers', 'addresses'] as const;
const word = fc.constantFrom('a', 'A', 'b', 'ab', 'c');
const kind = fc.constantFrom('work', 'Work', 'home');

const element = fc.record(
  { value: word, type: kind, primary: fc.boolean(), display: word },
  { requiredKeys: ['value'] },
);
const address = fc.record(
  { formatted: word, locality: word, type: kind, primary: fc.boolean() },
  { requiredKeys: ['formatted'] },
);
const name = fc.record({ givenName: word, familyName: word, formatted: word }, { requiredKeys: ['givenName'] });
const manager = fc.record({ value: word, $ref: word }, { requiredKeys: ['value'] });

/** Values as they are stored: at most the first element is primary, no two say the same. */
const stored = (one: fc.Arbitrary<Json>) =>
  fc
    .uniqueArray(one, { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(each).toLowerCase() })
    .map((all) => all.map((each, index) => (index > 0 && 'primary' in each ? { ...each, primary: false } : each)));

/** A user in canonical form, with any of the attributes that operations are about. */
export const storedUser: fc.Arbitrary<Json> = fc.record(
  {
    userName: fc.constantFrom('anna', 'Bob'),
    active: fc.boolean(),
    title: word,
    externalId: word,
    name,
    emails: stored(element),
    roles: stored(element),
    addresses: stored(address),
    [enterprise]: fc.record({ department: word, manager }, { requiredKeys: ['department'] }),
  },
  { requiredKeys: ['userName', 'active'] },
);

/** What an operation may be about: a path, values that fit it, and values that do not. */
interface Target {
  readonly path: fc.Arbitrary<ReferencePath>;
  readonly value: fc.Arbitrary<unknown>;
}

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: fc.constant('eq' as const), part: fc.constant('type'), value: kind }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constantFrom('eq' as const, 'ne' as const, 'co' as const, 'sw' as const), part: fc.constantFrom('value', 'display', 'type'), value: word }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('eq' as const), part: fc.constant('primary'), value: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('pr' as const), part: fc.constantFrom('display', 'type', 'primary') }) },
); // prettier-ignore
const where: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 5, arbitrary: leaf },
  { weight: 2, arbitrary: fc.record({ is: fc.constantFrom('and' as const, 'or' as const), of: fc.tuple(leaf, leaf) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('not' as const), of: leaf }) },
);
const onAddress = (condition: Condition): boolean => !/"part":"(value|display)"/.test(JSON.stringify(condition));

function at(path: ReferencePath, value: fc.Arbitrary<unknown>): Target {
  return { path: fc.constant(path), value };
}

const text = fc.oneof({ weight: 9, arbitrary: word }, { weight: 1, arbitrary: fc.constant(5) });
const truth = fc.oneof({ weight: 9, arbitrary: fc.boolean() }, { weight: 1, arbitrary: fc.constant('maybe') });

function onList(list: (typeof lists)[number]): readonly Target[] {
  const one: fc.Arbitrary<unknown> = list === 'addresses' ? address : element;
  const parts = list === 'addresses' ? ['formatted', 'locality', 'type'] : ['value', 'display', 'type'];
  const filter = list === 'addresses' ? where.filter(onAddress) : where;
  const elements = (value: ReferencePath) => filter.map((each) => ({ ...value, where: each }));
  return [
    { path: fc.constant({ name: list }), value: fc.array(one, { minLength: 1, maxLength: 3 }) },
    { path: elements({ name: list }), value: one },
    ...parts.flatMap((part) => [
      { path: elements({ name: list, part }), value: part === 'type' ? kind : text },
      at({ name: list, part }, text),
    ]),
    { path: elements({ name: list, part: 'primary' }), value: truth },
  ];
}

const targets: readonly Target[] = [
  at({ name: 'userName' }, fc.constantFrom<unknown>('anna', 'ANNA', 'carl', ' ', 5)),
  at({ name: 'active' }, truth),
  at({ name: 'title' }, text),
  at({ name: 'externalId' }, text),
  at({ name: 'password' }, text),
  at({ name: 'name' }, fc.oneof<fc.Arbitrary<unknown>[]>(name, fc.record({ familyName: text }))),
  at({ name: 'name', part: 'givenName' }, text),
  at({ name: 'name', part: 'formatted' }, text),
  ...lists.flatMap(onList),
  at({ home: enterprise, name: 'department' }, text),
  at(
    { home: enterprise, name: 'manager' },
    fc.oneof<fc.Arbitrary<unknown>[]>(manager, fc.constant({ displayName: 'M' })),
  ),
  at({ home: enterprise, name: 'manager', part: 'value' }, word),
  at({ home: enterprise, name: 'manager', part: '$ref' }, word),
];
const rare: readonly Target[] = [
  at({ name: 'id' }, word),
  at({ name: 'groups' }, fc.constant([{ value: 'g' }])),
  at({ home: enterprise, name: 'manager', part: 'displayName' }, word),
  at({ name: 'favouriteColour' }, word),
];

const target = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...targets) },
  { weight: 1, arbitrary: fc.constantFrom(...rare) },
);
const pathed: fc.Arbitrary<ReferenceOperation> = target.chain(({ path, value }) =>
  fc.oneof<fc.Arbitrary<ReferenceOperation>[]>(
    fc.record({ op: fc.constantFrom('add' as const, 'replace' as const), path, value }),
    fc.record({ op: fc.constantFrom('add' as const, 'replace' as const), path, value }),
    fc.record({ op: fc.constant('remove' as const), path }),
  ),
);
const members = fc.record(
  {
    userName: fc.constantFrom('anna', 'carl'), active: truth, title: text, id: word, favouriteColour: word, name, emails: fc.array(element, { minLength: 1, maxLength: 2 }),
    [enterprise]: fc.record({ department: text, manager }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
); // prettier-ignore
const pathless = fc.record({ op: fc.constantFrom('add' as const, 'replace' as const), value: members });

/** One to five operations, as the reference takes them. */
export const randomOperations: fc.Arbitrary<readonly ReferenceOperation[]> = fc.array(
  fc.oneof({ weight: 6, arbitrary: pathed }, { weight: 1, arbitrary: pathless }),
  { minLength: 1, maxLength: 5 },
);

/** The same operation as a client sends it. */
export function asRequest({ op, path, value }: ReferenceOperation): PatchOperation {
  return { op, ...(path === undefined ? {} : { path: pathText(path) }), ...(value === undefined ? {} : { value }) };
}

function pathText({ home, name: attribute, where: condition, part }: ReferencePath): string {
  const brackets = condition === undefined ? '' : `[${conditionText(condition)}]`;
  return `${home === undefined ? '' : `${home}:`}${attribute}${brackets}${part === undefined ? '' : `.${part}`}`;
}

function conditionText(condition: Condition): string {
  switch (condition.is) {
    case 'pr':
      return `${condition.part} pr`;
    case 'not':
      return `not (${conditionText(condition.of)})`;
    case 'and':
    case 'or':
      return condition.of.map((each) => `(${conditionText(each)})`).join(` ${condition.is} `);
    case 'eq':
    case 'ne':
    case 'co':
    case 'sw':
      return `${condition.part} ${condition.is} ${JSON.stringify(condition.value)}`;
  }
}
