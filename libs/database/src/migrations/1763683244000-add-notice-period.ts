import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, type AddedColumns, dropColumns } from './alter-table.js';

const policy: AddedColumns = {
  columns: (types) => ({ notice_days: `${types.int} NOT NULL DEFAULT 0 CHECK (notice_days >= 0)` }),
};

const tenant: AddedColumns = {
  columns: (types) => ({ mail_ends_at: types.bigint }),
  sparseIndexes: { ix_tenant_mail_end: 'mail_ends_at' },
};

/** How long mail of a closed tenant goes on, and until when that of those that are closed does. */
export class AddNoticePeriod1763683244000 implements MigrationInterface {
  readonly name = 'AddNoticePeriod1763683244000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'tenant_mail_policy', policy);
    await addColumns(runner, 'tenant', tenant);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'tenant', tenant);
    await dropColumns(runner, 'tenant_mail_policy', policy);
  }
}
