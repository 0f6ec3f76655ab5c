import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const mailboxAddressWish: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `mailbox_id ${types.id} NOT NULL`,
    'wanted_key varchar(512) NOT NULL',
    'domain_ascii varchar(253)',
    'role varchar(8) NOT NULL',
    'reason varchar(24) NOT NULL',
    `first_seen ${types.bigint} NOT NULL`,
    `last_seen ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, mailbox_id, wanted_key)',
    'CONSTRAINT fk_mailbox_wish_mailbox FOREIGN KEY (tenant_id, mailbox_id) REFERENCES mailbox_account (tenant_id, id)',
  ],
  indexes: {
    ix_mailbox_wish_domain: ['tenant_id', 'domain_ascii', 'first_seen'],
    ix_mailbox_wish_reason: ['tenant_id', 'reason', 'first_seen'],
  },
};

/** Addresses that the identity provider wants and was not granted, with the reason. */
export class CreateMailboxAddressWish1763683209000 implements MigrationInterface {
  readonly name = 'CreateMailboxAddressWish1763683209000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'mailbox_address_wish', mailboxAddressWish);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'mailbox_address_wish');
  }
}
