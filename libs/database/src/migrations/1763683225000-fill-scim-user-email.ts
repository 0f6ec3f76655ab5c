import { foldCase } from '@cleanmail/scim';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lookupKey } from '../filter/lookup-key.js';

interface UserRow {
  readonly id: string;
  readonly document: string;
}

const usersOfBatch = 100;
const rowsOfInsert = 100;
const keyLength = 640;

/** Carries the e-mail addresses of existing users over, read from their documents. */
export class FillScimUserEmail1763683225000 implements MigrationInterface {
  readonly name = 'FillScimUserEmail1763683225000';
  /** A million users would not fit into one transaction of a cluster; each batch may run again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    const tenants = (await runner.query('SELECT id FROM tenant ORDER BY id')) as readonly { readonly id: string }[];
    for (const { id: tenant } of tenants) {
      let last: string | undefined = '';
      while (last !== undefined) {
        const users: readonly UserRow[] = await usersAfter(runner, tenant, last);
        await insertAll(runner, tenant, users);
        last = users.at(-1)?.id;
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM scim_user_email');
  }
}

async function usersAfter(runner: QueryRunner, tenant: string, last: string): Promise<readonly UserRow[]> {
  return (await runner.query(
    `SELECT id, document FROM scim_user WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ${usersOfBatch}`,
    [tenant, last],
  )) as readonly UserRow[];
}

async function insertAll(runner: QueryRunner, tenant: string, users: readonly UserRow[]): Promise<void> {
  const ignore = runner.dataSource.options.type === 'better-sqlite3' ? 'INSERT OR IGNORE' : 'INSERT IGNORE';
  const rows = users.flatMap(({ id, document }) => keysOf(document).map((key) => [tenant, key, id]));
  for (let start = 0; start < rows.length; start += rowsOfInsert) {
    const batch = rows.slice(start, start + rowsOfInsert);
    await runner.query(
      `${ignore} INTO scim_user_email (tenant_id, value_key, user_id) VALUES ${batch.map(() => '(?, ?, ?)').join(', ')}`,
      batch.flat(),
    );
  }
}

function keysOf(document: string): readonly string[] {
  const { emails = [] } = JSON.parse(document) as { readonly emails?: readonly { readonly value?: string }[] };
  return emails.flatMap(({ value }) => (value === undefined ? [] : lookupKey(foldCase(value), keyLength)));
}
