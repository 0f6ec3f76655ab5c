import { newId, type Session, type TenantId } from '@cleanmail/database';

/** How the page directory names users. */
export const pagedUsers = { table: 'scim_user', resourceType: 'User' } as const;

const columns = 'tenant_id, id, user_name, user_name_key, active, document, search, version, created_at, last_modified';

/** Inserts users as rows alone: thousands of mailboxes are not what a test of pages is about. */
export async function insertUserRows(tenant: TenantId, session: Session, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += 500) {
    const batch = ids.slice(start, start + 500);
    const places = batch.map(() => `(?, ?, ?, ?, 1, '{}', '{}', 1, 1700000000000, 1700000000000)`).join(', ');
    await session.run(
      `INSERT INTO scim_user (${columns}) VALUES ${places}`,
      batch.flatMap((id) => [tenant, id, id, newId()]),
    );
  }
}
