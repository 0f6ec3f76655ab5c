import type { FilterColumns } from '@cleanmail/database';
import { emailKeyLength } from './email-keys.js';

/** Where users keep what filters ask for; everything not named here is in the search document. */
export const userFilterColumns: FilterColumns = {
  resource: { tenant: 'u.tenant_id', id: 'u.id' },
  columns: new Map([
    ['id', { expression: 'u.id', kind: 'text', isRequired: true, isUnique: true }],
    ['userName', { expression: 'u.user_name_key', kind: 'text', isRequired: true, isUnique: true }],
    ['externalId', { expression: 'u.external_id', kind: 'text', index: 'ix_scim_user_external_id' }],
    ['displayName', { expression: 'u.display_name_key', kind: 'text', index: 'ix_scim_user_display_name' }],
    ['active', { expression: 'u.active', kind: 'boolean', isRequired: true }],
    ['meta.created', { expression: 'u.created_at', kind: 'instant', isRequired: true }],
    [
      'meta.lastModified',
      { expression: 'u.last_modified', kind: 'instant', index: 'ix_scim_user_last_modified', isRequired: true },
    ],
    // Made out of a column, so that it compares like one: byte by byte.
    ['meta.resourceType', { expression: "replace(u.id, u.id, 'User')", kind: 'text', isRequired: true }],
    ['meta', { expression: 'u.id', kind: 'text', isRequired: true, isUnique: true }],
  ]),
  relations: new Map([
    [
      'groups',
      {
        from: 'scim_group_member m',
        join: 'JOIN scim_group g ON g.tenant_id = m.tenant_id AND g.id = m.group_id',
        tenant: 'm.tenant_id',
        owner: 'm.member_id',
        order: 'm.group_id',
        columns: new Map([
          ['value', { expression: 'm.group_id', kind: 'text' }],
          ['display', { expression: 'g.display_name_key', kind: 'text' }],
          ['type', { expression: "replace(m.member_id, m.member_id, 'direct')", kind: 'text' }],
        ]),
        indexed: new Set(['value', 'display']),
      },
    ],
  ]),
  document: 'u.search',
  lookups: new Map([
    [
      'emails.value',
      {
        table: 'scim_user_email',
        valueColumn: 'value_key',
        ownerColumn: 'user_id',
        keyLength: emailKeyLength,
      },
    ],
  ]),
  unfilterable: new Set(['meta.location', 'meta.version', 'password']),
};
