import { describe, expect, it } from '@jest/globals';
import type { ResourceType, SchemaDefinition } from '../definition.js';
import { renderSchema } from '../render.js';
import { userResourceType } from '../resource-types.js';
import { SCHEMA_URNS } from '../schema-urns.js';
import { EXTENSION_LIMITS, readExtension } from './read-extension.js';
import { InvalidSchemaError } from './schema-issues.js';

const id = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User';
const partner: SchemaDefinition = {
  ...readExtension(
    { id: 'urn:example:partner', attributes: [{ name: 'partnerId' }] },
    { resourceType: userResourceType, otherUrns: [] },
  ),
};
const extended: ResourceType = {
  ...userResourceType,
  extensions: [...userResourceType.extensions, { schema: partner, required: false }],
};
const otherUrns = [SCHEMA_URNS.user, SCHEMA_URNS.group, SCHEMA_URNS.enterpriseUser, partner.id, 'urn:example:team:1.0'];
const home = { resourceType: extended, otherUrns };

const badge = { name: 'badge' };
const complex = (changes: object) => ({ name: 'desk', type: 'complex', subAttributes: [badge], ...changes });
const document = (changes: object = {}) => ({ id, attributes: [badge], ...changes });
const withAttribute = (changes: object) => document({ attributes: [{ ...badge, ...changes }] });

