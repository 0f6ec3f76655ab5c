import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const provisioningLog: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `id ${types.id} NOT NULL`,
    `at ${types.bigint} NOT NULL`,
    `token_id ${types.id} NOT NULL`,
    'request_id varchar(64) NOT NULL',
    'method varchar(8) NOT NULL',
    'operation varchar(32) NOT NULL',
    'resource_type varchar(32)',
    'resource_id varchar(64)',
    'user_name varchar(512)',
    'user_name_key varchar(640)',
    'outcome varchar(8) NOT NULL',
    `status ${types.int} NOT NULL`,
    'scim_type varchar(32)',
    'detail varchar(1000)',
    `duration_ms ${types.int} NOT NULL`,
    `changes ${types.longText} NOT NULL`,
    'PRIMARY KEY (tenant_id, id)',
    "CONSTRAINT ck_provisioning_log_outcome CHECK (outcome IN ('success', 'failure'))",
  ],
  indexes: {
    ix_provisioning_log_resource: ['tenant_id', 'resource_id', 'id'],
    ix_provisioning_log_user_name: ['tenant_id', 'user_name_key', 'id'],
    ix_provisioning_log_outcome: ['tenant_id', 'outcome', 'id'],
  },
};

/** Every SCIM request of a tenant, with its outcome. */
export class CreateProvisioningLog1763683213000 implements MigrationInterface {
  readonly name = 'CreateProvisioningLog1763683213000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'provisioning_log', provisioningLog);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'provisioning_log');
  }
}
