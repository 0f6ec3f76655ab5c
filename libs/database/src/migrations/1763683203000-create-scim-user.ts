import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const scimUser: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `id ${types.id} NOT NULL`,
    'user_name varchar(512) NOT NULL',
    'user_name_key varchar(640) NOT NULL',
    'external_id varchar(512)',
    `active ${types.boolean} NOT NULL`,
    'given_name varchar(512)',
    'family_name varchar(512)',
    'display_name varchar(512)',
    'display_name_key varchar(640)',
    `document ${types.longText} NOT NULL`,
    `search ${types.longText} NOT NULL`,
    `version ${types.int} NOT NULL`,
    `created_at ${types.bigint} NOT NULL`,
    `last_modified ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, id)',
    'CONSTRAINT uq_scim_user_name UNIQUE (tenant_id, user_name_key)',
  ],
  indexes: {
    ix_scim_user_external_id: ['tenant_id', 'external_id'],
    ix_scim_user_display_name: ['tenant_id', 'display_name_key'],
    ix_scim_user_last_modified: ['tenant_id', 'last_modified', 'id'],
  },
};

/** SCIM users as the identity provider wants them. Key columns hold what clients filter on, folded by the application; `document` is the rest of the resource as it was sent, `search` the same in comparable form. */
export class CreateScimUser1763683203000 implements MigrationInterface {
  readonly name = 'CreateScimUser1763683203000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'scim_user', scimUser);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'scim_user');
  }
}
