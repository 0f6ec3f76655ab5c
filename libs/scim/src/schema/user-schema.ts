import { boolean, complex, reference, string } from './attribute.js';
import type { SchemaDefinition } from './definition.js';
import { SCHEMA_URNS } from './schema-urns.js';
import { userCollections } from './user-collections.js';

const NAME_LENGTH = { maxLength: 512 };

/** The core User schema, whole (RFC 7643 section 4.1). */
export const userSchema: SchemaDefinition = {
  id: SCHEMA_URNS.user,
  name: 'User',
  description: 'User account',
  attributes: [
    string('userName', 'The name the user is known by; unique in the tenant without regard to case.', {
      required: true,
      uniqueness: 'server',
      singleLine: true,
      ...NAME_LENGTH,
    }),
    complex('name', 'The parts of the user’s name.', [
      string('formatted', 'The full name, formatted for display.', NAME_LENGTH),
      string('familyName', 'Family name.', NAME_LENGTH),
      string('givenName', 'Given name.', NAME_LENGTH),
      string('middleName', 'Middle name.', NAME_LENGTH),
      string('honorificPrefix', 'Title before the name.', NAME_LENGTH),
      string('honorificSuffix', 'Suffix after the name.', NAME_LENGTH),
    ]),
    string('displayName', 'The name shown to other people.', NAME_LENGTH),
    string('nickName', 'What the user is casually called.'),
    reference('profileUrl', 'The URI of the user’s profile page.', ['external']),
    string('title', 'Job title.'),
    string('userType', 'Relation of the user to the organisation.'),
    string('preferredLanguage', 'Preferred language, as in an Accept-Language header.'),
    string('locale', 'Locale for dates, numbers and currency.'),
    string('timezone', 'Time zone in the form of the IANA database.', { caseExact: false }),
    boolean('active', 'Whether the user may use the service.'),
    string('password', 'The clear-text password; accepted but not kept by this service.', {
      mutability: 'writeOnly',
      returned: 'never',
    }),
    ...userCollections,
  ],
};
