import type { SqlValue } from '@cleanmail/database';
import {
  type ResourceType,
  schemasOf,
  type ScimComplex,
  type ScimResource,
  type ScimValue,
  searchDocument,
  storedSchemasOf,
} from '@cleanmail/scim';
import type { GroupMembership } from './group.js';
import { keyColumn, textColumn } from './key-column.js';
import { metaOf } from './stored-resource.js';
import { isActive, type User } from './user.js';

/** The columns of a user in the order of {@link toColumns}. */
export const userColumns = [
  'id', 'user_name', 'user_name_key', 'external_id', 'active', 'given_name', 'family_name', 'display_name', 'display_name_key',
  'document', 'search', 'version', 'created_at', 'last_modified',
] as const; // prettier-ignore

/** What reading a user needs of its row. */
export const readColumns =
  'id, user_name, external_id, active, given_name, family_name, display_name, document, version, created_at, last_modified';

/** A user as the driver reads it. */
export interface UserRow {
  readonly id: string;
  readonly user_name: string;
  readonly external_id: string | null;
  readonly active: number;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly display_name: string | null;
  readonly document: string;
  readonly version: number;
  readonly created_at: number;
  readonly last_modified: number;
}

/** The row of a user: mapped attributes in columns of their own, the rest in one document. */
export function toColumns(user: User, resourceType: ResourceType): SqlValue[] {
  const { userName, externalId, active, displayName, name, ...rest } = user.resource;
  const { givenName, familyName, ...restOfName } = asComplex(name);
  const document = Object.keys(restOfName).length === 0 ? rest : { ...rest, name: restOfName };
  const schemas = storedSchemasOf(user.resource, resourceType);
  const search = searchDocument({ ...user.resource, schemas }, resourceType);
  return [
    user.id,
    textColumn(userName),
    keyColumn(userName, 'userName'),
    textColumn(externalId),
    active !== false,
    textColumn(givenName),
    textColumn(familyName),
    textColumn(displayName),
    keyColumn(displayName, 'displayName'),
    JSON.stringify(document),
    JSON.stringify(search),
    user.version,
    user.createdAt,
    user.lastModified,
  ];
}

/** The user of a row. */
export function fromRow(row: UserRow): User {
  const { name, ...rest } = JSON.parse(row.document) as ScimResource;
  const wholeName = {
    ...asComplex(name),
    ...(row.given_name === null ? {} : { givenName: row.given_name }),
    ...(row.family_name === null ? {} : { familyName: row.family_name }),
  };
  return {
    id: row.id,
    version: row.version,
    createdAt: row.created_at,
    lastModified: row.last_modified,
    resource: {
      userName: row.user_name,
      ...(row.external_id === null ? {} : { externalId: row.external_id }),
      active: row.active === 1,
      ...(row.display_name === null ? {} : { displayName: row.display_name }),
      ...(Object.keys(wholeName).length === 0 ? {} : { name: wholeName }),
      ...rest,
    },
  };
}

/** The user as a SCIM resource (RFC 7643 section 4.1), with the groups that were read; URLs start with `baseUrl`. */
export function toScim(user: User, resourceType: ResourceType, baseUrl: string): ScimResource {
  const { groups = [] } = user;
  return {
    schemas: schemasOf(user.resource, resourceType),
    id: user.id,
    ...user.resource,
    active: isActive(user),
    ...(groups.length === 0 ? {} : { groups: groups.map((group) => membershipToScim(group, baseUrl)) }),
    meta: metaOf(user, resourceType, baseUrl),
  };
}

function membershipToScim({ groupId, displayName }: GroupMembership, baseUrl: string): ScimComplex {
  return { value: groupId, $ref: `${baseUrl}/Groups/${groupId}`, display: displayName, type: 'direct' };
}

function asComplex(value: ScimValue | undefined): Readonly<Record<string, ScimValue>> {
  return typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, ScimValue>>) : {};
}
