import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const eventCursor: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `receiver_id ${types.id} NOT NULL`,
    `version ${types.bigint} NOT NULL`,
    'holder varchar(36)',
    `lease_until ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, receiver_id)',
  ],
  indexes: { ix_event_cursor_receiver: ['receiver_id', 'tenant_id'] },
};

/** How far a receiver has come in a tenant's feed, and which node delivers from there on now. */
export class CreateEventCursor1763683261000 implements MigrationInterface {
  readonly name = 'CreateEventCursor1763683261000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'event_cursor', eventCursor);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'event_cursor');
  }
}
