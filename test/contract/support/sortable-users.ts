import { type AttributeDefinition, type ResourceType, SCHEMA_URNS, userResourceType } from '@cleanmail/scim';
import fc from 'fast-check';

const enterprise = SCHEMA_URNS.enterpriseUser;

/** An extension with an attribute of every kind that can be sorted by. */
export const kinds = 'urn:example:params:scim:schemas:extension:kinds:2.0:User';

function attribute(
  name: string,
  type: AttributeDefinition['type'],
  traits: Partial<AttributeDefinition> = {},
): AttributeDefinition {
  return {
    name,
    type,
    multiValued: false,
    description: name,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...traits,
  };
}

const badgeParts = [
  attribute('value', 'string', { caseExact: true }),
  attribute('level', 'integer'),
  attribute('since', 'dateTime'),
  attribute('colours', 'string', { multiValued: true }),
  attribute('primary', 'boolean'),
];

/** Users with the enterprise extension and one with an attribute of every kind. */
export const kindsUserType: ResourceType = {
  ...userResourceType,
  extensions: [
    ...userResourceType.extensions,
    {
      required: false,
      schema: {
        id: kinds,
        name: 'Kinds',
        description: 'Attributes of every kind',
        attributes: [
          attribute('exact', 'string', { caseExact: true }),
          attribute('integer', 'integer'),
          attribute('decimal', 'decimal'),
          attribute('flag', 'boolean'),
          attribute('instant', 'dateTime'),
          attribute('tags', 'string', { multiValued: true }),
          attribute('numbers', 'integer', { multiValued: true }),
          attribute('badges', 'complex', { multiValued: true, subAttributes: badgeParts }),
          attribute('badge', 'complex', { subAttributes: badgeParts }),
        ],
      },
    },
  ],
};

/** Texts that databases are known to order differently; few of them, so that some are the same. */
const texts = [
  'Anna', 'anna', 'ANNA', 'anna ', ' anna', 'an', 'Ännä', 'a\u0308nna', 'annb', 'straße', 'strasse', 'ΣΑΣ', 'σας', 'İi', 'ı', '😀', '😁x', '\uffef', '\ue000',
  '%', '_', "o'Neil", '"quoted"', 'back\\slash', '0', '10', '9', ' ', '\u00a0', 'a\tb', 'z'.repeat(300), 'true', 'null', `${'ä'.repeat(700)}a`, `${'ä'.repeat(700)}b`,
] as const; // prettier-ignore
const text = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...texts) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }) },
);
const short = text.map((value) => [...value].slice(0, 200).join(''));
const instant = fc.constantFrom(
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00.001Z',
  '2026-01-01T01:00:00+02:00',
  '2025-12-31T23:30:00-01:00',
  '0999-01-01T00:00:00Z',
);
const integer = fc.constantFrom(0, 1, -1, 2, 10, 9, -10, 100, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER);
const decimal = fc.oneof(fc.constantFrom(0.1, 0.2, -0.5, 1e21, 1e-7, 2.5), integer);
const badge = fc.record(
  { value: text, level: integer, since: instant, colours: fc.array(text, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const element = fc.record({ value: text, display: text, type: text }, { requiredKeys: ['value'] });

/** Up to three elements, of which any one may be the primary one. */
function elements<Element extends object>(one: fc.Arbitrary<Element>): fc.Arbitrary<readonly object[]> {
  return fc
    .tuple(fc.array(one, { maxLength: 3 }), fc.integer({ min: -1, max: 2 }))
    .map(([all, primary]) => all.map((each, index) => ({ ...each, ...(index === primary ? { primary: true } : {}) })));
}

/** The body of a POST with any of the attributes that {@link sortableNames} names. */
export const sortableUser = fc.record(
  {
    externalId: short, displayName: short, nickName: text, title: text, profileUrl: text, active: fc.boolean(),
    name: fc.record({ givenName: short, familyName: short, formatted: short }, { requiredKeys: [] }),
    emails: elements(element), phoneNumbers: elements(element),
    addresses: elements(fc.record({ locality: text, country: text }, { requiredKeys: ['country'] })),
    x509Certificates: fc.array(fc.record({ value: fc.constantFrom('YWJj', 'eHl6', 'ABCD', 'abcd') }), { maxLength: 2 }),
    [enterprise]: fc.record({ department: text, manager: fc.record({ value: text, $ref: text }) }, { requiredKeys: [] }),
    [kinds]: fc.record(
      {
        exact: text, integer, decimal, flag: fc.boolean(), instant, tags: fc.array(text, { maxLength: 3 }),
        numbers: fc.array(integer, { maxLength: 3 }), badges: elements(badge), badge,
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
); // prettier-ignore

/** Names for sortBy that every kind of attribute and every place where it is kept is among. */
export const sortableNames = [
  'id', 'userName', 'externalId', 'displayName', 'active', 'meta.created', 'meta.lastModified', 'meta.resourceType', 'schemas',
  'name.givenName', 'name.familyName', 'name.formatted', 'nickName', 'title', 'profileUrl', 'emails', 'emails.value', 'emails.display', 'emails.type',
  'emails.primary', 'phoneNumbers', 'addresses.locality', 'addresses.country', 'x509Certificates', 'groups', 'groups.display', 'groups.type',
  `${enterprise}:department`, `${enterprise}:manager`, `${enterprise}:manager.$ref`, `${SCHEMA_URNS.user}:userName`,
  ...['exact', 'integer', 'decimal', 'flag', 'instant', 'tags', 'numbers', 'badges', 'badges.level', 'badges.since', 'badges.colours',
    'badges.primary', 'badge', 'badge.level', 'badge.since', 'badge.colours'].map((name) => `${kinds}:${name}`),
] as const; // prettier-ignore
