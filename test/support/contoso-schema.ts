/** The URN of the schema that the suites register for users, in the form of Entra's guides. */
export const CONTOSO = 'urn:ietf:params:scim:schemas:extension:Contoso:2.0:User';
/** The URN of the one for groups. */
export const TEAM = 'urn:example:contoso:1.0:Team';

export const SCHEMA_URN = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

type Document = Readonly<Record<string, unknown>> & { readonly attributes: readonly object[] };

/** A schema with an attribute of every type and of every way to be written and returned. */
export const contosoSchema: Document = {
  schemas: [SCHEMA_URN],
  id: CONTOSO,
  name: 'ContosoUser',
  description: 'What Contoso keeps of its people',
  attributes: [
    { name: 'badge', type: 'string', description: 'Number of the badge', canonicalValues: ['B-1', 'B-2'] },
    { name: 'doorCode', caseExact: true },
    { name: 'level', type: 'integer' },
    { name: 'quota', type: 'decimal' },
    { name: 'remote', type: 'boolean' },
    { name: 'hired', type: 'dateTime' },
    { name: 'homepage', type: 'reference', referenceTypes: ['external'] },
    { name: 'fingerprint', type: 'binary' },
    { name: 'skills', type: 'string', multiValued: true },
    { name: 'shifts', type: 'integer', multiValued: true },
    {
      name: 'desk',
      type: 'complex',
      subAttributes: [
        { name: 'building' },
        { name: 'floor', type: 'integer' },
        { name: 'pin', mutability: 'writeOnly', returned: 'never' },
      ],
    },
    {
      name: 'assets',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'value' },
        { name: 'type', canonicalValues: ['laptop', 'phone'] },
        { name: 'cost', type: 'decimal' },
        { name: 'since', type: 'dateTime' },
        { name: 'primary', type: 'boolean' },
        { name: '$ref', type: 'reference', referenceTypes: ['external'] },
      ],
    },
    { name: 'hint', mutability: 'writeOnly', returned: 'never' },
    { name: 'vault', returned: 'never' },
    { name: 'essay', returned: 'request' },
    { name: 'mark', returned: 'always' },
    { name: 'origin', mutability: 'immutable' },
    { name: 'computed', mutability: 'readOnly' },
  ],
};

/** A small schema for groups. */
export const teamSchema: Document = {
  id: TEAM,
  name: 'Team',
  attributes: [
    { name: 'costCentre', type: 'string' },
    {
      name: 'rooms',
      type: 'complex',
      multiValued: true,
      subAttributes: [{ name: 'value' }, { name: 'seats', type: 'integer' }],
    },
  ],
};

/** A schema with some of its members replaced. */
export function schemaWith(changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { ...contosoSchema, ...changes };
}
