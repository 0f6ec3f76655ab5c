import { asTenantId, type Database, pagedResources, rebuildPageDirectory } from '@cleanmail/database';
import { AdminCalls, noted, scimCall } from './admin-calls.js';
import type { BenchConnection } from './bench-connection.js';
import { loadPeople } from './load-people.js';
import { person } from './person.js';
import { places, readPersonRows } from './person-rows.js';

/** A tenant that requests are made for. */
export interface BenchTenant {
  readonly id: string;
  /** Part of the ids of its loaded rows. */
  readonly number: number;
  readonly domain: string;
  readonly people: number;
  readonly token: string;
  readonly tokenId: string;
}

/** What tenants are made with. */
export interface TenantTools {
  readonly admin: AdminCalls;
  readonly scimUrl: string;
  readonly connection: BenchConnection;
  readonly database: Database;
}

/** A tenant with so many people: one is provisioned over SCIM, and the rows that the service made are multiplied. */
export async function createLoadedTenant(
  tools: TenantTools,
  wanted: { readonly name: string; readonly number: number; readonly people: number },
  onProgress?: (done: number) => void,
): Promise<BenchTenant> {
  const { admin, scimUrl, connection, database } = tools;
  const domain = `t${wanted.number}.bench.example`;
  const id = await admin.createTenant(wanted.name, domain);
  const { token, id: tokenId } = await admin.issueToken(id);
  const body = person(places.name, domain);
  const { text } = await scimCall({ method: 'POST', url: `${scimUrl}/api/v3/scim2/Users`, token, body }, 201);
  await noted();
  const { id: userId } = JSON.parse(text) as { readonly id: string };
  const rows = await readPersonRows(connection, { tenant: id, tenantNumber: wanted.number, userId });
  await deletePerson(connection, id, rows);
  await loadPeople(connection, {
    tenant: id,
    rows,
    people: wanted.people,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  await connection.run('UPDATE tenant_mail_counter SET feed_version = ?, seats_used = ? WHERE tenant_id = ?', [
    wanted.people,
    wanted.people,
    id,
  ]);
  for (const resources of pagedResources) {
    await rebuildPageDirectory(database.dataSource.manager, asTenantId(id), resources);
  }
  return { id, domain, token, tokenId, number: wanted.number, people: wanted.people };
}

/** The person who was provisioned over SCIM goes, as the only one so far: its rows live on in those of the others. */
async function deletePerson(
  connection: BenchConnection,
  tenant: string,
  rows: Awaited<ReturnType<typeof readPersonRows>>,
): Promise<void> {
  for (const table of new Set(rows.map((row) => row.table))) {
    await connection.run(`DELETE FROM ${table} WHERE tenant_id = ?`, [tenant]);
  }
}

/** Statistics as a server in production has gathered them; the embedded database has none there either. */
export async function analyse(connection: BenchConnection, tables: Iterable<string>): Promise<void> {
  if (connection.dialect === 'sqlite') return;
  for (const table of tables) await connection.rows(`ANALYZE TABLE ${table}`);
}
