import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const seatInterval: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `mailbox_id ${types.id} NOT NULL`,
    `from_at ${types.bigint} NOT NULL`,
    `to_at ${types.bigint} NOT NULL`,
    'PRIMARY KEY (tenant_id, mailbox_id, from_at)',
    'CONSTRAINT ck_seat_interval_order CHECK (to_at > from_at)',
  ],
};

/** Who occupied a seat from when to when: with the seats in use, the ledger that billing reads. */
export class CreateSeatInterval1763683229000 implements MigrationInterface {
  readonly name = 'CreateSeatInterval1763683229000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'seat_interval', seatInterval);
    await runner.query(
      'UPDATE tenant_mail_counter SET seats_used = (SELECT COUNT(*) FROM mailbox_account m WHERE m.tenant_id = tenant_mail_counter.tenant_id AND m.seat = 1)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'seat_interval');
  }
}
