import { type Finding, type Invariant, pagedResources, type SqlValue, sqlInvariant } from '@cleanmail/database';
import { erasureInvariants } from './erasure/erasure-invariants.js';
import { emailKeys } from './email-keys.js';
import { keyColumn } from './key-column.js';
import { pageDirectoryViolations } from './page-directory-check.js';
import { fromRow, readColumns, type UserRow } from './user.mapper.js';

interface KeyedUserRow extends UserRow {
  readonly user_name_key: string;
  readonly display_name_key: string | null;
}

const users = { table: 'scim_user', key: 'id' } as const;
const linked = 'LEFT JOIN mailbox_account m ON m.tenant_id = r.tenant_id AND m.scim_user_id = r.id';
const usersBetween = `SELECT ${readColumns}, user_name_key, display_name_key FROM scim_user WHERE tenant_id = ? AND id >= ? AND id <= ?`;
const emailsBetween =
  'SELECT user_id, value_key FROM scim_user_email WHERE tenant_id = ? AND user_id >= ? AND user_id <= ?';

const mailbox = sqlInvariant({
  name: 'user-mailbox',
  sentence: 'Every user has a mailbox.',
  remedy:
    'Have the person provisioned on demand in Entra, which makes the mailbox; tell the developers if it does not.',
  over: users,
  skipsClosedTenants: true,
  joins: linked,
  broken: 'm.id IS NULL',
  problem: ({ id }) => `user ${id} has no mailbox`,
});

const mapped = sqlInvariant<{ readonly mailbox_id: string }>({
  name: 'user-mapping',
  sentence: 'A mailbox is as active as its user, and has its external id.',
  remedy: 'Have the person disabled and enabled again in Entra, or provisioned on demand.',
  over: users,
  columns: 'm.id AS mailbox_id',
  joins: linked,
  broken:
    "m.id IS NOT NULL AND (COALESCE(m.scim_active, 2) <> r.active OR COALESCE(m.external_id, '') <> COALESCE(r.external_id, ''))",
  problem: ({ id, mailbox_id: of }) => `mailbox ${of} is not as active as its user ${id}, or has another external id`,
});

const oldestEntry = 'SELECT at FROM provisioning_log WHERE tenant_id = ? ORDER BY id LIMIT 1';
const unlogged = `SELECT r.id FROM scim_user r WHERE r.tenant_id = ? AND r.id >= ? AND r.id <= ? AND r.created_at > ?
  AND NOT EXISTS (SELECT 1 FROM provisioning_log l WHERE l.tenant_id = r.tenant_id AND l.resource_id = r.id AND l.outcome = 'success') ORDER BY r.id`;
/** An id and the time of its entry may differ by a moment, in milliseconds. */
const moment = 5;

const log: Invariant = {
  name: 'user-log',
  sentence: 'The provisioning log has the request that made a user, while it goes back that far.',
  remedy: 'What was done cannot be told any more; tell the developers.',
  over: users,
  find: async (tenant, session, { first, last }) => {
    // Entries end from the oldest on: a user who came after the oldest one that is left must have one.
    const oldest = await session.first<{ readonly at: number }>(oldestEntry, [tenant]);
    if (oldest === undefined) {
      return [];
    }
    const rows = await session.all<{ readonly id: string }>(unlogged, [tenant, first, last, oldest.at + moment]);
    return rows.map(({ id }) => ({ id, problem: `the provisioning log does not know how user ${id} came about` }));
  },
};

const keys: Invariant = {
  name: 'user-keys',
  sentence: 'Users are found by the names and e-mail addresses that they have.',
  remedy:
    'Have any attribute of the person changed in Entra, or tell the developers: a search does not find this user.',
  over: users,
  find: async (tenant, session, { first, last }) => {
    const between: readonly SqlValue[] = [tenant, first, last];
    const rows = await session.all<KeyedUserRow>(usersBetween, between);
    const emails = new Map<string, string[]>();
    for (const row of await session.all<{ readonly user_id: string; readonly value_key: string }>(
      emailsBetween,
      between,
    )) {
      emails.set(row.user_id, [...(emails.get(row.user_id) ?? []), row.value_key]);
    }
    return rows.flatMap((row) => keyProblems(row, emails.get(row.id) ?? []));
  },
};

