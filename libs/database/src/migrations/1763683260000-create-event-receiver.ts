import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const eventReceiver: TableDefinition = {
  body: (types) => [
    `id ${types.id} NOT NULL`,
    'name varchar(64) NOT NULL',
    'url varchar(1000)',
    'format varchar(24) NOT NULL',
    'status varchar(16) NOT NULL',
    `tenants ${types.longText}`,
    `types ${types.longText}`,
    'secret varchar(512) NOT NULL',
    'former_secret varchar(512)',
    `former_until ${types.bigint}`,
    `concurrency ${types.int} NOT NULL`,
    `failing_since ${types.bigint}`,
    `not_before ${types.bigint} NOT NULL`,
    `created_at ${types.bigint} NOT NULL`,
    `updated_at ${types.bigint} NOT NULL`,
    'PRIMARY KEY (id)',
    'CONSTRAINT uq_event_receiver_name UNIQUE (name)',
    "CONSTRAINT ck_event_receiver_status CHECK (status IN ('active', 'paused', 'disabled'))",
    "CONSTRAINT ck_event_receiver_format CHECK (format IN ('standard-webhooks', 'set'))",
  ],
};

/** Internal services that are told of events; secrets are sealed, one without a URL fetches its events. */
export class CreateEventReceiver1763683260000 implements MigrationInterface {
  readonly name = 'CreateEventReceiver1763683260000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'event_receiver', eventReceiver);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'event_receiver');
  }
}
