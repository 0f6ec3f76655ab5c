import { isObject } from '../resource/resource.js';
import { SCHEMA_URNS } from '../schema/schema-urns.js';
import type { DialectSign } from './dialect.js';
import { consistsOf, firstKeys, member, type Shape } from './shape.js';

const HEXADECIMAL = '0123456789abcdef';
const ALPHANUMERIC = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const GOOGLE_URN = 'urn:scim:schemas:core:1.0';
const ONELOGIN_URNS = ['urn:scim:schemas:core:2.0', 'urn:scim:schemas:extension:enterprise:2.0'];

/** Google lists the schema of SCIM 1.0 beside that of 2.0. */
export function googleSign({ schemas }: Shape): DialectSign | undefined {
  return schemas.includes(GOOGLE_URN) && schemas.includes(SCHEMA_URNS.user)
    ? { dialect: 'google', evidence: 'the schemas of SCIM 1.0 and 2.0 side by side' }
    : undefined;
}

/** OneLogin's template names schemas as drafts of SCIM 2.0 did. */
export function oneLoginSign({ schemas }: Shape): DialectSign | undefined {
  return schemas.some((schema) => ONELOGIN_URNS.includes(schema))
    ? { dialect: 'onelogin', evidence: 'schemas of the drafts of SCIM 2.0' }
    : undefined;
}

/** Habits of OneLogin that any client might have: one e-mail address without a list, and the value before op. */
export function oneLoginHabit({ body, operations }: Shape): DialectSign | undefined {
  if (isObject(member(body, 'emails'))) {
    return { dialect: 'onelogin', evidence: 'emails as an object instead of a list' };
  }
  const isBackwards = operations.some((operation) => firstKeys(operation).join() === 'value,op,path');
  return isBackwards ? { dialect: 'onelogin', evidence: 'operations written as value, op, path' } : undefined;
}

/** Okta's own ids, its placeholder of a password, and the group's id inside the value of an operation. */
export function oktaSign({ method, body, operations }: Shape): DialectSign | undefined {
  if (isOktaId(member(body, 'externalId'))) {
    return { dialect: 'okta', evidence: 'externalId in the form of Okta’s ids' };
  }
  if (method === 'POST' && typeof member(body, 'password') === 'string' && isEmptyList(member(body, 'groups'))) {
    return { dialect: 'okta', evidence: 'a password and an empty list of groups in a create' };
  }
  return operations.some(hasIdInValue)
    ? { dialect: 'okta', evidence: 'the id of the group inside the value of an operation without path' }
    : undefined;
}

/** JumpCloud's ids are those of the database it keeps people in; other clients may have such ids too. */
export function jumpCloudHabit({ body }: Shape): DialectSign | undefined {
  const id = member(body, 'externalId');
  return typeof id === 'string' && id.length === 24 && consistsOf(id, HEXADECIMAL)
    ? { dialect: 'jumpcloud', evidence: 'externalId in the form of JumpCloud’s ids' }
    : undefined;
}

function isOktaId(id: unknown): boolean {
  return typeof id === 'string' && id.length === 20 && id.startsWith('00u') && consistsOf(id, ALPHANUMERIC);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function hasIdInValue(operation: Readonly<Record<string, unknown>>): boolean {
  const value = member(operation, 'value');
  return (
    member(operation, 'op') === 'replace' &&
    member(operation, 'path') === undefined &&
    isObject(value) &&
    typeof member(value, 'id') === 'string' &&
    (member(value, 'displayName') !== undefined || member(value, 'members') !== undefined)
  );
}
