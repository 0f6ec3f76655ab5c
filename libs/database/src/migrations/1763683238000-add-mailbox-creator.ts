import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, type AddedColumns, dropColumns } from './alter-table.js';

const creator: AddedColumns = {
  columns: () => ({ created_by: 'varchar(160)', created_request: 'varchar(64)' }),
};

/** Who made a mailbox and in which request: the first entry of its history, at no statement of its own. */
export class AddMailboxCreator1763683238000 implements MigrationInterface {
  readonly name = 'AddMailboxCreator1763683238000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'mailbox_account', creator);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'mailbox_account', creator);
  }
}
