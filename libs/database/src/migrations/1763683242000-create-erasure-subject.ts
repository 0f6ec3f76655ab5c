import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const erasureSubject: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    'digest varchar(64) NOT NULL',
    `erasure_id ${types.id} NOT NULL`,
    'PRIMARY KEY (tenant_id, digest, erasure_id)',
  ],
};

/** Whom an erasure was about, as digests of what identified the person: so that "was X erased?" has an answer without X. */
export class CreateErasureSubject1763683242000 implements MigrationInterface {
  readonly name = 'CreateErasureSubject1763683242000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'erasure_subject', erasureSubject);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'erasure_subject');
  }
}
