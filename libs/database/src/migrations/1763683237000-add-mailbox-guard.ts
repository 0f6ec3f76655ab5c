import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, type AddedColumns, dropColumns } from './alter-table.js';

const guard: AddedColumns = {
  columns: (types) => ({
    guard_batch_id: types.id,
    guard_state: 'varchar(8)',
  }),
  checks: {
    ck_mailbox_guard: {
      column: 'guard_state',
      condition:
        "(guard_state IS NULL AND guard_batch_id IS NULL) OR (guard_state IN ('held', 'released', 'rejected') AND guard_batch_id IS NOT NULL)",
    },
  },
  sparseIndexes: { ix_mailbox_guard: ['guard_batch_id', 'tenant_id', 'guard_state', 'id'] },
};

/** The batch of leavers that a mailbox is or was in, and what became of it there. */
export class AddMailboxGuard1763683237000 implements MigrationInterface {
  readonly name = 'AddMailboxGuard1763683237000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'mailbox_account', guard);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'mailbox_account', guard);
  }
}
