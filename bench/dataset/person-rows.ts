import { found, idPattern } from '../record/script.js';
import type { Row, Value } from '../record/statement-tap.js';
import { type BenchConnection, tenantTables } from './bench-connection.js';
import { idHead, userKind } from './names.js';

/** The rows that the service made for one person, to be multiplied: every table that has some, with a column's value or what it is made of. */
export interface PersonRow {
  readonly table: string;
  readonly columns: readonly string[];
  readonly cells: readonly Cell[];
}

/** A value that is the same for all, a text with the person's name and number in it, or a number that counts on from here. */
export type Cell = { readonly value: Value } | { readonly text: string } | { readonly countsFrom: number };

/** What stands in a text for the person's name and for the last part of an id. */
export const places = { name: 'zz999999999', hex: 'hhhhhhhhhhhh' } as const;

/** The columns that must grow with the tenant's feed. */
const feedVersions: Readonly<Record<string, string>> = { mail_recipient: 'version', outbox_event: 'version' };

interface Sample {
  readonly tenant: string;
  readonly tenantNumber: number;
  readonly userId: string;
}

/** Reads everything that is about the person whose name is {@link places.name}. */
export async function readPersonRows(connection: BenchConnection, sample: Sample): Promise<readonly PersonRow[]> {
  const collected: { readonly table: string; readonly columns: readonly string[]; readonly row: Row }[] = [];
  const [mailbox] = await connection.rows('SELECT id FROM mailbox_account WHERE tenant_id = ? AND scim_user_id = ?', [
    sample.tenant,
    sample.userId,
  ]);
  const marks = [places.name, sample.userId, String(mailbox?.['id'])];
  for (const [table, columns] of await tenantTables(connection)) {
    const rows = await connection.rows(`SELECT ${columns.join(', ')} FROM ${table} WHERE tenant_id = ?`, [
      sample.tenant,
    ]);
    const ofPerson = rows.filter((row) => marks.some((mark) => JSON.stringify(row).includes(mark)));
    collected.push(...ofPerson.map((row) => ({ table, columns, row })));
  }
  const kinds = kindsOfIds(
    sample.userId,
    collected.map(({ row }) => row),
  );
  return collected.map(({ table, columns, row }) => ({
    table,
    columns,
    cells: columns.map((column) =>
      feedVersions[table] === column ? { countsFrom: 1 } : cellOf(row[column] ?? null, sample.tenantNumber, kinds),
    ),
  }));
}

/** Ids of the person's own rows; others, such as the token's, stay as they are. */
function kindsOfIds(userId: string, rows: readonly Row[]): ReadonlyMap<string, number> {
  const ids = new Set([userId, ...rows.flatMap(({ id }) => (typeof id === 'string' ? [id] : []))]);
  return new Map([...ids].map((id, index) => [id, userKind + index]));
}

function cellOf(value: Value, tenantNumber: number, kinds: ReadonlyMap<string, number>): Cell {
  if (typeof value !== 'string') return { value };
  let text = value;
  for (const id of found(value, idPattern)) {
    const kind = kinds.get(id);
    if (kind !== undefined) text = text.replaceAll(id, `${idHead(tenantNumber, kind)}${places.hex}`);
  }
  return text.includes(places.name) || text.includes(places.hex) ? { text } : { value };
}
