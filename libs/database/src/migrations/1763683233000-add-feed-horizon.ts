import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, type AddedColumns, dropColumns } from './alter-table.js';

const horizon: AddedColumns = {
  columns: ({ bigint }) => ({ feed_horizon: `${bigint} NOT NULL DEFAULT 0` }),
};

/** The version up to which a tenant's events and removed recipients are no longer kept; readers behind it start anew. */
export class AddFeedHorizon1763683233000 implements MigrationInterface {
  readonly name = 'AddFeedHorizon1763683233000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'tenant_mail_counter', horizon);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'tenant_mail_counter', horizon);
  }
}
