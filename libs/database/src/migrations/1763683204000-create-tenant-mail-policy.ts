import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const tenantMailPolicy: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    'address_source varchar(16) NOT NULL',
    'inactive_mail_policy varchar(8) NOT NULL',
    `inactive_grace_hours ${types.int} NOT NULL`,
    `former_days ${types.int} NOT NULL`,
    `delete_retention_days ${types.int} NOT NULL`,
    `reserve_days ${types.int} NOT NULL`,
    `erase_after_days ${types.int} NOT NULL`,
    'PRIMARY KEY (tenant_id)',
    "CONSTRAINT ck_mail_policy_source CHECK (address_source IN ('userName', 'workEmail', 'primaryEmail'))",
    "CONSTRAINT ck_mail_policy_inactive CHECK (inactive_mail_policy IN ('reject', 'defer', 'hold', 'deliver'))",
    'CONSTRAINT ck_mail_policy_days CHECK (inactive_grace_hours >= 0 AND former_days >= 0 AND delete_retention_days >= 0 AND reserve_days >= 0 AND erase_after_days >= 0)',
  ],
};

/** How a tenant's mailboxes are granted, suspended, kept and purged; a tenant without a row has the defaults of the application. */
export class CreateTenantMailPolicy1763683204000 implements MigrationInterface {
  readonly name = 'CreateTenantMailPolicy1763683204000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'tenant_mail_policy', tenantMailPolicy);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'tenant_mail_policy');
  }
}
