import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const erasureRequest: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `id ${types.id} NOT NULL`,
    `user_id ${types.id}`,
    `mailbox_id ${types.id}`,
    'reason varchar(500) NOT NULL',
    'state varchar(16) NOT NULL',
    'requested_by varchar(128) NOT NULL',
    `requested_at ${types.bigint} NOT NULL`,
    `expires_at ${types.bigint} NOT NULL`,
    'confirmed_by varchar(128)',
    `confirmed_at ${types.bigint}`,
    'cancelled_by varchar(128)',
    `cancelled_at ${types.bigint}`,
    `completed_at ${types.bigint}`,
    `progress ${types.longText} NOT NULL`,
    `traces ${types.longText}`,
    'PRIMARY KEY (tenant_id, id)',
    "CONSTRAINT ck_erasure_request_state CHECK (state IN ('requested', 'cancelled', 'confirmed', 'erasing', 'done'))",
    "CONSTRAINT ck_erasure_request_traces CHECK (traces IS NULL OR state = 'erasing')",
  ],
  indexes: {
    ix_erasure_request_state: ['state', 'id'],
  },
};

/** Erasures that support was asked for: who asked, who confirmed, and how far each is. `traces` identify the person, and only while the work goes on. */
export class CreateErasureRequest1763683241000 implements MigrationInterface {
  readonly name = 'CreateErasureRequest1763683241000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'erasure_request', erasureRequest);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'erasure_request');
  }
}
