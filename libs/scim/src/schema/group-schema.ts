import { complex, reference, string } from './attribute.js';
import type { SchemaDefinition } from './definition.js';
import { SCHEMA_URNS } from './schema-urns.js';

/** The core Group schema (RFC 7643 section 4.2), with the `display` of a member that providers send. */
export const groupSchema: SchemaDefinition = {
  id: SCHEMA_URNS.group,
  name: 'Group',
  description: 'Group',
  attributes: [
    string('displayName', 'The name of the group; unique in the tenant without regard to case.', {
      required: true,
      uniqueness: 'server',
      maxLength: 512,
    }),
    complex(
      'members',
      'The members of the group, each at most once.',
      [
        string('value', 'The id of the member.', { caseExact: true, mutability: 'immutable' }),
        reference('$ref', 'The URI of the member.', ['User', 'Group'], { mutability: 'immutable' }),
        string('display', 'The name of the member.'),
        string('type', 'Whether the member is a user or a group.', {
          canonicalValues: ['User', 'Group'],
          mutability: 'immutable',
        }),
      ],
      { multiValued: true, maxElements: Number.POSITIVE_INFINITY },
    ),
  ],
};
