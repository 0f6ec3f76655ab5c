import type { Terminal } from '../terminal/terminal.js';
import { formatFields, formatTable, type Column } from '../terminal/table.js';

/** Prints one value as JSON. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(JSON.stringify(value, null, 2));
}

/** Prints one object as JSON or as a line a member: plain values as they are, lists and objects as JSON. */
export function printFields(terminal: Terminal, value: object, options: { readonly json?: true }): void {
  if (options.json === true) {
    printJson(terminal, value);
    return;
  }
  const fields = Object.entries(value).map(([name, member]: [string, unknown]) => [
    name,
    typeof member === 'object' && member !== null ? JSON.stringify(member) : member,
  ]);
  formatFields(Object.fromEntries(fields) as Record<string, string>).forEach((line) => terminal.out(line));
}

/** Prints a list as JSON array or as table; an empty table is one line on standard error. */
export async function printList<Item>(
  terminal: Terminal,
  list: AsyncIterable<Item>,
  options: { readonly json?: true; readonly limit?: number; readonly empty: string },
  columns: readonly Column<Item>[],
): Promise<void> {
  const items = await take(list, options.limit ?? Infinity);
  if (options.json === true) printJson(terminal, items);
  else if (items.length === 0) terminal.err(options.empty);
  else formatTable(columns, items).forEach((line) => terminal.out(line));
}

/** The first items of a list; no page is asked for that is not needed. */
export async function take<Item>(list: AsyncIterable<Item>, limit: number): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) {
    items.push(item);
    if (items.length >= limit) break;
  }
  return items;
}
