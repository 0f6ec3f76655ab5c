import type { FilterColumns } from '@cleanmail/database';
import { groupSchema, foldCase } from '@cleanmail/scim';

/** Where groups keep what filters ask for; `schemas` is the same for all of them. */
export const groupFilterColumns: FilterColumns = {
  columns: new Map([
    ['id', { expression: 'g.id', kind: 'text' }],
    ['displayName', { expression: 'g.display_name_key', kind: 'text' }],
    ['externalId', { expression: 'g.external_id', kind: 'text' }],
    ['meta.created', { expression: 'g.created_at', kind: 'instant' }],
    ['meta.lastModified', { expression: 'g.last_modified', kind: 'instant' }],
    // Made out of a column, so that it compares like one: byte by byte.
    ['meta.resourceType', { expression: "replace(g.id, g.id, 'Group')", kind: 'text' }],
    ['meta', { expression: 'g.id', kind: 'text' }],
  ]),
  relations: new Map([
    [
      'members',
      {
        from: 'scim_group_member m',
        link: 'm.tenant_id = g.tenant_id AND m.group_id = g.id',
        columns: new Map([
          ['value', { expression: 'm.member_id', kind: 'text' }],
          ['type', { expression: 'LOWER(m.member_type)', kind: 'text' }],
        ]),
      },
    ],
  ]),
  document: `'${JSON.stringify({ schemas: [foldCase(groupSchema.id)] })}'`,
  unfilterable: new Set(['meta.location', 'meta.version']),
};
