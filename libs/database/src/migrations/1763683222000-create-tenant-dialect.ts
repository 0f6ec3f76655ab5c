import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const tenantDialect: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    'dialect varchar(32) NOT NULL',
    'evidence varchar(255) NOT NULL',
    `first_seen_at ${types.bigint} NOT NULL`,
    `last_seen_at ${types.bigint} NOT NULL`,
    `since_at ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, dialect)',
  ],
};

/** In which dialects of SCIM a tenant's identity provider was seen to speak, one row each. */
export class CreateTenantDialect1763683222000 implements MigrationInterface {
  readonly name = 'CreateTenantDialect1763683222000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'tenant_dialect', tenantDialect);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'tenant_dialect');
  }
}
