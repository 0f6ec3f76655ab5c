import type { MigrationInterface, QueryRunner } from 'typeorm';
import { pagedResources, rebuildPageDirectory } from '../rebuild-page-directory.js';
import { createTable, dropTable, type TableDefinition } from './table.js';

const scimPageBlock: TableDefinition = {
  body: (types) => [
    `tenant_id ${types.id} NOT NULL`,
    'resource_type varchar(16) NOT NULL',
    `first_id ${types.id} NOT NULL`,
    `end_id ${types.id} NOT NULL`,
    `live ${types.int} NOT NULL`,
    'PRIMARY KEY (tenant_id, resource_type, first_id)',
  ],
};

/** The page directory: how many users or groups of a tenant lie between two ids. Existing ones are entered here. */
export class CreateScimPageBlock1763683216000 implements MigrationInterface {
  readonly name = 'CreateScimPageBlock1763683216000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'scim_page_block', scimPageBlock);
    for (const resources of pagedResources) {
      const tenants = (await runner.query(`SELECT DISTINCT tenant_id AS id FROM ${resources.table}`)) as readonly {
        readonly id: string;
      }[];
      for (const { id } of tenants) {
        await rebuildPageDirectory(runner, id, resources);
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTable(runner, 'scim_page_block');
  }
}
