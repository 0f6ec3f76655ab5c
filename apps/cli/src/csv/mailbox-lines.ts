import { parse } from 'csv-parse/sync';
import { type CsvFile, type Line, linesOf } from './csv-file.js';
import { delimiterOf, type MailboxColumns, readColumns } from './mailbox-columns.js';
import { type LineError, type MailboxLine, readMailbox } from './mailbox-row.js';

/** How a file is read. */
export interface MailboxLineOptions {
  readonly delimiter?: string;
  /** Lines before this one are passed over, but for the header. */
  readonly fromLine?: number;
  /** Told once, when there are columns that are not used. */
  readonly onUnused?: (columns: readonly string[]) => void;
}

/** Mailboxes and broken lines of a part of the file; `line` is the last line of the part. */
export interface MailboxLines {
  readonly line: number;
  readonly mailboxes: readonly MailboxLine[];
  readonly errors: readonly LineError[];
}

type Records = readonly (readonly string[])[] | string;
type Fields = { readonly line: number; readonly fields: readonly string[] } | LineError;

/**
 * Reads a file as mailboxes, part by part. A line is a mailbox: quoted fields may hold delimiters but no line ends, so
 * that a quote that is not closed breaks its own line and no other.
 */
export async function* mailboxLinesOf(
  file: CsvFile,
  { delimiter: told, fromLine = 1, onUnused }: MailboxLineOptions = {},
): AsyncGenerator<MailboxLines> {
  let columns: MailboxColumns | undefined;
  let delimiter = told;
  for await (const part of linesOf(file)) {
    let lines = part.filter(({ text }) => text.trim() !== '' && !text.startsWith('#'));
    const [first] = lines;
    if (first !== undefined && columns === undefined) {
      delimiter ??= delimiterOf(first.text);
      const [head] = fieldsOf([first], delimiter);
      columns = readColumns(head !== undefined && 'fields' in head ? head.fields : [], first.number);
      if (columns.unused.length > 0) onUnused?.(columns.unused);
      lines = columns.hasHeader ? lines.slice(1) : lines;
    }
    const wanted = lines.filter(({ number }) => number >= fromLine);
    const read = columns === undefined ? [] : rowsOf(wanted, columns, delimiter ?? ',');
    yield {
      line: part.at(-1)?.number ?? 0,
      mailboxes: read.filter((each) => 'row' in each),
      errors: read.filter((each) => 'reason' in each),
    };
  }
}

function rowsOf(
  lines: readonly Line[],
  columns: MailboxColumns,
  delimiter: string,
): readonly (MailboxLine | LineError)[] {
  return fieldsOf(lines, delimiter).map((each) =>
    'fields' in each ? readMailbox(each.fields, columns, each.line) : each,
  );
}

/** Many lines at once where they are sound, each by itself where one is not. */
function fieldsOf(lines: readonly Line[], delimiter: string): readonly Fields[] {
  const records = parsed(lines.map(({ text }) => text).join('\n'), delimiter);
  if (typeof records !== 'string' && records.length === lines.length) {
    return lines.map(({ number: line }, index) => ({ line, fields: records[index] ?? [] }));
  }
  return lines.map(({ number: line, text }): Fields => {
    const read = parsed(text, delimiter);
    const [fields, ...others] = typeof read === 'string' ? [] : read;
    return fields !== undefined && others.length === 0
      ? { line, fields }
      : { line, reason: typeof read === 'string' ? read : 'cannot be read as CSV' };
  });
}

/** The records of a text, or what is wrong with it. */
function parsed(text: string, delimiter: string): Records {
  try {
    return parse(text, { delimiter, relax_column_count: true, trim: true, skip_empty_lines: false });
  } catch (error) {
    const { code } = error as { readonly code?: string };
    return code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quote is not closed'
      : 'a quote stands inside a field; write it twice, or quote the field';
  }
}
