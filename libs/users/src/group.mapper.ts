import type { SqlValue } from '@cleanmail/database';
import {
  type ResourceType,
  schemasOf,
  type ScimComplex,
  type ScimResource,
  searchDocument,
  storedSchemasOf,
} from '@cleanmail/scim';
import type { Group, GroupMember } from './group.js';
import { keyColumn, textColumn } from './key-column.js';
import { metaOf } from './stored-resource.js';

/** The columns of a group in the order of {@link toGroupColumns}. */
export const groupColumns = [
  'id', 'display_name', 'display_name_key', 'external_id', 'document', 'search', 'version', 'created_at',
  'last_modified',
] as const; // prettier-ignore

/** What reading a group needs of its row. */
export const groupReadColumns = 'id, display_name, external_id, document, version, created_at, last_modified';

/** A group as the driver reads it. */
export interface GroupRow {
  readonly id: string;
  readonly display_name: string;
  readonly external_id: string | null;
  /** NULL in rows of earlier versions, which had nothing to put there. */
  readonly document: string | null;
  readonly version: number;
  readonly created_at: number;
  readonly last_modified: number;
}

/** The row of a group: mapped attributes in columns, extensions in one document; its members have rows of their own. */
export function toGroupColumns(
  { id, resource, version, createdAt, lastModified }: Group,
  resourceType: ResourceType,
): SqlValue[] {
  const { displayName, externalId, ...rest } = resource;
  const schemas = storedSchemasOf(resource, resourceType);
  return [
    id,
    textColumn(displayName),
    keyColumn(displayName, 'displayName'),
    textColumn(externalId),
    JSON.stringify(rest),
    JSON.stringify(searchDocument({ ...rest, schemas }, resourceType)),
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
      ...(row.document === null ? {} : (JSON.parse(row.document) as ScimResource)),
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
