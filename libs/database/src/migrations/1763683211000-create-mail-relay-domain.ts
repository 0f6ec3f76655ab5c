import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const mailRelayDomain: TableDefinition = {
  body: (types) => [
    'name varchar(253) NOT NULL',
    `tenant_id ${types.id} NOT NULL`,
    'next_hop varchar(255)',
    'unknown_recipient_policy varchar(8) NOT NULL',
    `active ${types.boolean} NOT NULL`,
    `version ${types.bigint} NOT NULL`,
    'PRIMARY KEY (name)',
  ],
  indexes: {
    ix_mail_relay_domain_tenant: ['tenant_id', 'version'],
  },
};

/** The read model of relay domains: a row for the A-label and, where it differs, one for the U-label. */
export class CreateMailRelayDomain1763683211000 implements MigrationInterface {
  readonly name = 'CreateMailRelayDomain1763683211000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'mail_relay_domain', mailRelayDomain);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'mail_relay_domain');
  }
}
