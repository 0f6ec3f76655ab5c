import { firstMark } from '../record/compile-script.js';
import { scimCall } from './admin-calls.js';
import type { BenchConnection } from './bench-connection.js';
import { loadedId, userKind } from './names.js';
import type { BenchTenant } from './tenants.js';

/** A group of the large tenant; people behind the first `members` may be added, and are taken out again. */
export interface LargeGroup {
  readonly id: string;
  readonly members: number;
}

const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const mostMembers = 50_000;
const displayName = 'Everybody in the first half';

/** The group that a run before has made, or a new one: half of the tenant, up to 50,000. */
export async function largeGroup(
  connection: BenchConnection,
  scimUrl: string,
  tenant: BenchTenant,
): Promise<LargeGroup> {
  const members = Math.min(mostMembers, Math.floor(tenant.people / 2));
  const [known] = await connection.rows('SELECT id FROM scim_group WHERE tenant_id = ?', [tenant.id]);
  const id = known === undefined ? await create(connection, scimUrl, tenant, members) : String(known['id']);
  // Its version tells, in a recording, which column a number came from.
  await connection.run('UPDATE scim_group SET version = ? WHERE tenant_id = ? AND id = ?', [
    firstMark + 300_000,
    tenant.id,
    id,
  ]);
  const group = { id, members };
  await resetGroup(connection, tenant, group);
  return group;
}

/** Takes everybody out who was added. */
export async function resetGroup(connection: BenchConnection, tenant: BenchTenant, group: LargeGroup): Promise<void> {
  await connection.run('DELETE FROM scim_group_member WHERE tenant_id = ? AND group_id = ? AND member_id >= ?', [
    tenant.id,
    group.id,
    loadedId(tenant.number, userKind, group.members),
  ]);
}

async function create(
  connection: BenchConnection,
  scimUrl: string,
  tenant: BenchTenant,
  members: number,
): Promise<string> {
  const url = `${scimUrl}/api/v3/scim2/Groups`;
  const body = { schemas: [groupSchema], displayName };
  const { text } = await scimCall({ method: 'POST', url, token: tenant.token, body }, 201);
  const { id } = JSON.parse(text) as { readonly id: string };
  await connection.run(
    "INSERT INTO scim_group_member (tenant_id, group_id, member_id, member_type, added_at) SELECT tenant_id, ?, id, 'User', created_at FROM scim_user WHERE tenant_id = ? AND id < ?",
    [id, tenant.id, loadedId(tenant.number, userKind, members)],
  );
  return id;
}
