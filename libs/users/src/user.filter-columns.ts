import type { FilterColumns } from '@cleanmail/database';

/** Where users keep what filters ask for; everything not named here is in the search document. */
export const userFilterColumns: FilterColumns = {
  columns: new Map([
    ['id', { expression: 'u.id', kind: 'text' }],
    ['userName', { expression: 'u.user_name_key', kind: 'text' }],
    ['externalId', { expression: 'u.external_id', kind: 'text' }],
    ['displayName', { expression: 'u.display_name_key', kind: 'text' }],
    ['active', { expression: 'u.active', kind: 'boolean' }],
    ['meta.created', { expression: 'u.created_at', kind: 'instant' }],
    ['meta.lastModified', { expression: 'u.last_modified', kind: 'instant' }],
    // Made out of a column, so that it compares like one: byte by byte.
    ['meta.resourceType', { expression: "replace(u.id, u.id, 'User')", kind: 'text' }],
    ['meta', { expression: 'u.id', kind: 'text' }],
  ]),
  relations: new Map([
    [
      'groups',
      {
        from: 'scim_group_member m JOIN scim_group g ON g.tenant_id = m.tenant_id AND g.id = m.group_id',
        link: 'm.tenant_id = u.tenant_id AND m.member_id = u.id',
        columns: new Map([
          ['value', { expression: 'm.group_id', kind: 'text' }],
          ['display', { expression: 'g.display_name_key', kind: 'text' }],
          ['type', { expression: "replace(m.member_id, m.member_id, 'direct')", kind: 'text' }],
        ]),
      },
    ],
  ]),
  document: 'u.search',
  unfilterable: new Set(['meta.location', 'meta.version', 'password']),
};
