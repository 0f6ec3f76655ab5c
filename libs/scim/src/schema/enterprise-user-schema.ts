import { complex, reference, string } from './attribute.js';
import type { SchemaDefinition } from './definition.js';
import { SCHEMA_URNS } from './schema-urns.js';

/** The enterprise extension of a User (RFC 7643 section 4.3). */
export const enterpriseUserSchema: SchemaDefinition = {
  id: SCHEMA_URNS.enterpriseUser,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    string('employeeNumber', 'Number or code by which the organisation identifies the person.'),
    string('costCenter', 'Cost centre.'),
    string('organization', 'Organisation.'),
    string('division', 'Division.'),
    string('department', 'Department.'),
    complex('manager', 'The user’s manager.', [
      string('value', 'The id of the manager.', { caseExact: true }),
      reference('$ref', 'The URI of the manager.', ['User']),
      string('displayName', 'The manager’s display name.', { mutability: 'readOnly' }),
    ]),
  ],
};
