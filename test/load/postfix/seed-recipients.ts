import type { Connection } from 'mysql2/promise';

const rowsAStatement = 5000;
const domainCount = 100;
const tenant = '0198c0de-0000-7000-8000-000000000000';

/** The address of the nth recipient. */
export function addressOf(index: number): string {
  return `user${index}@d${index % domainCount}.bench.example`;
}

/**
 * Writes a tenant with many recipients as rows alone, and a table with the same rows and nothing but a primary key.
 * The connection is one of MariaDB or MySQL, on a migrated database.
 */
export async function seedRecipients(
  connection: Connection,
  total: number,
  onProgress: (done: number) => void,
): Promise<void> {
  await connection.query(
    "INSERT INTO tenant (id, name, profile, status, created_at, updated_at) VALUES (?, 'Bench', 'cleanmail', 'active', 1, 1)",
    [tenant],
  );
  await connection.query('INSERT INTO tenant_mail_counter (tenant_id, feed_version) VALUES (?, ?)', [tenant, total]);
  const names = Array.from({ length: domainCount }, (_, index) => `d${index}.bench.example`);
  await connection.query(
    'INSERT INTO mail_domain (tenant_id, id, name_ascii, name_unicode, status, created_at, unknown_recipient_policy, subaddressing) VALUES ?',
    [names.map((name, index) => [tenant, `domain-${index}`, name, name, 'verified', 1, 'reject', 'plus'])],
  );
  await connection.query(
    'INSERT INTO mail_relay_domain (name, tenant_id, unknown_recipient_policy, active, version) VALUES ?',
    [names.map((name) => [name, tenant, 'reject', 1, 1])],
  );
  for (let start = 0; start < total; start += rowsAStatement) {
    const rows = Array.from({ length: Math.min(rowsAStatement, total - start) }, (_, offset) => {
      const key = addressOf(start + offset);
      return [key, tenant, `mailbox-${start + offset}`, key, 'accept', start + offset + 1, 1];
    });
    await connection.query(
      'INSERT INTO mail_recipient (address_key, tenant_id, mailbox_id, primary_key, action, version, changed_at) VALUES ?',
      [rows],
    );
    onProgress(start + rows.length);
  }
  await connection.query('CREATE TABLE bare_recipient LIKE mail_recipient');
  for (const column of ['mailbox_id', 'primary_key', 'policy_profile', 'version', 'changed_at'])
    await connection.query(
      `ALTER TABLE bare_recipient ${column === 'mailbox_id' ? bareOfIndexes : ''} DROP COLUMN ${column}`,
    );
  await connection.query('INSERT INTO bare_recipient SELECT address_key, tenant_id, action FROM mail_recipient');
  await connection.query('ANALYZE TABLE mail_recipient, bare_recipient');
}

const bareOfIndexes = 'DROP INDEX ix_mail_recipient_feed, DROP INDEX ix_mail_recipient_mailbox,';
