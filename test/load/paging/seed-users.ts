import { asTenantId, type Database, newId, rebuildPageDirectory } from '@cleanmail/database';

const rowsAStatement = 1000;
const columns = [
  'tenant_id', 'id', 'user_name', 'user_name_key', 'external_id', 'active', 'given_name', 'family_name', 'display_name',
  'display_name_key', 'document', 'search', 'version', 'created_at', 'last_modified',
] as const; // prettier-ignore

type UserRow = Readonly<Record<(typeof columns)[number], string | number | null>>;

/**
 * Multiplies the one user that a tenant has until there are `total`, as rows alone, and writes the page directory anew.
 * Gives all ids in their order.
 */
export async function seedUsers(
  database: Database,
  tenant: string,
  total: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<readonly string[]> {
  const select = `SELECT ${columns.join(', ')} FROM scim_user WHERE tenant_id = ?`;
  const user = await database.read((session) => session.first<UserRow>(select, [tenant]));
  if (user === undefined) {
    throw new Error('the tenant has no user to multiply');
  }
  const ids = [String(user.id), ...Array.from({ length: total - 1 }, newId).sort()];
  for (let start = 1; start < total; start += rowsAStatement) {
    const rows = ids.slice(start, start + rowsAStatement).map((id) => copyOf(user, id));
    const places = rows.map(() => `(${columns.map(() => '?').join(', ')})`).join(', ');
    const values = rows.flatMap((row) => columns.map((column) => row[column]));
    const statement = `INSERT INTO scim_user (${columns.join(', ')}) VALUES ${places}`;
    await database.write((session) => session.run(statement, values));
    onProgress(start + rows.length);
  }
  await rebuildPageDirectory(database.dataSource.manager, asTenantId(tenant), {
    table: 'scim_user',
    resourceType: 'User',
  });
  return ids;
}

/** A user that differs in everything that is indexed. */
function copyOf(user: UserRow, id: string): UserRow {
  const name = `${id}@load.example`;
  return { ...user, id, user_name: name, user_name_key: name, external_id: id, display_name: id, display_name_key: id };
}
