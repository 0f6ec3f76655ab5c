import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const scimGroupMember: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `group_id ${types.id} NOT NULL`,
    `member_id ${types.id} NOT NULL`,
    'member_type varchar(8) NOT NULL',
    `added_at ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, group_id, member_id)',
    "CONSTRAINT ck_scim_group_member_type CHECK (member_type IN ('User', 'Group'))",
  ],
  indexes: { ix_scim_group_member_member: ['tenant_id', 'member_id'] },
};

/** Who is in which group: one row a member, so that a change of one costs the same in a group of any size. */
export class CreateScimGroupMember1763683215000 implements MigrationInterface {
  readonly name = 'CreateScimGroupMember1763683215000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'scim_group_member', scimGroupMember);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'scim_group_member');
  }
}
