import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, type AddedColumns, dropColumns } from './alter-table.js';

const keys: AddedColumns = {
  columns: () => ({
    name_ascii: 'varchar(253)',
    subaddressing: "varchar(8) NOT NULL DEFAULT 'plus'",
  }),
};

const ofDomain = `FROM mail_domain d WHERE d.tenant_id = mail_relay_domain.tenant_id
   AND mail_relay_domain.name IN (d.name_ascii, d.name_unicode) AND d.status IN ('verified', 'suspended')`;

/**
 * What turns a recipient into the key of its row: the A-labels behind a row of U-labels, and whether a subaddress reaches
 * the address before its `+`. Gateways that may read the read model alone cannot know either.
 */
export class AddRelayDomainKeys1763683256000 implements MigrationInterface {
  readonly name = 'AddRelayDomainKeys1763683256000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'mail_relay_domain', keys);
    await runner.query(
      `UPDATE mail_relay_domain SET name_ascii = (SELECT d.name_ascii ${ofDomain}),
         subaddressing = COALESCE((SELECT d.subaddressing ${ofDomain}), 'plus')`,
    );
    await runner.query('UPDATE mail_relay_domain SET name_ascii = NULL WHERE name_ascii = name');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'mail_relay_domain', keys);
  }
}
