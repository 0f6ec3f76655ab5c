import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const seatInterval: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `id ${types.id} NOT NULL`,
    `mailbox_id ${types.id} NOT NULL`,
    `from_at ${types.bigint} NOT NULL`,
    `to_at ${types.bigint}`,
    'open_key varchar(36) GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN mailbox_id END) STORED',
    'PRIMARY KEY (tenant_id, id)',
    'CONSTRAINT uq_seat_interval_open UNIQUE (tenant_id, open_key)',
    'CONSTRAINT ck_seat_interval_order CHECK (to_at >= from_at)',
  ],
};

/** Who occupied a seat from when to when: the ledger that billing reads. Seats in use are opened as of their status. */
export class CreateSeatInterval1763683229000 implements MigrationInterface {
  readonly name = 'CreateSeatInterval1763683229000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'seat_interval', seatInterval);
    await runner.query(
      'INSERT INTO seat_interval (tenant_id, id, mailbox_id, from_at) SELECT m.tenant_id, m.id, m.id, m.status_since FROM mailbox_account m ' +
        'WHERE m.seat = 1 AND NOT EXISTS (SELECT 1 FROM seat_interval s WHERE s.tenant_id = m.tenant_id AND s.open_key = m.id)',
    );
    await runner.query(
      'UPDATE tenant_mail_counter SET seats_used = (SELECT COUNT(*) FROM seat_interval s WHERE s.tenant_id = tenant_mail_counter.tenant_id AND s.to_at IS NULL)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'seat_interval');
  }
}
