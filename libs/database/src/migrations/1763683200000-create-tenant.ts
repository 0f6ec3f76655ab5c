import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const tenant: TableDefinition = {
  body: (types) => [
    `id ${types.id} NOT NULL`,
    'name varchar(255) NOT NULL',
    'profile varchar(32) NOT NULL',
    'status varchar(16) NOT NULL',
    `created_at ${types.bigint} NOT NULL`,
    `updated_at ${types.bigint} NOT NULL`,
    'PRIMARY KEY (id)',
    "CONSTRAINT ck_tenant_status CHECK (status IN ('active', 'suspended', 'closed'))",
  ],
  indexes: {
    ix_tenant_name: ['name'],
  },
};

/** One row a customer of a service. */
export class CreateTenant1763683200000 implements MigrationInterface {
  readonly name = 'CreateTenant1763683200000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'tenant', tenant);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'tenant');
  }
}
