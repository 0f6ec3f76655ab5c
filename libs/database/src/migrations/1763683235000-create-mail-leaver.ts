import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, type AddedColumns, dropColumns } from './alter-table.js';
import { createTable, dropTable, type TableDefinition } from './table.js';

const mailLeaver: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `seq ${types.bigint} NOT NULL`,
    `at ${types.bigint} NOT NULL`,
    `seats ${types.int} NOT NULL`,
    'PRIMARY KEY (tenant_id, seq)',
  ],
  indexes: { ix_mail_leaver_at: ['tenant_id', 'at', 'seq'] },
};

const leavers: AddedColumns = { columns: ({ bigint }) => ({ leavers: `${bigint} NOT NULL DEFAULT 0` }) };

/** Leavers of a tenant, numbered without holes: how many there were since a time is the difference of two numbers. */
export class CreateMailLeaver1763683235000 implements MigrationInterface {
  readonly name = 'CreateMailLeaver1763683235000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'mail_leaver', mailLeaver);
    await addColumns(runner, 'tenant_mail_counter', leavers);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'tenant_mail_counter', leavers);
    await dropTable(runner, 'mail_leaver');
  }
}
