import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const tenantSchema: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    'schema_key varchar(255) NOT NULL',
    'schema_id varchar(255) NOT NULL',
    'resource_type varchar(16) NOT NULL',
    `required ${types.boolean} NOT NULL`,
    `document ${types.longText} NOT NULL`,
    `retired_at ${types.bigint}`,
    `created_at ${types.bigint} NOT NULL`,
    `updated_at ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, schema_key)',
    "CONSTRAINT ck_tenant_schema_type CHECK (resource_type IN ('User', 'Group'))",
  ],
};

/** Extension schemas of tenants by their URNs; a retired one stays, because values may be stored under it. */
export class CreateTenantSchema1763683218000 implements MigrationInterface {
  readonly name = 'CreateTenantSchema1763683218000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'tenant_schema', tenantSchema);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'tenant_schema');
  }
}
