import type { FilterColumns } from '@cleanmail/database';
import { groupSchema, foldCase } from '@cleanmail/scim';

/** The search document of a group that an earlier version wrote: nothing but its core schema. */
const formerDocument = `'${JSON.stringify({ schemas: [foldCase(groupSchema.id)] })}'`;

/** Where groups keep what filters ask for; everything not named here is in the search document. */
export const groupFilterColumns: FilterColumns = {
  resource: { tenant: 'g.tenant_id', id: 'g.id' },
  columns: new Map([
    ['id', { expression: 'g.id', kind: 'text', isRequired: true, isUnique: true }],
    ['displayName', { expression: 'g.display_name_key', kind: 'text', isRequired: true, isUnique: true }],
    ['externalId', { expression: 'g.external_id', kind: 'text', index: 'ix_scim_group_external_id' }],
    ['meta.created', { expression: 'g.created_at', kind: 'instant', isRequired: true }],
    [
      'meta.lastModified',
      { expression: 'g.last_modified', kind: 'instant', index: 'ix_scim_group_last_modified', isRequired: true },
    ],
    // Made out of a column, so that it compares like one: byte by byte.
    ['meta.resourceType', { expression: "replace(g.id, g.id, 'Group')", kind: 'text', isRequired: true }],
    ['meta', { expression: 'g.id', kind: 'text', isRequired: true, isUnique: true }],
  ]),
  relations: new Map([
    [
      'members',
      {
        from: 'scim_group_member m',
        tenant: 'm.tenant_id',
        owner: 'm.group_id',
        order: 'm.member_id',
        columns: new Map([
          ['value', { expression: 'm.member_id', kind: 'text', index: 'ix_scim_group_member_member' }],
          ['type', { expression: 'LOWER(m.member_type)', kind: 'text' }],
        ]),
        indexed: new Set(['value']),
      },
    ],
  ]),
  document: `COALESCE(g.search, ${formerDocument})`,
  unfilterable: new Set(['meta.location', 'meta.version']),
};
