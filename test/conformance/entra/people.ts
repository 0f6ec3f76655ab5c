import { randomUUID } from 'node:crypto';
import { CORE_USER, ENTERPRISE_USER } from '../client/scim-types.js';

/** A mail address that no other tenant of the same database holds. */
export function uniqueAddress(local = 'person'): string {
  return `${local}.${randomUUID()}@contoso.example`;
}

/** A user with only what a mailbox needs. */
export function plainUser(userName: string, more: object = {}): object {
  return { schemas: [CORE_USER], userName, active: true, ...more };
}

/** A user with one value for every kind of attribute that Entra's default mapping sends. */
export function fullUser(userName = uniqueAddress(), more: object = {}): object {
  return {
    schemas: [CORE_USER, ENTERPRISE_USER],
    externalId: `external-${userName}`,
    userName,
    active: true,
    displayName: 'Anna Meier',
    title: 'Head of Post',
    name: { formatted: 'Dr. Anna Maria Meier', givenName: 'Anna', middleName: 'Maria', familyName: 'Meier' },
    emails: [
      { type: 'work', value: userName, primary: true },
      { type: 'home', value: `home-${userName}` },
    ],
    phoneNumbers: [
      { type: 'work', value: '+41 44 555 01 01', primary: true },
      { type: 'mobile', value: '+41 79 555 01 01' },
    ],
    roles: [
      { value: 'mail-user', display: 'Mail user', type: 'WindowsAzureActiveDirectoryRole', primary: true },
      { value: 'archive-user', display: 'Archive user', type: 'WindowsAzureActiveDirectoryRole' },
    ],
    [ENTERPRISE_USER]: { department: 'Post', employeeNumber: '4711', manager: { value: '9f2c0f6e-manager-before' } },
    ...more,
  };
}

/** The person of the documented cases C17 to C23 and U54. */
export const ANNA_MEIER = 'anna.meier@contoso.ch';
