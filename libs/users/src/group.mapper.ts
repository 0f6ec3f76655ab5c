import type { SqlValue } from '@cleanmail/database';
import { type ResourceType, schemasOf, type ScimComplex, type ScimResource } from '@cleanmail/scim';
import type { Group, GroupMember } from './group.js';
import { keyColumn, textColumn } from './key-column.js';
import { metaOf } from './stored-resource.js';

/** The columns of a group in the order of {@link toGroupColumns}. */
export const groupColumns = [
  'id', 'display_name', 'display_name_key', 'external_id', 'version', 'created_at', 'last_modified',
] as const; // prettier-ignore

/** What reading a group needs of its row. */
export const groupReadColumns = 'id, display_name, external_id, version, created_at, last_modified';

/** A group as the driver reads it. */
export interface GroupRow {
  readonly id: string;
  readonly display_name: string;
  readonly external_id: string | null;
  readonly version: number;
  readonly created_at: number;
  readonly last_modified: number;
}

/** The row of a group; its members have rows of their own. */
export function toGroupColumns({ id, resource, version, createdAt, lastModified }: Group): SqlValue[] {
  const { displayName, externalId } = resource;
  return [
    id,
    textColumn(displayName),
    keyColumn(displayName, 'displayName'),
    textColumn(externalId),
    version,
    createdAt,
    lastModified,
  ];
}

/** The group of a row. */
export function fromGroupRow(row: GroupRow): Group {
  return {
    id: row.id,
    version: row.version,
    createdAt: row.created_at,
    lastModified: row.last_modified,
    resource: {
      displayName: row.display_name,
      ...(row.external_id === null ? {} : { externalId: row.external_id }),
    },
  };
}

/** The group as a SCIM resource (RFC 7643 section 4.2), with the members that were read; URLs start with `baseUrl`. */
export function groupToScim(group: Group, resourceType: ResourceType, baseUrl: string): ScimResource {
  const { members = [] } = group;
  return {
    schemas: schemasOf(group.resource, resourceType),
    id: group.id,
    ...group.resource,
    ...(members.length === 0 ? {} : { members: members.map((member) => memberToScim(member, baseUrl)) }),
    meta: metaOf(group, resourceType, baseUrl),
  };
}

function memberToScim({ id, type }: GroupMember, baseUrl: string): ScimComplex {
  return { value: id, $ref: `${baseUrl}/${type}s/${id}`, type };
}
