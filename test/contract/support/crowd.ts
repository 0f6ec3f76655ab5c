import { type Database, pagedResources, rebuildPageDirectory, type SqlValue, type TenantId } from '@cleanmail/database';
import { command, groupCommand } from './commands.js';
import type { Libs } from './libs.js';
import { query, type Row } from './rows.js';

const rowsOfInsert = 100;

/** The same text in every copy of a row, where the number of the copy goes. */
const zero = '00000000';

/** The name of a person of the crowd: `person-00000042`. */
export function personName(number: number): string {
  return `person-${String(number).padStart(8, '0')}`;
}

/** The id of a copy that was made of a resource. */
export function copyOf(id: string, number: number): string {
  return number === 0 ? id : `${id.slice(0, 24)}${String(number).padStart(12, '0')}`;
}

/**
 * Fills a tenant with many users by copying the rows of one, and with a tenth as many groups that have ten members
 * each. Answers the ids of the first user and the first group; those of the others are their copies.
 */
export async function createCrowd(
  libs: Pick<Libs, 'database' | 'users' | 'groups'>,
  tenant: TenantId,
  size: number,
): Promise<{ readonly user: string; readonly group: string }> {
  const name = personName(0);
  const { id: user } = await libs.users.create(tenant, command(), {
    userName: `${name}@crowd.example`,
    externalId: name,
    displayName: name,
    emails: [
      { value: `${name}@work.example`, type: 'work', primary: true },
      { value: `${name}@home.example`, type: 'home' },
    ],
  });
  const { id: group } = await libs.groups.create(tenant, groupCommand(), {
    displayName: `team ${name}`,
    members: [user],
  });
  for (const table of ['scim_user', 'scim_user_email']) {
    await copyRows(libs.database, table, tenant, { of: user, times: size });
  }
  await copyRows(libs.database, 'scim_group', tenant, { of: group, times: size / 10 });
  const [member = {}] = await query(libs.database, 'SELECT * FROM scim_group_member WHERE tenant_id = ?', [tenant]);
  const members = Array.from({ length: size - 1 }, (_, index) => ({
    ...member,
    group_id: copyOf(group, Math.floor((index + 1) / 10)),
    member_id: copyOf(user, index + 1),
  }));
  await insertRows(libs.database, 'scim_group_member', members);
  for (const resources of pagedResources) {
    await rebuildPageDirectory(libs.database.dataSource.manager, tenant, resources);
  }
  return { user, group };
}

async function copyRows(
  database: Database,
  table: string,
  tenant: TenantId,
  { of: id, times }: { readonly of: string; readonly times: number },
): Promise<void> {
  const rows = await query(database, `SELECT * FROM ${table} WHERE tenant_id = ?`, [tenant]);
  const copies = Array.from({ length: times - 1 }, (_, index) => rows.map((row) => copyRow(row, id, index + 1)));
  await insertRows(database, table, copies.flat());
}

function copyRow(row: Row, id: string, number: number): Row {
  const copied = JSON.stringify(row).replaceAll(zero, String(number).padStart(zero.length, '0'));
  const copy = JSON.parse(copied.replaceAll(id, copyOf(id, number))) as Row;
  return 'last_modified' in copy ? { ...copy, last_modified: Number(copy['last_modified']) + number } : copy;
}

async function insertRows(database: Database, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const marks = `(${columns.map(() => '?').join(', ')})`;
  for (let start = 0; start < rows.length; start += rowsOfInsert) {
    const batch = rows.slice(start, start + rowsOfInsert);
    const values = batch.flatMap((row) => columns.map((column): SqlValue => row[column] ?? null));
    await database.write((session) =>
      session.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${batch.map(() => marks).join(', ')}`, values),
    );
  }
}
