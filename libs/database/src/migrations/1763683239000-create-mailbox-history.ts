import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const mailboxHistory: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `mailbox_id ${types.id} NOT NULL`,
    `version ${types.int} NOT NULL`,
    `at ${types.bigint} NOT NULL`,
    'actor varchar(160) NOT NULL',
    'request_id varchar(64)',
    `user_id ${types.id}`,
    `changes ${types.longText} NOT NULL`,
    `personal ${types.longText}`,
    'PRIMARY KEY (tenant_id, mailbox_id, version)',
  ],
  indexes: {
    ix_mailbox_history_user: ['tenant_id', 'user_id'],
  },
};

/** What changed of a mailbox with each of its versions, by whom and in which request. */
export class CreateMailboxHistory1763683239000 implements MigrationInterface {
  readonly name = 'CreateMailboxHistory1763683239000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'mailbox_history', mailboxHistory);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'mailbox_history');
  }
}
