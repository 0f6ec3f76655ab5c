import { boolean, complex, integer, reference, string } from './attribute.js';
import type { AttributeDefinition, SchemaDefinition } from './definition.js';
import { SCHEMA_URNS } from './schema-urns.js';

const READ_ONLY = { mutability: 'readOnly' } as const;
const FIXED = { ...READ_ONLY, required: true };

/** A feature of which the document says whether it is supported, and how far. */
function feature(name: string, what: string, limits: readonly AttributeDefinition[] = []): AttributeDefinition {
  const supported = boolean('supported', `Whether ${what} is supported.`, FIXED);
  return complex(name, `Whether and how ${what} is supported.`, [supported, ...limits], FIXED);
}

/** The schema of the /ServiceProviderConfig document (RFC 7643 section 5, RFC 9865 section 4). */
export const serviceProviderConfigSchema: SchemaDefinition = {
  id: SCHEMA_URNS.serviceProviderConfig,
  name: 'ServiceProviderConfig',
  description: 'What the service provider supports',
  attributes: [
    reference('documentationUri', 'Documentation for people.', ['external'], READ_ONLY),
    feature('patch', 'PATCH'),
    feature('bulk', 'bulk', [
      integer('maxOperations', 'The most operations of one request.', FIXED),
      integer('maxPayloadSize', 'The largest body in bytes.', FIXED),
    ]),
    feature('filter', 'filtering', [integer('maxResults', 'The most resources of one answer.', FIXED)]),
    feature('changePassword', 'the change of passwords'),
    feature('sort', 'sorting'),
    feature('etag', 'the use of entity tags'),
    complex(
      'pagination',
      'How lists are paged (RFC 9865 section 4).',
      [
        boolean('cursor', 'Whether pages can be asked for by cursor.', FIXED),
        boolean('index', 'Whether pages can be asked for by index.', FIXED),
        string('defaultPaginationMethod', 'How a list is paged when the request does not say.', {
          ...READ_ONLY,
          canonicalValues: ['cursor', 'index'],
        }),
        integer('defaultPageSize', 'The resources of a page when the request does not say.', READ_ONLY),
        integer('maxPageSize', 'The most resources of a page.', READ_ONLY),
        integer('cursorTimeout', 'The seconds for which a cursor is good.', READ_ONLY),
      ],
      READ_ONLY,
    ),
    complex(
      'authenticationSchemes',
      'How clients may authenticate.',
      [
        string('type', 'The kind of scheme.', {
          ...FIXED,
          canonicalValues: ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'],
        }),
        string('name', 'The name of the scheme.', FIXED),
        string('description', 'What the scheme is.', FIXED),
        reference('specUri', 'Its specification.', ['external'], READ_ONLY),
        reference('documentationUri', 'Its documentation.', ['external'], READ_ONLY),
        boolean('primary', 'Whether it is the preferred scheme.', READ_ONLY),
      ],
      { ...FIXED, multiValued: true },
    ),
  ],
};
