import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const guardBatch: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `id ${types.id} NOT NULL`,
    'status varchar(16) NOT NULL',
    `threshold ${types.int} NOT NULL`,
    `erases ${types.boolean} NOT NULL`,
    `opened_at ${types.bigint} NOT NULL`,
    `decided_at ${types.bigint}`,
    'decided_by varchar(128)',
    `settled_at ${types.bigint}`,
    `deactivations ${types.int}`,
    `deletions ${types.int}`,
    "open_key varchar(8) GENERATED ALWAYS AS (CASE WHEN status = 'open' THEN 'open' END) STORED",
    'PRIMARY KEY (tenant_id, id)',
    'CONSTRAINT uq_guard_batch_open UNIQUE (tenant_id, open_key)',
    "CONSTRAINT ck_guard_batch_status CHECK (status IN ('open', 'released', 'rejected', 'closed'))",
    "CONSTRAINT ck_guard_batch_decided CHECK ((status = 'open') = (decided_at IS NULL))",
  ],
  indexes: { ix_guard_batch_unsettled: ['settled_at', 'status'] },
};

/** Batches of leavers whose effect on mail waits for support; the database allows a tenant one that is open. */
export class CreateGuardBatch1763683236000 implements MigrationInterface {
  readonly name = 'CreateGuardBatch1763683236000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'guard_batch', guardBatch);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'guard_batch');
  }
}
