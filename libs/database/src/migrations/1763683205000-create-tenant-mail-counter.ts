import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const tenantMailCounter: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `feed_version ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id)',
  ],
};

/** The version of a tenant's recipient feed. Its row stays locked to the end of a transaction, so versions become visible without holes. */
export class CreateTenantMailCounter1763683205000 implements MigrationInterface {
  readonly name = 'CreateTenantMailCounter1763683205000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'tenant_mail_counter', tenantMailCounter);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'tenant_mail_counter');
  }
}
