import type { SqlValue, Write } from '@cleanmail/database';

/** The two texts of a statement that writes rows: for the one row of most units of work, and for batches. */
export interface MultiRowStatement {
  readonly one: string;
  readonly many: string;
}

/** More would save little, and two statement texts are enough to be kept prepared. */
const rowsPerStatement = 10;

/** Both texts, from the placeholders of one row and from what stands around those of all rows. */
export function multiRowStatement(row: string, statement: (rows: string) => string): MultiRowStatement {
  return { one: statement(row), many: statement(Array<string>(rowsPerStatement).fill(row).join(', ')) };
}

/** The insertion of rows into a table; the names come from the code. */
export function multiRowInsert(table: string, columns: readonly string[]): MultiRowStatement {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return multiRowStatement(row, (rows) => `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${rows}`);
}

/** The statements that write rows, in their order. */
export function multiRowWrites({ one, many }: MultiRowStatement, rows: readonly SqlValue[][]): readonly Write[] {
  const batched = rows.length - (rows.length % rowsPerStatement);
  const writes: Write[] = [];
  for (let start = 0; start < batched; start += rowsPerStatement) {
    writes.push({ statement: many, parameters: rows.slice(start, start + rowsPerStatement).flat() });
  }
  return [...writes, ...rows.slice(batched).map((parameters) => ({ statement: one, parameters }))];
}
