import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const scimGroup: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `id ${types.id} NOT NULL`,
    'display_name varchar(512) NOT NULL',
    'display_name_key varchar(640) NOT NULL',
    'external_id varchar(512)',
    `version ${types.int} NOT NULL`,
    `created_at ${types.bigint} NOT NULL`,
    `last_modified ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, id)',
    'CONSTRAINT uq_scim_group_name UNIQUE (tenant_id, display_name_key)',
  ],
  indexes: {
    ix_scim_group_external_id: ['tenant_id', 'external_id'],
    ix_scim_group_last_modified: ['tenant_id', 'last_modified', 'id'],
  },
};

/** SCIM groups as the identity provider wants them, without their members. */
export class CreateScimGroup1763683214000 implements MigrationInterface {
  readonly name = 'CreateScimGroup1763683214000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'scim_group', scimGroup);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'scim_group');
  }
}
