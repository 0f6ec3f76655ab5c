import type { UserEmail, UserFacts } from '@cleanmail/mailboxes';
import { SCHEMA_URNS, type ScimComplex, type ScimValue } from '@cleanmail/scim';
import { textOf } from './stored-resource.js';
import { isActive, type User, userNameOf } from './user.js';

/** What the mailbox account of a user follows; `proxyAddresses` where the tenant has registered the schema for them. */
export function mailFacts(user: User): UserFacts {
  const { emails, userType, [SCHEMA_URNS.mailUser]: extension } = user.resource;
  const proxyAddresses = listOf(isComplex(extension) ? extension['proxyAddresses'] : undefined).filter(isText);
  return {
    userId: user.id,
    userName: userNameOf(user),
    externalId: textOf(user, 'externalId') ?? null,
    active: isActive(user),
    emails: listOf(emails).filter(isComplex).map(emailOf),
    proxyAddresses,
    ...(isText(userType) ? { userType } : {}),
  };
}

/** Whether a change of the user means nothing to its mailbox account. */
export function haveSameMailFacts(before: User, after: User): boolean {
  return JSON.stringify(mailFacts(before)) === JSON.stringify(mailFacts(after));
}

function emailOf({ value, type, primary }: ScimComplex): UserEmail {
  return {
    value: isText(value) ? value : '',
    ...(isText(type) ? { type } : {}),
    ...(typeof primary === 'boolean' ? { primary } : {}),
  };
}

function listOf(value: ScimValue | undefined): readonly ScimValue[] {
  return Array.isArray(value) ? (value as readonly ScimValue[]) : [];
}

function isComplex(value: ScimValue | undefined): value is ScimComplex {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: ScimValue | undefined): value is string {
  return typeof value === 'string';
}
