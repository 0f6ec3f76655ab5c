import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const eventDelivery: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `receiver_id ${types.id} NOT NULL`,
    `version ${types.bigint} NOT NULL`,
    `position ${types.int} NOT NULL`,
    `id ${types.id} NOT NULL`,
    'event_id varchar(64) NOT NULL',
    'order_key varchar(36) NOT NULL',
    `event ${types.longText} NOT NULL`,
    'state varchar(8) NOT NULL',
    `attempts ${types.int} NOT NULL`,
    `first_failed_at ${types.bigint} NOT NULL`,
    `next_attempt_at ${types.bigint} NOT NULL`,
    'error varchar(200)',
    'holder varchar(36)',
    `lease_until ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, receiver_id, version, position)',
    "CONSTRAINT ck_event_delivery_state CHECK (state IN ('waiting', 'dead'))",
  ],
  indexes: {
    ix_event_delivery_due: ['receiver_id', 'state', 'next_attempt_at'],
    ix_event_delivery_order: ['tenant_id', 'receiver_id', 'order_key', 'version', 'position'],
    ix_event_delivery_list: ['receiver_id', 'id'],
  },
};

/** Events that wait to be sent to a receiver again, and those that were given up. */
export class CreateEventDelivery1763683262000 implements MigrationInterface {
  readonly name = 'CreateEventDelivery1763683262000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'event_delivery', eventDelivery);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'event_delivery');
  }
}
