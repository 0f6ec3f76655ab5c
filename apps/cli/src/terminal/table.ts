import { printable } from './printable.js';

/** One column of a table: its heading and the cell of a row (empty when undefined). */
export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string | number | boolean | null | undefined;
}

/** Left-aligned text table with a heading line; one string per line, no trailing blanks. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const lines = [
    columns.map((column) => column.heading),
    ...rows.map((row) => columns.map((column) => printable(String(column.cell(row) ?? '')))),
  ];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => (line[index] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `name: value` lines with aligned values; undefined values are left out. */
export function formatFields(fields: Readonly<Record<string, string | number | boolean | null | undefined>>): string[] {
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${`${name}:`.padEnd(width + 1)} ${printable(String(value))}`);
}
