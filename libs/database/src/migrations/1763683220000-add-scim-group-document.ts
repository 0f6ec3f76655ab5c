import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type AddedColumns, addColumns, dropColumns } from './alter-table.js';

const documents: AddedColumns = {
  columns: ({ longText }) => ({ document: longText, search: longText }),
};

/** What a group has besides its columns and members, as users have it; NULL in rows written before. */
export class AddScimGroupDocument1763683220000 implements MigrationInterface {
  readonly name = 'AddScimGroupDocument1763683220000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'scim_group', documents);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'scim_group', documents);
  }
}
