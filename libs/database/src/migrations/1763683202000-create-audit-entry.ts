import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const auditEntry: TableDefinition = {
  body: (types) => [
    `id ${types.id} NOT NULL`,
    `tenant_id ${types.id}`,
    `at ${types.bigint} NOT NULL`,
    'actor varchar(128) NOT NULL',
    'action varchar(64) NOT NULL',
    'target varchar(128) NOT NULL',
    'request_id varchar(64)',
    `details ${types.longText} NOT NULL`,
    'PRIMARY KEY (id)',
  ],
  indexes: {
    ix_audit_entry_tenant: ['tenant_id', 'id'],
  },
};

/** What support staff did, append-only. */
export class CreateAuditEntry1763683202000 implements MigrationInterface {
  readonly name = 'CreateAuditEntry1763683202000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'audit_entry', auditEntry);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'audit_entry');
  }
}
