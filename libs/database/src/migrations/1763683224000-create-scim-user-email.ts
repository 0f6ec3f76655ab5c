import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const scimUserEmail: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    'value_key varchar(640) NOT NULL',
    `user_id ${types.id} NOT NULL`,
    'PRIMARY KEY (tenant_id, value_key, user_id)',
  ],
  indexes: { ix_scim_user_email_user: ['tenant_id', 'user_id', 'value_key'] },
};

/** By which e-mail addresses users are found: one row for each folded value of `emails`, so that a filter on them is answered by an index. */
export class CreateScimUserEmail1763683224000 implements MigrationInterface {
  readonly name = 'CreateScimUserEmail1763683224000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'scim_user_email', scimUserEmail);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'scim_user_email');
  }
}
