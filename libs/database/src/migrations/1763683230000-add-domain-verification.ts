import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, type AddedColumns, dropColumns } from './alter-table.js';

const verification: AddedColumns = {
  columns: ({ id, bigint }) => ({
    verify_token: 'varchar(64)',
    verified_by: 'varchar(8)',
    last_check_at: bigint,
    check_failed_since: bigint,
    settled_at: bigint,
    transfer_to: id,
  }),
  indexes: {
    ix_mail_domain_check: ['status', 'last_check_at'],
  },
};

/**
 * How a domain was verified and when that was last looked at; when the work that follows from owning it was done; and
 * the tenant that it is on its way to. Domains from before have none of it: support staff vouched for them.
 */
export class AddDomainVerification1763683230000 implements MigrationInterface {
  readonly name = 'AddDomainVerification1763683230000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'mail_domain', verification);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'mail_domain', verification);
  }
}
