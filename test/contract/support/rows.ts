import type { Database, SqlValue } from '@cleanmail/database';

/** A row as the driver gives it. */
export type Row = Readonly<Record<string, string | number | null>>;

/** The tables that hold a tenant's data, each with the column that names the tenant. */
export const tenantTables = [
  'secret_token',
  'tenant_dialect',
  'tenant_schema',
  'scim_user',
  'scim_user_email',
  'scim_group',
  'scim_group_member',
  'scim_page_block',
  'tenant_mail_counter',
  'mail_domain',
  'mailbox_account',
  'mailbox_address',
  'mailbox_address_wish',
  'mailbox_history',
  'mail_recipient',
  'mail_relay_domain',
  'tenant_mail_policy',
  'seat_interval',
  'mail_leaver',
  'guard_batch',
  'outbox_event',
  'event_cursor',
  'event_delivery',
  'event_receipt',
  'provisioning_log',
  'erasure_certificate',
  'erasure_request',
  'erasure_subject',
] as const;

/** All rows of a query that a test asks straight of the database. */
export function query(database: Database, sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
  return database.read((session) => session.list<Row>(sql, parameters));
}

/** Everything that the database keeps of a tenant, as one text that can be compared byte by byte. */
export async function dumpOfTenant(database: Database, tenant: string): Promise<string> {
  const tables = await Promise.all(
    tenantTables.map(async (table) => [
      table,
      await query(database, `SELECT * FROM ${table} WHERE tenant_id = ?`, [tenant]),
    ]),
  );
  return JSON.stringify(tables);
}