function nested(levels: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

function issuesOf(schema: unknown): readonly (readonly [string, string])[] {
  try {
    readExtension(schema, home);
  } catch (error) {
    if (error instanceof InvalidSchemaError) return error.issues.map(({ path, problem }) => [path, problem]);
    throw error;
  }
  return [];
}

describe(readExtension.name, () => {
  it('should fill in the defaults of RFC 7643 section 2.2', () => {
    const defaults = {
      type: 'string', multiValued: false, description: '', required: false, caseExact: false, mutability: 'readWrite',
      returned: 'default', uniqueness: 'none',
    }; // prettier-ignore
    const reference = { name: 'site', type: 'reference', referenceTypes: ['external'] };
    expect(
      readExtension(document({ attributes: [badge, reference, { name: 'print', type: 'binary' }] }), home),
    ).toEqual({
      id,
      name: 'User',
      description: '',
      attributes: [
        { ...defaults, name: 'badge' },
        { ...defaults, ...reference, caseExact: true },
        { ...defaults, name: 'print', type: 'binary', caseExact: true },
      ],
    });
  });

  it('should read its own rendering as the same schema', () => {
    const whole = {
      schemas: [SCHEMA_URNS.schema], id, name: 'Contoso', description: 'Of Contoso\nalone',
      attributes: [
        { name: 'a-b_c$1', type: 'string', canonicalValues: ['x', 'y'], caseExact: true, returned: 'request', mutability: 'immutable' },
        { name: 'until', type: 'dateTime', canonicalValues: ['2011-05-13T04:42:34Z'] },
        complex({ multiValued: true, required: true, subAttributes: [{ name: '$ref', type: 'reference', referenceTypes: ['User', 'uri'], caseExact: false }, { name: 'value', type: 'decimal' }] }),
      ],
    }; // prettier-ignore
    const schema = readExtension(whole, home);
    expect(readExtension(renderSchema(schema, 'https://host'), home)).toEqual(schema);
    expect(schema.attributes[2]).toMatchObject(whole.attributes[2] ?? {});
  });

  it('should take null for left out, as everywhere in SCIM', () => {
    expect(
      issuesOf(withAttribute({ type: null, canonicalValues: null, subAttributes: null, description: null })),
    ).toEqual([]);
  });

  it.each([
    'urn:ietf:params:scim:schemas:extension:contoso:2.0:User', 'urn:ietf:params:scim:schemas:extension:2.0:Contoso', 'URN:Example:a', 'urn:ab:c.d_e~f-g',
    'urn:example:partners', 'urn:example:team:1.01', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:Users',
  ])('should take the URN %s', (urn) => {
    expect(issuesOf(document({ id: urn }))).toEqual([]);
  }); // prettier-ignore

  it.each<[unknown, RegExp]>([
    [undefined, /must be a URN/],
    [7, /must be a string/],
    ['', /must be a URN/],
    ['contoso', /must be a URN/],
    ['urn:x', /must be a URN/],
    ['urn:x:y', /must be a URN/],
    ['urn:-ab:y', /must be a URN/],
    ['urn:ab-:y', /must be a URN/],
    [`urn:${'a'.repeat(33)}:y`, /must be a URN/],
    ['http://contoso.example/schema', /must be a URN/],
    ['urn:example:', /must consist of/],
    ['urn:example:a::b', /must consist of/],
    ['urn:example:a:', /must consist of/],
    ['urn:example:a.', /must consist of/],
    ['urn:example:a b', /must consist of/],
    ['urn:example:ä', /must consist of/],
    ['urn:example:a[b]', /must consist of/],
    ['urn:example:a"b', /must consist of/],
    [`urn:example:${'a'.repeat(300)}`, /longer than 255/],
    [SCHEMA_URNS.user, /is reserved/],
    [SCHEMA_URNS.user.toUpperCase(), /is reserved/],
    [SCHEMA_URNS.enterpriseUser, /is reserved/],
    ['urn:ietf:params:scim:schemas:core:2.0:Device', /is reserved/],
    ['urn:ietf:params:scim:api:messages:2.0:PatchOp', /is reserved/],
    ['urn:example:partner', /is the URN of another schema, urn:example:partner/],
    ['urn:Example:PARTNER', /is the URN of another schema, urn:example:partner/],
    ['urn:example:partner:x', /and the URN urn:example:partner begin alike/],
    ['urn:EXAMPLE:partner.x', /and the URN urn:example:partner begin alike/],
    ['urn:example:team', /and the URN urn:example:team:1.0 begin alike/],
    ['urn:example:team:1', /and the URN urn:example:team:1.0 begin alike/],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:more', /begin alike/],
    ['urn:ietf:params:scim:schemas:extension:enterprise', /begin alike/],
  ])('should refuse the URN %s', (urn, problem) => {
    const issues = issuesOf(document({ id: urn }));
    expect(issues[0]).toEqual(['id', expect.stringMatching(problem)]);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /must be the name/],
    [5, /must be the name/],
    ['', /must be a letter/],
    ['1st', /must be a letter/],
    ['_x', /must be a letter/],
    ['$ref', /must be a letter/],
    ['a b', /must be a letter/],
    ['a.b', /must be a letter/],
    ['a:b', /must be a letter/],
    ['größe', /must be a letter/],
    ['a'.repeat(129), /longer than 128/],
    ['__proto__', /every object has/],
    ['constructor', /every object has/],
    ['hasOwnProperty', /every object has/],
    ['TOSTRING', /every object has/],
    ['prototype', /every object has/],
    ['not', /filter language/],
    ['And', /filter language/],
    ['userName', /redefines a core attribute of User/],
    ['USERNAME', /redefines a core attribute of User/],
    ['password', /redefines a core attribute/],
    ['id', /redefines a core attribute/],
    ['schemas', /redefines a core attribute/],
    ['externalid', /redefines a core attribute/],
    ['meta', /redefines a core attribute/],
    ['Department', /is the name of an attribute of urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/],
    ['partnerID', /is the name of an attribute of urn:example:partner/],
  ])('should refuse the attribute name %j', (name, problem) => {
    expect(issuesOf(withAttribute({ name }))).toContainEqual(['attributes[0].name', expect.stringMatching(problem)]);
  });

  it('should take for a sub-attribute what is the name of a core attribute, and $ref', () => {
    const subAttributes = [{ name: 'userName' }, { name: '$ref' }, { name: 'id' }];
    expect(issuesOf(document({ attributes: [complex({ subAttributes })] }))).toEqual([]);
  });

  it.each<[string, object, string, RegExp]>([
    ['an unknown type', { type: 'text' }, 'type', /must be one of string, boolean/],
    ['a type that is no text', { type: ['string'] }, 'type', /must be one of/],
    ['multiValued as text', { multiValued: 'true' }, 'multiValued', /must be true or false/],
    ['required as number', { required: 1 }, 'required', /must be true or false/],
    ['caseExact as text', { caseExact: 'no' }, 'caseExact', /must be true or false/],
    ['an unknown mutability', { mutability: 'readonly' }, 'mutability', /must be one of readOnly/],
    ['an unknown returned', { returned: 'sometimes' }, 'returned', /must be one of always/],
    ['a unique attribute', { uniqueness: 'server' }, 'uniqueness', /must be none: .*no unique index/],
    ['a globally unique one', { uniqueness: 'global' }, 'uniqueness', /must be none/],
    ['writeOnly that is returned', { mutability: 'writeOnly' }, 'returned', /must be never.*not kept/],
    ['writeOnly and required', { mutability: 'writeOnly', returned: 'never', required: true }, 'required', /not kept/],
    ['readOnly and required', { mutability: 'readOnly', required: true }, 'required', /no client can give/],
    ['complex without parts', { type: 'complex' }, 'subAttributes', /at least one/],
    ['complex with empty parts', { type: 'complex', subAttributes: [] }, 'subAttributes', /at least one/],
    ['parts of a simple one', { subAttributes: [{ name: 'x' }] }, 'subAttributes', /complex only/],
    [
      'parts that are no list',
      { type: 'complex', subAttributes: { name: 'x' } },
      'subAttributes',
      /must be a list of at/,
    ],
    ['canonicalValues that are no list', { canonicalValues: 'x' }, 'canonicalValues', /must be a list/],
    ['canonicalValues that are numbers', { canonicalValues: [1] }, 'canonicalValues', /must be strings/],
    ['empty canonicalValues', { canonicalValues: [''] }, 'canonicalValues', /texts of 1 to/],
    ['repeated canonicalValues', { canonicalValues: ['a', 'a'] }, 'canonicalValues', /must not be repeated/],
    ['canonicalValues of an integer', { type: 'integer', canonicalValues: ['1'] }, 'canonicalValues', /type integer/],
    ['canonicalValues of a boolean', { type: 'boolean', canonicalValues: ['true'] }, 'canonicalValues', /type boolean/],
    [
      'canonicalValues of no date',
      { type: 'dateTime', canonicalValues: ['today'] },
      'canonicalValues',
      /dates and times/,
    ],
    ['a reference to nothing', { type: 'reference' }, 'referenceTypes', /must say what/],
    ['a reference to a device', { type: 'reference', referenceTypes: ['Device'] }, 'referenceTypes', /must be of User/],
    ['referenceTypes of a string', { referenceTypes: ['User'] }, 'referenceTypes', /type reference only/],
    ['a description that is no text', { description: {} }, 'description', /must be a string/],
    ['an endless description', { description: 'x'.repeat(4097) }, 'description', /longer than 4096/],
    ['a control character', { description: 'a\u0000b' }, 'description', /control characters/],
    ['half a surrogate pair', { description: '\ud800' }, 'description', /halves of surrogates/],
    ['a misspelt member', { multivalued: true }, 'multivalued', /must be spelled multiValued/],
    ['an unknown member', { indexed: true }, 'indexed', /no member that RFC 7643 section 7 knows/],
  ])('should refuse %s', (_what, changes, member, problem) => {
    expect(issuesOf(withAttribute(changes))).toEqual([[`attributes[0].${member}`, expect.stringMatching(problem)]]);
  });

  it.each<[string, object, string, RegExp]>([
    ['complex in complex', { subAttributes: [complex({})] }, 'subAttributes[0].type', /must not be complex.*2\.3\.8/],
    ['several values in a part', { subAttributes: [{ name: 'x', multiValued: true }] }, 'subAttributes[0].multiValued', /must be false/],
    ['two parts of a name', { subAttributes: [{ name: 'x' }, { name: 'X' }] }, 'subAttributes[1].name', /two attributes/],
    ['a prototype name', { subAttributes: [{ name: 'constructor' }] }, 'subAttributes[0].name', /every object has/],
    ['a part that is no object', { subAttributes: ['x'] }, 'subAttributes[0]', /must be an object/],
    ['too many parts', { subAttributes: Array.from({ length: 51 }, (_, n) => ({ name: `a${n}` })) }, 'subAttributes', /more than 50/],
    ['canonicalValues', { canonicalValues: ['x'] }, 'canonicalValues', /type complex/],
  ])('should refuse in a complex attribute: %s', (_what, changes, member, problem) => {
    const issues = issuesOf(document({ attributes: [complex(changes)] }));
    expect(issues).toEqual([[`attributes[0].${member}`, expect.stringMatching(problem)]]);
  }); // prettier-ignore

  it.each<[string, unknown, readonly (readonly [string, RegExp])[]]>([
    ['no object', [], [['schema', /must be an object/]]],
    ['null', null, [['schema', /must be an object/]]],
    ['text', 'x', [['schema', /must be an object/]]],
    ['no attributes', { id }, [['attributes', /at least one/]]],
    ['an empty list of attributes', document({ attributes: [] }), [['attributes', /at least one/]]],
    ['attributes as object', document({ attributes: {} }), [['attributes', /must be a list/]]],
    ['attributes that are none', document({ attributes: [1] }), [['attributes[0]', /must be an object/]]],
    ['two attributes of a name', document({ attributes: [badge, { name: 'Badge' }] }), [['attributes[1].name', /two attributes/]]],
    ['too many', document({ attributes: Array.from({ length: 101 }, (_, n) => ({ name: `a${n}` })) }), [['attributes', /more than 100/]]],
    ['another kind of document', document({ schemas: [SCHEMA_URNS.user] }), [['schemas', /must name/]]],
    ['schemas that are no list', document({ schemas: SCHEMA_URNS.schema }), [['schemas', /must be a list/]]],
    ['an endless name', document({ name: 'x'.repeat(256) }), [['name', /longer than 255/]]],
    ['what is nested without end', document({ meta: nested(100_000) }), [['schema', /nested deeper/]]],
    ['an unknown member', document({ extends: 'User' }), [['extends', /knows/]]],
    ['too much of all', document({ description: 'x'.repeat(EXTENSION_LIMITS.characters) }), [['schema', /longer than 65536/]]],
  ])('should refuse %s', (_what, schema, expected) => {
    expect(issuesOf(schema)).toEqual(expected.map(([path, problem]) => [path, expect.stringMatching(problem)]));
  }); // prettier-ignore

  it('should name everything that is wrong at once, and the first ten in its message', () => {
    const attributes = Array.from({ length: 12 }, (_, n) => ({ name: `a${n}`, type: 'text' }));
    const read = () => readExtension({ id: 'contoso', attributes }, home);
    expect(issuesOf({ id: 'contoso', attributes })).toHaveLength(13);
    expect(read).toThrow(/^id must be a URN.*attributes\[8\]\.type must be one of.*; and 3 more\.$/);
  });
});
