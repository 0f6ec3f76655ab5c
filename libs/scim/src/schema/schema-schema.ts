import { boolean, complex, string } from './attribute.js';
import type { AttributeDefinition, SchemaDefinition } from './definition.js';
import { SCHEMA_URNS } from './schema-urns.js';

const READ_ONLY = { mutability: 'readOnly' } as const;
const FIXED = { ...READ_ONLY, required: true };
const TYPES = ['string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'binary'];

const characteristics: readonly AttributeDefinition[] = [
  string('name', 'The name of the attribute.', FIXED),
  string('type', 'Its data type.', { ...FIXED, canonicalValues: TYPES }),
  boolean('multiValued', 'Whether it has several values.', FIXED),
  string('description', 'What it means.', READ_ONLY),
  boolean('required', 'Whether every resource has it.', READ_ONLY),
  string('canonicalValues', 'Values that are suggested.', { ...READ_ONLY, multiValued: true }),
  boolean('caseExact', 'Whether case matters when it is compared.', READ_ONLY),
  string('mutability', 'Who may write it.', {
    ...READ_ONLY,
    canonicalValues: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
  }),
  string('returned', 'When it is returned.', {
    ...READ_ONLY,
    canonicalValues: ['always', 'never', 'default', 'request'],
  }),
  string('uniqueness', 'Where its value is unique.', {
    ...READ_ONLY,
    canonicalValues: ['none', 'server', 'global'],
  }),
  string('referenceTypes', 'What a reference may point to.', { ...READ_ONLY, multiValued: true }),
];

const subAttributes = complex('subAttributes', 'The parts of a complex attribute.', characteristics, {
  ...READ_ONLY,
  multiValued: true,
});

/** The schema of the /Schemas documents themselves (RFC 7643 section 7). */
export const schemaSchema: SchemaDefinition = {
  id: SCHEMA_URNS.schema,
  name: 'Schema',
  description: 'The attributes that a schema URN stands for',
  attributes: [
    string('id', 'The URN of the schema.', FIXED),
    string('name', 'The name of the schema.', FIXED),
    string('description', 'What the schema describes.', READ_ONLY),
    complex('attributes', 'The attributes of the schema.', [...characteristics, subAttributes], {
      ...FIXED,
      multiValued: true,
    }),
  ],
};
