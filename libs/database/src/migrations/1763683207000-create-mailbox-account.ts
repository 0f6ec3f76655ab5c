import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const mailboxAccount: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `id ${types.id} NOT NULL`,
    `scim_user_id ${types.id}`,
    'external_id varchar(512)',
    'origin varchar(16) NOT NULL',
    'kind varchar(16) NOT NULL',
    `scim_active ${types.boolean}`,
    'admin_state varchar(16) NOT NULL',
    `legal_hold ${types.boolean} NOT NULL`,
    'inactive_mail_policy varchar(8)',
    'status varchar(16) NOT NULL',
    'status_reason varchar(40)',
    `status_since ${types.bigint} NOT NULL`,
    `created_at ${types.bigint} NOT NULL`,
    `deleted_at ${types.bigint}`,
    `purge_after ${types.bigint}`,
    `erase_after ${types.bigint}`,
    `row_version ${types.int} NOT NULL`,
    'PRIMARY KEY (tenant_id, id)',
    'CONSTRAINT uq_mailbox_user UNIQUE (tenant_id, scim_user_id)',
    "CONSTRAINT ck_mailbox_origin CHECK (origin IN ('scim', 'manual', 'import', 'discovered'))",
    "CONSTRAINT ck_mailbox_kind CHECK (kind IN ('user', 'shared', 'resource', 'role'))",
    "CONSTRAINT ck_mailbox_admin_state CHECK (admin_state IN ('none', 'suspended', 'forced_active'))",
    "CONSTRAINT ck_mailbox_status CHECK (status IN ('pending', 'active', 'suspended', 'deleted', 'purged'))",
    "CONSTRAINT ck_mailbox_deleted CHECK ((status IN ('deleted', 'purged')) = (deleted_at IS NOT NULL))",
  ],
  indexes: {
    ix_mailbox_external_id: ['tenant_id', 'external_id'],
    ix_mailbox_status: ['tenant_id', 'status', 'id'],
    ix_mailbox_purge: ['status', 'purge_after'],
    ix_mailbox_erase: ['erase_after'],
  },
};

/** Mailbox accounts: the inputs of their status, and the status derived from them. */
export class CreateMailboxAccount1763683207000 implements MigrationInterface {
  readonly name = 'CreateMailboxAccount1763683207000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'mailbox_account', mailboxAccount);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'mailbox_account');
  }
}
