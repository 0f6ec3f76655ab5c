import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, type AddedColumns, dropColumns } from './alter-table.js';

const rules: AddedColumns = {
  columns: (types) => ({
    unowned_domain_policy: "varchar(8) NOT NULL DEFAULT 'park' CHECK (unowned_domain_policy IN ('park', 'reject'))",
    emails_as_aliases: `${types.boolean} NOT NULL DEFAULT 0`,
    kind_source: "varchar(8) NOT NULL DEFAULT 'admin' CHECK (kind_source IN ('admin', 'userType'))",
    seat_limit: `${types.int} CHECK (seat_limit >= 0)`,
    seat_policy: "varchar(8) NOT NULL DEFAULT 'soft' CHECK (seat_policy IN ('soft', 'hard'))",
    guard_max_pct: `${types.int} NOT NULL DEFAULT 20 CHECK (guard_max_pct BETWEEN 0 AND 100)`,
    guard_max_abs: `${types.int} NOT NULL DEFAULT 50 CHECK (guard_max_abs >= 0)`,
  }),
};

/** What a tenant's mail policy says about foreign domains, aliases, kinds, seats and mass events. */
export class AddMailPolicyRules1763683226000 implements MigrationInterface {
  readonly name = 'AddMailPolicyRules1763683226000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'tenant_mail_policy', rules);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'tenant_mail_policy', rules);
  }
}
