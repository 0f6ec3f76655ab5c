import fc from 'fast-check';
import { CORE_USER, ENTERPRISE_USER, type PatchOperation } from '../../conformance/client/scim-types.js';

const poison = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__proto__.x',
  'constructor.prototype.x',
];
const sql = [
  "' OR '1'='1",
  '"; DROP TABLE scim_user; --',
  "') UNION SELECT 1--",
  '%',
  '_',
  '\\',
  '`',
  '/*',
  '\0',
  '?',
  ':x',
  '$1',
  '${x}',
  '\u2028',
];
const attributes = [
  'userName', 'USERNAME', 'active', 'displayName', 'externalId', 'id', 'meta', 'meta.created', 'meta.lastModified', 'meta.version',
  'name', 'name.givenName', 'name.familyName', 'emails', 'emails.value', 'emails.type', 'emails.primary', 'phoneNumbers', 'roles',
  'addresses.locality', 'x509Certificates', 'photos.value', 'groups', 'groups.value', 'password', 'schemas', 'title', 'manager', 'department',
  CORE_USER, `${CORE_USER}:userName`, ENTERPRISE_USER, `${ENTERPRISE_USER}:manager`, `${ENTERPRISE_USER}:manager.value`, `${ENTERPRISE_USER}:costCenter`,
  'unknown', 'a.b.c', '$ref', 'urn:x:y', ...poison,
]; // prettier-ignore

const attribute = fc.constantFrom(...attributes);
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...sql,
      ...poison,
      'True',
      'false',
      'a@b.example',
      '2026-11-21T08:30:00Z',
      '',
      '\ud800',
      'İı',
      'ß',
    ),
  },
);
const literal = fc.oneof(
  text.map((value) => JSON.stringify(value)),
  fc.constantFrom(
    'true',
    'False',
    'null',
    '0',
    '-1',
    '1.5e3',
    '1e999',
    '9'.repeat(40),
    'word',
    "'x'",
    '""',
    '"',
    '"\\u0000"',
    '"\\ud800"',
    '"\\x"',
  ),
);
const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'EQ', 'Co', 'in', '=');
const comparison = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(attribute, operator, literal).map((parts) => parts.join(' ')) },
  { weight: 1, arbitrary: attribute.map((name) => `${name} pr`) },
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    comparison,
    fc
      .tuple(tie('condition'), fc.constantFrom('and', 'or', 'AND', 'xor'), tie('condition'))
      .map((parts) => parts.join(' ')),
    tie('condition').map((inner) => `not (${inner})`),
    tie('condition').map((inner) => `(${inner})`),
    fc.tuple(attribute, tie('condition')).map(([name, inner]) => `${name}[${inner}]`),
    fc.tuple(attribute, comparison, literal).map(([name, inner, value]) => `${name}[${inner}].value eq ${value}`),
  ),
}));

/** One to three edits of a text, so that what was almost right is tried as well. */
function mutated(original: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(4),
    piece: fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom('(', ')', '[', ']', '"', '\\', ' ', '\n', '.', ':', ' and ', ' or ', 'not', ...sql, ...poison),
    ),
  });
  return fc.tuple(original, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([start, edits]) =>
    edits.reduce((value, { at, length, piece }) => {
      const index = Math.floor(at * value.length);
      return value.slice(0, index) + piece + value.slice(index + length);
    }, start),
  );
}

const bombs = [
  '('.repeat(5000),
  'not '.repeat(2000),
  'a eq 1 or '.repeat(400),
  '"'.repeat(4096),
  `userName eq "${'\n'.repeat(3000)}`,
  ' '.repeat(8000),
  '['.repeat(1000),
];

/** A filter as it might come: right, almost right, random, or made to hurt. */
export const anyFilter: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: condition },
  { weight: 4, arbitrary: mutated(condition) },
  { weight: 2, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom(...bombs) },
);

const patchPath = fc.oneof(
  { weight: 4, arbitrary: attribute },
  {
    weight: 2,
    arbitrary: fc
      .tuple(attribute, condition, fc.constantFrom('', '.value', '.type', '.__proto__', '.x.y'))
      .map(([name, inner, rest]) => `${name}[${inner}]${rest}`),
  },
  {
    weight: 3,
    arbitrary: mutated(
      fc.oneof(
        attribute,
        fc.tuple(attribute, comparison).map(([name, inner]) => `${name}[${inner}].value`),
      ),
    ),
  },
  { weight: 1, arbitrary: text },
);
const key = fc.oneof(attribute, fc.constantFrom('value', 'type', 'primary', 'display', '$ref', ...poison), text);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text,
    fc.constantFrom<unknown>(true, false, null, 0, -1.5, 'True', 'False', '', 1e300),
    fc.array(tie('json'), { maxLength: 4 }),
    // A null prototype, so that the key `__proto__` is one.
    fc
      .array(fc.tuple(key, tie('json')), { maxLength: 4 })
      .map((entries) => Object.assign(Object.create(null) as object, fromEntries(entries))),
  ),
}));

/** JSON of an object with own keys of any name, `__proto__` too. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries)
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  return object;
}

const operation: fc.Arbitrary<PatchOperation> = fc.record(
  {
    op: fc.constantFrom('add', 'replace', 'remove', 'Add', 'Replace', 'REMOVE', 'move', '', '__proto__'),
    path: patchPath,
    value: fc.oneof(json, fc.array(fc.tuple(key, json), { maxLength: 4 }).map(fromEntries)),
  },
  { requiredKeys: ['op'] },
);

/** An operation that does something more often than not. */
const sensibleOperation: fc.Arbitrary<PatchOperation> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        'displayName',
        'title',
        'NICKNAME',
        'name.givenName',
        `${CORE_USER}:locale`,
        `${ENTERPRISE_USER}:department`,
      ),
      text,
    )
    .map(([path, value]) => ({ op: 'Replace', path, value })),
  fc
    .tuple(fc.constantFrom('emails', 'phoneNumbers', 'roles', 'ims'), text, fc.boolean())
    .map(([path, value, primary]) => ({ op: 'add', path, value: [{ type: value, value: `v${value}`, primary }] })),
  fc
    .tuple(fc.constantFrom('work', 'home', 'other'), text)
    .map(([type, value]) => ({ op: 'replace', path: `emails[type eq "${type}"].value`, value })),
  fc.tuple(key, text).map(([name, value]) => ({
    op: 'add',
    value: fromEntries([
      [name, value],
      ['title', value],
    ]),
  })),
  fc
    .constantFrom('title', 'emails', 'roles[primary eq true]', 'name', ENTERPRISE_USER)
    .map((path) => ({ op: 'remove', path })),
  fc.boolean().map((value) => ({ op: 'replace', path: 'active', value })),
);

/** The text of a PATCH body as it might come: operations of every kind, sometimes damaged as text. */
export const anyPatchBody: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(sensibleOperation, { minLength: 1, maxLength: 3 })
      .map((Operations) => JSON.stringify({ Operations })),
  },
  {
    weight: 3,
    arbitrary: mutated(
      fc.array(sensibleOperation, { minLength: 1, maxLength: 2 }).map((Operations) => JSON.stringify({ Operations })),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.array(operation, { minLength: 1, maxLength: 4 }).map((Operations) => JSON.stringify({ Operations })),
  },
  {
    weight: 1,
    arbitrary: mutated(fc.array(operation, { maxLength: 2 }).map((Operations) => JSON.stringify({ Operations }))),
  },
  { weight: 1, arbitrary: json.map((value) => JSON.stringify({ Operations: value }) ?? '{}') },
);
