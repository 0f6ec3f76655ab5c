import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const mailDomain: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    `id ${types.id} NOT NULL`,
    'name_ascii varchar(253) NOT NULL',
    'name_unicode varchar(253) NOT NULL',
    'status varchar(16) NOT NULL',
    `created_at ${types.bigint} NOT NULL`,
    `verified_at ${types.bigint}`,
    'unknown_recipient_policy varchar(8) NOT NULL',
    'subaddressing varchar(8) NOT NULL',
    'next_hop varchar(255)',
    "owner_key varchar(253) GENERATED ALWAYS AS (CASE WHEN status IN ('verified', 'suspended') THEN name_ascii END) STORED",
    'PRIMARY KEY (tenant_id, id)',
    'CONSTRAINT uq_mail_domain_owner UNIQUE (owner_key)',
    'CONSTRAINT uq_mail_domain_tenant UNIQUE (tenant_id, name_ascii)',
    'CONSTRAINT uq_mail_domain_tenant_owner UNIQUE (tenant_id, owner_key)',
    "CONSTRAINT ck_mail_domain_status CHECK (status IN ('pending', 'verified', 'suspended', 'released'))",
    "CONSTRAINT ck_mail_domain_unknown CHECK (unknown_recipient_policy IN ('reject', 'defer', 'accept'))",
    "CONSTRAINT ck_mail_domain_subaddressing CHECK (subaddressing IN ('plus', 'off'))",
  ],
};

/** Mail domains and who owns them. `owner_key` is the name while a tenant owns it, so the database allows one owner. */
export class CreateMailDomain1763683206000 implements MigrationInterface {
  readonly name = 'CreateMailDomain1763683206000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'mail_domain', mailDomain);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'mail_domain');
  }
}
