import type { DataSource } from 'typeorm';
import { byPrimaryKey } from './session/session.js';

/** Resources of one kind that are listed by position: their table, and the name of the kind in the directory. */
export interface PagedResources {
  readonly table: string;
  readonly resourceType: string;
}

/** Who runs a statement: a migration's QueryRunner, or the EntityManager of a DataSource. */
export interface StatementRunner {
  readonly dataSource: DataSource;
  query(statement: string, parameters?: unknown[]): Promise<unknown>;
}

/** The kinds that have a page directory. */
export const pagedResources: readonly PagedResources[] = [
  { table: 'scim_user', resourceType: 'User' },
  { table: 'scim_group', resourceType: 'Group' },
];

/** A block of the page directory with more resources than this is split. */
export const largestBlock = 2048;

/** Where the last block ends: behind every id. */
export const afterEveryId = '~';

/** Resources that the last block keeps when it is split, and those of each block that a rebuild makes. */
export function keptOf(largest: number): number {
  return Math.floor((largest * 7) / 8);
}

/**
 * Writes a tenant's page directory anew from the rows there are; nobody may create or delete meanwhile. It goes from
 * block to block in short statements, so that none runs long however many rows there are, and may be repeated.
 */
export async function rebuildPageDirectory(
  runner: StatementRunner,
  tenant: string,
  { table, resourceType }: PagedResources,
  largest = largestBlock,
): Promise<void> {
  await runner.query('DELETE FROM scim_page_block WHERE tenant_id = ? AND resource_type = ?', [tenant, resourceType]);
  const enter = (firstId: string, endId: string, live: number) =>
    runner.query(
      'INSERT INTO scim_page_block (tenant_id, resource_type, first_id, end_id, live) VALUES (?, ?, ?, ?, ?)',
      [tenant, resourceType, firstId, endId, live],
    );
  const kept = keptOf(largest);
  const dialect = runner.dataSource.options.type === 'better-sqlite3' ? 'sqlite' : 'mysql';
  const rows = `FROM ${table}${byPrimaryKey({ dialect })} WHERE tenant_id = ? AND id >= ?`;
  let firstId = '';
  for (;;) {
    const following = await runner.query(`SELECT id ${rows} ORDER BY id LIMIT 1 OFFSET ${kept}`, [tenant, firstId]);
    const [next] = following as readonly { readonly id: string }[];
    if (next === undefined) {
      break;
    }
    await enter(firstId, next.id, kept);
    firstId = next.id;
  }
  const counted = await runner.query(`SELECT COUNT(*) AS live ${rows}`, [tenant, firstId]);
  const [{ live } = { live: 0 }] = counted as readonly { readonly live: number }[];
  await enter(firstId, afterEveryId, live);
}
