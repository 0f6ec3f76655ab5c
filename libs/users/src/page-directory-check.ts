import { afterEveryId, byPrimaryKey, type PagedResources, type Session, type TenantId } from '@cleanmail/database';

interface CheckedBlock {
  readonly live: number;
  readonly counted: number;
  readonly next_id: string | null;
}

const ofKind = 'tenant_id = ? AND resource_type = ?';
const blockFrom = `SELECT end_id AS id FROM scim_page_block WHERE ${ofKind} AND first_id = ?`;
const blockBefore = `SELECT MAX(first_id) AS id FROM scim_page_block WHERE ${ofKind} AND first_id < ?`;

/**
 * Compares a tenant's page directory with its rows; one sentence for each difference, none when all is well. May run
 * while others write: a block is read and counted in one statement, and one that was split meanwhile is read again.
 */
export async function pageDirectoryViolations(
  tenant: TenantId,
  session: Session,
  resources: PagedResources,
): Promise<readonly string[]> {
  const { table, resourceType } = resources;
  const violations: string[] = [];
  const idOf = async (statement: string, parameters: readonly string[]) =>
    (await session.first<{ readonly id: string | null }>(statement, parameters))?.id ?? undefined;
  let firstId: string | undefined = '';
  while (firstId !== undefined) {
    const at: readonly string[] = [tenant, resourceType, firstId];
    const endId: string | undefined = await idOf(blockFrom, at);
    if (endId === undefined) {
      // Joined to the one before meanwhile, which is counted again; before the first there is none.
      firstId = await idOf(blockBefore, at);
      if (firstId === undefined && (await idOf(`SELECT id FROM ${table} WHERE tenant_id = ? LIMIT 1`, [tenant]))) {
        violations.push(`${resourceType}: no block begins at ""`);
      }
      continue;
    }
    const block = await readBlock(tenant, session, resources, [firstId, endId]);
    if (block !== undefined) {
      violations.push(...differences(`${resourceType} block "${firstId}"`, endId, block));
      firstId = block.next_id ?? undefined;
    }
  }
  return violations;
}

/** What a block says, how many rows are in its range, and where the next one begins: all at one moment. */
async function readBlock(
  tenant: TenantId,
  session: Session,
  { table, resourceType }: PagedResources,
  [firstId, endId]: readonly [string, string],
): Promise<CheckedBlock | undefined> {
  return session.first<CheckedBlock>(
    `SELECT live,
      (SELECT COUNT(*) FROM ${table}${byPrimaryKey(session)} WHERE tenant_id = ? AND id >= ? AND id < ?) AS counted,
      (SELECT MIN(first_id) FROM scim_page_block WHERE ${ofKind} AND first_id > ?) AS next_id
      FROM scim_page_block WHERE ${ofKind} AND first_id = ? AND end_id = ?`,
    [tenant, firstId, endId, tenant, resourceType, firstId, tenant, resourceType, firstId, endId],
  );
}

function differences(name: string, endId: string, { live, counted, next_id: nextId }: CheckedBlock): readonly string[] {
  const next = nextId ?? afterEveryId;
  return [
    ...(live === counted ? [] : [`${name}: says ${live}, has ${counted}`]),
    ...(next === endId ? [] : [`${name}: ends at "${endId}", the next begins at "${next}"`]),
  ];
}
