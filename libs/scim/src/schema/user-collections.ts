import { binary, boolean, complex, reference, string } from './attribute.js';
import type { AttributeTraits } from './attribute.js';
import type { AttributeDefinition } from './definition.js';

const MULTI: AttributeTraits = { multiValued: true };
const LONG_VALUE = 65_536;

/** The sub-attributes that RFC 7643 section 2.4 gives every multi-valued attribute, around its own `value`. */
function labelled(value: AttributeDefinition, what: string, types: readonly string[]): readonly AttributeDefinition[] {
  return [
    value,
    string('display', `A name for the ${what} that is shown to people.`),
    string('type', `What the ${what} is used for.`, types.length === 0 ? {} : { canonicalValues: types }),
    boolean('primary', `Whether this is the preferred ${what}; true at most once.`),
  ];
}

const addressParts: readonly AttributeDefinition[] = [
  string('formatted', 'The whole address, formatted for display or a label.'),
  string('streetAddress', 'Street, house number and the like; may hold several lines.'),
  string('locality', 'City or locality.'),
  string('region', 'State or region.'),
  string('postalCode', 'Postal code.'),
  string('country', 'Country name or code.'),
  string('type', 'What the address is used for.', { canonicalValues: ['work', 'home', 'other'] }),
  boolean('primary', 'Whether this is the preferred address; true at most once.'),
];

const groupParts: readonly AttributeDefinition[] = [
  string('value', 'The id of the group.', { caseExact: true, mutability: 'readOnly' }),
  reference('$ref', 'The URI of the group.', ['User', 'Group'], { mutability: 'readOnly' }),
  string('display', 'The name of the group.', { mutability: 'readOnly' }),
  string('type', 'Whether the membership is direct.', {
    canonicalValues: ['direct', 'indirect'],
    mutability: 'readOnly',
  }),
];

/** The multi-valued attributes of a User (RFC 7643 section 4.1.2). */
export const userCollections: readonly AttributeDefinition[] = [
  complex(
    'emails',
    'E-mail addresses of the user.',
    labelled(string('value', 'The e-mail address.'), 'e-mail address', ['work', 'home', 'other']),
    MULTI,
  ),
  complex(
    'phoneNumbers',
    'Phone numbers of the user, kept as they were sent.',
    labelled(string('value', 'The phone number.'), 'phone number', ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    MULTI,
  ),
  complex(
    'ims',
    'Instant messaging addresses of the user.',
    labelled(string('value', 'The messaging address.'), 'messaging address', []),
    MULTI,
  ),
  complex(
    'photos',
    'Links to photos of the user.',
    labelled(reference('value', 'The URI of the photo.', ['external'], { maxLength: LONG_VALUE }), 'photo', [
      'photo',
      'thumbnail',
    ]),
    MULTI,
  ),
  complex('addresses', 'Postal addresses of the user.', addressParts, MULTI),
  complex('groups', 'Groups the user belongs to; changed through the group.', groupParts, {
    ...MULTI,
    mutability: 'readOnly',
  }),
  complex(
    'entitlements',
    'What the user is entitled to.',
    labelled(string('value', 'The entitlement.'), 'entitlement', []),
    MULTI,
  ),
  complex('roles', 'Roles of the user.', labelled(string('value', 'The role.'), 'role', []), MULTI),
  complex(
    'x509Certificates',
    'Certificates of the user.',
    labelled(binary('value', 'The DER certificate in base64.', { maxLength: LONG_VALUE }), 'certificate', []),
    MULTI,
  ),
];
