import { complex, dateTime, reference, string } from './attribute.js';
import type { AttributeDefinition } from './definition.js';

/** The attributes that every resource has beside those of its schemas (RFC 7643 section 3.1 and 3). */
export const commonAttributes: readonly AttributeDefinition[] = [
  reference('schemas', 'The URNs of the schemas of the resource.', ['uri'], {
    multiValued: true,
    caseExact: false,
    mutability: 'readOnly',
    returned: 'always',
  }),
  string('id', 'The identifier that the service provider gave the resource.', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  string('externalId', 'The identifier that the provisioning client gave the resource.', {
    caseExact: true,
    maxLength: 512,
  }),
  complex(
    'meta',
    'What the service provider knows about the resource.',
    [
      string('resourceType', 'The name of the resource type.', { caseExact: true, mutability: 'readOnly' }),
      dateTime('created', 'When the resource was created.', { mutability: 'readOnly' }),
      dateTime('lastModified', 'When the resource was last changed.', { mutability: 'readOnly' }),
      reference('location', 'The URI of the resource.', ['uri'], { mutability: 'readOnly' }),
      string('version', 'The version of the resource, as in its ETag header.', {
        caseExact: true,
        mutability: 'readOnly',
      }),
    ],
    { mutability: 'readOnly' },
  ),
];
