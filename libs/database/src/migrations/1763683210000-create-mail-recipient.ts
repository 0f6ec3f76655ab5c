import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const mailRecipient: TableDefinition = {
  body: (types) => [
    'address_key varchar(318) NOT NULL',
    `tenant_id ${types.id} NOT NULL`,
    `mailbox_id ${types.id} NOT NULL`,
    'primary_key varchar(318) NOT NULL',
    'action varchar(8) NOT NULL',
    'policy_profile varchar(64)',
    `version ${types.bigint} NOT NULL`,
    `changed_at ${types.bigint} NOT NULL`,
    'PRIMARY KEY (address_key)',
    "CONSTRAINT ck_mail_recipient_action CHECK (action IN ('accept', 'reject', 'defer', 'hold', 'gone'))",
  ],
  indexes: {
    ix_mail_recipient_feed: ['tenant_id', 'version'],
    ix_mail_recipient_mailbox: ['tenant_id', 'mailbox_id'],
  },
};

/** The read model of mail gateways: one row an address, found by its primary key alone. A removed address stays as `gone` until the feed's horizon. */
export class CreateMailRecipient1763683210000 implements MigrationInterface {
  readonly name = 'CreateMailRecipient1763683210000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'mail_recipient', mailRecipient);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'mail_recipient');
  }
}
