import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const clockJob: TableDefinition = {
  body: (types) => [
    'name varchar(64) NOT NULL',
    'holder varchar(36)',
    `lease_until ${types.bigint} NOT NULL`,
    `started_at ${types.bigint}`,
    `finished_at ${types.bigint}`,
    `duration_ms ${types.int}`,
    'outcome varchar(8)',
    `done ${types.int} NOT NULL`,
    `skipped ${types.int} NOT NULL`,
    `failed ${types.int} NOT NULL`,
    'error varchar(500)',
    'PRIMARY KEY (name)',
    "CONSTRAINT ck_clock_job_outcome CHECK (outcome IN ('done', 'failed', 'stopped'))",
  ],
};

/** The jobs that end what is due: who runs each now, and how its last run went. */
export class CreateClockJob1763683231000 implements MigrationInterface {
  readonly name = 'CreateClockJob1763683231000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'clock_job', clockJob);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'clock_job');
  }
}
