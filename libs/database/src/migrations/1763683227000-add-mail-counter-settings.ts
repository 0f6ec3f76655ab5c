import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, type AddedColumns, dropColumns } from './alter-table.js';

const settings: AddedColumns = {
  columns: (types) => ({
    seats_used: `${types.int} NOT NULL DEFAULT 0`,
    is_suspended: `${types.boolean} NOT NULL DEFAULT 0`,
    settings_version: `${types.int} NOT NULL DEFAULT 0`,
    settled_version: `${types.int} NOT NULL DEFAULT 0`,
  }),
};

/**
 * Seats in use, whether the tenant is suspended, and the version of its settings with the version that all its
 * mailboxes have followed. Tenants that are suspended already are left to be settled.
 */
export class AddMailCounterSettings1763683227000 implements MigrationInterface {
  readonly name = 'AddMailCounterSettings1763683227000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'tenant_mail_counter', settings);
    await runner.query(
      "UPDATE tenant_mail_counter SET is_suspended = 1, settings_version = 1 WHERE settings_version = 0 AND tenant_id IN (SELECT id FROM tenant WHERE status = 'suspended')",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'tenant_mail_counter', settings);
  }
}
