import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const outboxEvent: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `version ${types.bigint} NOT NULL`,
    `position ${types.int} NOT NULL`,
    `id ${types.id} NOT NULL`,
    `mailbox_id ${types.id}`,
    'type varchar(64) NOT NULL',
    'actor varchar(160) NOT NULL',
    'request_id varchar(64)',
    `data ${types.longText} NOT NULL`,
    `at ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, version, position)',
  ],
  indexes: {
    ix_outbox_event_mailbox: ['tenant_id', 'mailbox_id', 'version'],
  },
};

/** What other services must hear of, in the order of the tenant's feed version. */
export class CreateOutboxEvent1763683212000 implements MigrationInterface {
  readonly name = 'CreateOutboxEvent1763683212000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'outbox_event', outboxEvent);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'outbox_event');
  }
}
