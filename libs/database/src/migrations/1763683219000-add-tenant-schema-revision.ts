import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type AddedColumns, addColumns, dropColumns } from './alter-table.js';

const revision: AddedColumns = {
  columns: ({ int }) => ({ schema_revision: `${int} NOT NULL DEFAULT 0` }),
};

/** How often the extension schemas of a tenant have changed; 0 says that it never had any. */
export class AddTenantSchemaRevision1763683219000 implements MigrationInterface {
  readonly name = 'AddTenantSchemaRevision1763683219000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'tenant', revision);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'tenant', revision);
  }
}
