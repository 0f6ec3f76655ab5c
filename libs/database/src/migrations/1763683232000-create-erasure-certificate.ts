import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const erasureCertificate: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `id ${types.id} NOT NULL`,
    `user_id ${types.id}`,
    `mailbox_id ${types.id}`,
    'reason varchar(32) NOT NULL',
    'actor varchar(160) NOT NULL',
    'request_id varchar(64)',
    `details ${types.longText} NOT NULL`,
    `at ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, id)',
  ],
  indexes: {
    ix_erasure_certificate_mailbox: ['tenant_id', 'mailbox_id'],
  },
};

/** What is left when personal data was erased: whose, why, when, and which fields; never the data. */
export class CreateErasureCertificate1763683232000 implements MigrationInterface {
  readonly name = 'CreateErasureCertificate1763683232000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'erasure_certificate', erasureCertificate);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'erasure_certificate');
  }
}
