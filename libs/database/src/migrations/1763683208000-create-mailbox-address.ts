import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const mailboxAddress: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `id ${types.id} NOT NULL`,
    `mailbox_id ${types.id} NOT NULL`,
    'local_key varchar(64) NOT NULL',
    'local_display varchar(64) NOT NULL',
    'domain_ascii varchar(253) NOT NULL',
    'role varchar(8) NOT NULL',
    'source varchar(8) NOT NULL',
    'basis varchar(8) NOT NULL',
    'state varchar(8) NOT NULL',
    `created_at ${types.bigint} NOT NULL`,
    `valid_until ${types.bigint}`,
    "claim_key varchar(318) GENERATED ALWAYS AS (CASE WHEN state <> 'released' THEN CONCAT(local_key, '@', domain_ascii) END) STORED",
    "owned_domain varchar(253) GENERATED ALWAYS AS (CASE WHEN state <> 'released' AND basis = 'domain' THEN domain_ascii END) STORED",
    "primary_of varchar(36) GENERATED ALWAYS AS (CASE WHEN state <> 'released' AND role = 'primary' THEN mailbox_id END) STORED",
    'PRIMARY KEY (tenant_id, id)',
    'CONSTRAINT uq_mailbox_address_claim UNIQUE (claim_key)',
    'CONSTRAINT uq_mailbox_address_primary UNIQUE (primary_of)',
    "CONSTRAINT ck_mailbox_address_role CHECK (role IN ('primary', 'alias', 'former'))",
    "CONSTRAINT ck_mailbox_address_state CHECK (state IN ('live', 'reserved', 'released'))",
    "CONSTRAINT ck_mailbox_address_basis CHECK (basis IN ('domain', 'open'))",
    'CONSTRAINT fk_mailbox_address_mailbox FOREIGN KEY (tenant_id, mailbox_id) REFERENCES mailbox_account (tenant_id, id)',
    'CONSTRAINT fk_mailbox_address_domain FOREIGN KEY (tenant_id, owned_domain) REFERENCES mail_domain (tenant_id, owner_key)',
  ],
  indexes: {
    ix_mailbox_address_mailbox: ['tenant_id', 'mailbox_id'],
    ix_mailbox_address_due: ['state', 'valid_until'],
    ix_mailbox_address_domain: ['domain_ascii', 'basis', 'state'],
  },
};

/** Who holds which address. `claim_key` lets the database allow one holder on the whole platform, `owned_domain` lets it refuse a claim on a domain that the tenant does not own; a claim on basis `open` stands while nobody owns the domain. */
export class CreateMailboxAddress1763683208000 implements MigrationInterface {
  readonly name = 'CreateMailboxAddress1763683208000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'mailbox_address', mailboxAddress);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'mailbox_address');
  }
}
