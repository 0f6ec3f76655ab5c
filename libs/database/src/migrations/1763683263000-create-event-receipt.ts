import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const eventReceipt: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `version ${types.bigint} NOT NULL`,
    `position ${types.int} NOT NULL`,
    `receiver_id ${types.id} NOT NULL`,
    'receiver_name varchar(64) NOT NULL',
    'event_id varchar(64) NOT NULL',
    'type varchar(64) NOT NULL',
    `mailbox_id ${types.id}`,
    `user_id ${types.id}`,
    `requested_at ${types.bigint} NOT NULL`,
    `delivered_at ${types.bigint}`,
    `acknowledged_at ${types.bigint}`,
    'state varchar(8) NOT NULL',
    'detail varchar(64)',
    'PRIMARY KEY (tenant_id, version, position, receiver_id)',
    "CONSTRAINT ck_event_receipt_state CHECK (state IN ('open', 'accepted', 'done', 'failed'))",
  ],
  indexes: {
    ix_event_receipt_event: ['receiver_id', 'event_id'],
    ix_event_receipt_mailbox: ['tenant_id', 'mailbox_id', 'version'],
    ix_event_receipt_user: ['tenant_id', 'user_id', 'version'],
    ix_event_receipt_requested: ['requested_at'],
  },
};

/** What each receiver said about the end of a leaver's mailbox, and when. */
export class CreateEventReceipt1763683263000 implements MigrationInterface {
  readonly name = 'CreateEventReceipt1763683263000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'event_receipt', eventReceipt);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'event_receipt');
  }
}
