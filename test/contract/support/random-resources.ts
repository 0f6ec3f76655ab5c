import { type AttributeDefinition, type ResourceType, type SchemaDefinition, userResourceType } from '@cleanmail/scim';
import fc from 'fast-check';

/** Few texts, so that resources and filters meet; they differ in case, accents, prefixes and what SQL means by them. */
export const texts = [
  'a',
  'A',
  'b',
  'ab',
  'aB',
  'ä',
  'Ä',
  'b a',
  'a@b.ch',
  'A@B.ch',
  '%',
  "'",
  '\\',
  '😀',
  ' ',
  'true',
  '1',
  '{"a":1}',
] as const;
/** Drawn more often than the others. */
export const common = texts.slice(0, 6);
/** The first two are one instant, and so are the third and the fourth. */
export const instants = [
  '2020-01-01T00:00:00Z', '2020-01-01T01:00:00+01:00', '2020-06-01T12:00:00.5-05:00', '2020-06-01T17:00:00.500Z', '2019-12-31T23:59:59.999Z',
] as const; // prettier-ignore
export const integers = [-1, 0, 1, 2, 10] as const;
export const decimals = [-0.5, 0, 0.1, 0.30000000000000004, 1.5, 1000] as const;
const certificates = ['YWJj', 'eHl6', 'YWJJ'] as const;

const traits = {
  description: 'An attribute of a test.',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
} as const;

const parts: readonly AttributeDefinition[] = [
  { ...traits, name: 'value', type: 'string' },
  { ...traits, name: 'level', type: 'integer' },
  { ...traits, name: 'since', type: 'dateTime' },
  { ...traits, name: 'exact', type: 'string', caseExact: true },
  { ...traits, name: 'primary', type: 'boolean' },
];

const customSchema: SchemaDefinition = {
  id: 'urn:example:params:scim:schemas:extension:test:2.0:User',
  name: 'TestUser',
  description: 'Attributes of every type.',
  attributes: [
    { ...traits, name: 'count', type: 'integer' },
    { ...traits, name: 'ratio', type: 'decimal' },
    { ...traits, name: 'hired', type: 'dateTime' },
    { ...traits, name: 'trusted', type: 'boolean' },
    { ...traits, name: 'badge', type: 'binary', caseExact: true },
    { ...traits, name: 'page', type: 'reference', caseExact: true, referenceTypes: ['external'] },
    { ...traits, name: 'tags', type: 'string', multiValued: true },
    { ...traits, name: 'numbers', type: 'integer', multiValued: true },
    { ...traits, name: 'dates', type: 'dateTime', multiValued: true },
    { ...traits, name: 'skills', type: 'complex', multiValued: true, subAttributes: parts },
    { ...traits, name: 'desk', type: 'complex', subAttributes: parts },
  ],
};

/** The User resource type with attributes of every type, of one value and of many, beside those of the RFC. */
export const customUserType: ResourceType = {
  ...userResourceType,
  extensions: [...userResourceType.extensions, { schema: customSchema, required: false }],
};

/** The body of a POST with any of the attributes that a client may write; e-mail addresses more often than others. */
export function randomBody({ schema, extensions }: ResourceType): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const members = Object.fromEntries(extensions.map((each) => [each.schema.id, membersOf(each.schema.attributes)]));
  return fc
    .tuple(membersOf(schema.attributes), fc.record(members, { requiredKeys: [] }), fc.constantFrom(undefined, ...texts))
    .map(([core, others, externalId]) => ({ ...core, ...others, ...(externalId === undefined ? {} : { externalId }) }));
}

function membersOf(attributes: readonly AttributeDefinition[]): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const writable = attributes.filter(({ mutability }) => mutability === 'readWrite');
  const members = Object.fromEntries(writable.map((attribute) => [attribute.name, memberOf(attribute)]));
  return fc
    .record(members)
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));
}

function memberOf(attribute: AttributeDefinition): fc.Arbitrary<unknown> {
  const one = attribute.type === 'complex' ? membersOf(attribute.subAttributes ?? []) : simple(attribute);
  const value = attribute.multiValued ? fc.array(one, { maxLength: 3 }).map(onePrimary) : one;
  return fc.option(value, { nil: undefined, freq: attribute.name === 'emails' || attribute.name === 'value' ? 8 : 2 });
}

function simple({ type }: AttributeDefinition): fc.Arbitrary<unknown> {
  switch (type) {
    case 'boolean':
      return fc.constantFrom<unknown>(true, false, 'True', 'false');
    case 'integer':
      return fc.constantFrom(...integers);
    case 'decimal':
      return fc.constantFrom(...decimals);
    case 'dateTime':
      return fc.constantFrom(...instants);
    case 'binary':
      return fc.constantFrom(...certificates);
    case 'string':
    case 'reference':
    case 'complex':
      return fc.constantFrom<unknown>(...common, ...common, ...common, ...texts, '', null);
  }
}

/** Elements of which at most the first is primary. */
function onePrimary(elements: readonly unknown[]): readonly unknown[] {
  return elements.map((element, index) =>
    index > 0 && typeof element === 'object' && element !== null && 'primary' in element
      ? { ...element, primary: false }
      : element,
  );
}
