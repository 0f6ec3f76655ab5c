import { boolean, complex, reference, string } from './attribute.js';
import type { SchemaDefinition } from './definition.js';
import { SCHEMA_URNS } from './schema-urns.js';

const READ_ONLY = { mutability: 'readOnly' } as const;
const FIXED = { ...READ_ONLY, required: true };

/** The schema of the /ResourceTypes documents (RFC 7643 section 6). */
export const resourceTypeSchema: SchemaDefinition = {
  id: SCHEMA_URNS.resourceType,
  name: 'ResourceType',
  description: 'A kind of resource',
  attributes: [
    string('id', 'The name of the resource type.', READ_ONLY),
    string('name', 'The name of the resource type.', FIXED),
    string('description', 'What the resource type is.', READ_ONLY),
    reference('endpoint', 'The endpoint, relative to the base URL.', ['uri'], FIXED),
    reference('schema', 'The URN of the core schema.', ['uri'], { ...FIXED, caseExact: false }),
    complex(
      'schemaExtensions',
      'The extensions that resources of the type may carry.',
      [
        reference('schema', 'The URN of the extension.', ['uri'], { ...FIXED, caseExact: false }),
        boolean('required', 'Whether every resource carries it.', FIXED),
      ],
      { ...READ_ONLY, multiValued: true },
    ),
  ],
};
