import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTable, type TableDefinition } from './table.js';

const secretToken: TableDefinition = {
  body: (types) => [
    `id ${types.id} NOT NULL`,
    `tenant_id ${types.id} NOT NULL`,
    'public_id varchar(32) NOT NULL',
    'secret_hash varchar(64) NOT NULL',
    'description varchar(255)',
    'service_account varchar(320)',
    `created_at ${types.bigint} NOT NULL`,
    'created_by varchar(128) NOT NULL',
    `expires_at ${types.bigint}`,
    `revoked_at ${types.bigint}`,
    `last_used_at ${types.bigint}`,
    'PRIMARY KEY (tenant_id, id)',
    'CONSTRAINT uq_secret_token_public_id UNIQUE (public_id)',
    'CONSTRAINT fk_secret_token_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id)',
  ],
};

/** Secret tokens, of which only a keyed hash is kept. The public id is the one lookup that does not begin with a tenant. */
export class CreateSecretToken1763683201000 implements MigrationInterface {
  readonly name = 'CreateSecretToken1763683201000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'secret_token', secretToken);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'secret_token');
  }
}