const user = sqlInvariant<{ readonly mailbox_id: string }>({
  name: 'mailbox-user',
  sentence: 'The user that a mailbox names is there.',
  remedy:
    'The person cannot be changed from Entra any more: tell the developers, who end the mailbox or give the user back.',
  over: { table: 'mailbox_account', key: 'id' },
  columns: 'r.scim_user_id AS user_id',
  joins: 'LEFT JOIN scim_user u ON u.tenant_id = r.tenant_id AND u.id = r.scim_user_id',
  broken: 'r.scim_user_id IS NOT NULL AND u.id IS NULL',
  problem: ({ id }) => `mailbox ${id} names a user whom there is not`,
});

const emailOwner = sqlInvariant({
  name: 'email-user',
  sentence: 'No e-mail address leads to a user whom there is not.',
  remedy: 'Harmless; have the developers delete the row.',
  over: { table: 'scim_user_email', key: 'user_id' },
  joins: 'LEFT JOIN scim_user u ON u.tenant_id = r.tenant_id AND u.id = r.user_id',
  broken: 'u.id IS NULL',
  problem: ({ id }) => `an e-mail address leads to user ${id}, whom there is not`,
});

const member = sqlInvariant<{ readonly group_id: string; readonly found_group: string | null }>({
  name: 'group-member',
  sentence: 'Every member of a group is there, and so is the group.',
  remedy: 'Have the group provisioned on demand in Entra, or have the developers delete the row.',
  over: { table: 'scim_group_member', key: 'member_id' },
  columns: 'r.group_id, g.id AS found_group',
  joins:
    'LEFT JOIN scim_group g ON g.tenant_id = r.tenant_id AND g.id = r.group_id ' +
    "LEFT JOIN scim_user u ON r.member_type = 'User' AND u.tenant_id = r.tenant_id AND u.id = r.member_id " +
    "LEFT JOIN scim_group n ON r.member_type = 'Group' AND n.tenant_id = r.tenant_id AND n.id = r.member_id",
  broken: 'g.id IS NULL OR COALESCE(u.id, n.id) IS NULL',
  problem: ({ id, group_id: group, found_group: found }) =>
    found === null
      ? `${id} is a member of group ${group}, which there is not`
      : `group ${group} has the member ${id}, whom there is not`,
});

const directory: Invariant = {
  name: 'page-directory',
  sentence: 'The page directory counts the users and groups that there are.',
  remedy: 'Lists by page are wrong: have the developers rebuild the directory of this tenant.',
  over: { table: 'tenant', key: 'id', tenantColumn: 'id' },
  find: async (tenant, session) => {
    const found: Finding[] = [];
    for (const resources of pagedResources) {
      const problems = await pageDirectoryViolations(tenant, session, resources);
      found.push(...problems.map((problem) => ({ id: tenant, problem })));
    }
    return found;
  },
};

/** What is true of users and groups, and of the mailboxes that follow them, between any two transactions. */
export const userInvariants: readonly Invariant[] = [
  mailbox,
  mapped,
  log,
  keys,
  user,
  emailOwner,
  member,
  directory,
  ...erasureInvariants,
];

function keyProblems(row: KeyedUserRow, emails: readonly string[]): readonly Finding[] {
  const { id } = row;
  const current = fromRow(row);
  const { userName, displayName } = current.resource;
  const isNamed =
    row.user_name_key === keyColumn(userName, 'userName') &&
    row.display_name_key === keyColumn(displayName, 'displayName');
  const isSame = JSON.stringify([...emails].sort()) === JSON.stringify(emailKeys(current));
  return [
    ...(isNamed ? [] : [{ id, problem: `user ${id} is not found by its userName or displayName` }]),
    ...(isSame ? [] : [{ id, problem: `user ${id} is not found by its e-mail addresses, or by others` }]),
  ];
}
