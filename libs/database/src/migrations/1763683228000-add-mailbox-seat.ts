import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, type AddedColumns, dropColumns } from './alter-table.js';

const seat: AddedColumns = {
  columns: (types) => ({
    seat: `${types.boolean} NOT NULL DEFAULT 0`,
    kind_fixed: `${types.boolean} NOT NULL DEFAULT 0`,
    seat_since: types.bigint,
    grace_until: types.bigint,
  }),
  checks: { ck_mailbox_seat: { column: 'seat', condition: "seat = 0 OR status IN ('active', 'suspended')" } },
  sparseIndexes: { ix_mailbox_grace: 'grace_until' },
};

/** Whether and since when a mailbox occupies a seat, whether support fixed its kind, and how long its mail is still accepted. */
export class AddMailboxSeat1763683228000 implements MigrationInterface {
  readonly name = 'AddMailboxSeat1763683228000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'mailbox_account', seat);
    await runner.query(
      "UPDATE mailbox_account SET seat = 1, seat_since = status_since WHERE kind = 'user' AND status = 'active' AND seat = 0",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'mailbox_account', seat);
  }
}
