import type { AdminClient } from '../admin-client/admin-client.js';
import type { ImportAnswer } from '../admin-client/import-types.js';
import { type CsvEncoding, openCsv } from '../csv/csv-file.js';
import { mailboxLinesOf } from '../csv/mailbox-lines.js';
import type { LineError, MailboxLine } from '../csv/mailbox-row.js';
import { CommandError } from '../terminal/command-error.js';
import type { ProgressBar } from '../terminal/progress-bar.js';
import type { LineErrors } from './line-errors.js';

/** How a file is imported. */
export interface ImportOptions {
  readonly dryRun?: boolean;
  readonly delimiter?: string;
  readonly encoding?: CsvEncoding;
  /** Goes on where an interrupted run ended. */
  readonly fromLine?: number;
  /** Sends nothing more once a line was refused. */
  readonly stopOnError?: boolean;
}

/** What a run reports to, and what ends it early. */
export interface ImportWatch {
  readonly errors: LineErrors;
  readonly bar: ProgressBar | undefined;
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
}

/** How many lines went which way. */
export interface ImportSummary {
  readonly dryRun: boolean;
  /** The last line that was looked at; with `isWhole` the last one of the file. */
  readonly line: number;
  readonly isWhole: boolean;
  readonly made: number;
  readonly parked: number;
  readonly present: number;
  readonly adopted: number;
  readonly refused: number;
  /** Why lines are parked. */
  readonly parkedFor: Readonly<Record<string, number>>;
}

/** A request holds no more, and less than the admin REST's 1 MiB. */
const rowsPerRequest = 500;
const bytesPerRequest = 500_000;

const reasons: Readonly<Record<string, string>> = {
  address_taken: 'is an address of another mailbox',
  invalid_syntax: 'is no mail address',
  unsupported_utf8: 'has characters outside ASCII before the @, which no mailbox can have',
  domain_not_owned: 'is at a domain that the tenant does not own, and its policy refuses such',
};

/** Makes mailboxes of the lines of a file, some hundred a request, in the order of the file; memory stays flat. */
export async function importMailboxes(
  client: AdminClient,
  tenantId: string,
  path: string,
  { dryRun = false, encoding, stopOnError = false, ...reading }: ImportOptions,
  { errors, bar, signal, warn }: ImportWatch,
): Promise<ImportSummary> {
  const file = await openCsv(path, encoding);
  const count = { made: 0, parked: 0, present: 0, adopted: 0, refused: 0 };
  const parkedFor: Record<string, number> = {};
  let seatsAssumed = 0;
  const refuse = (error: LineError): void => {
    count.refused += 1;
    errors.add(error);
  };
  const send = async (mailboxes: readonly MailboxLine[]): Promise<void> => {
    const rows = mailboxes.map(({ row }) => row);
    const answers = await client.importMailboxes(tenantId, { rows, ...(dryRun ? { dryRun, seatsAssumed } : {}) });
    for (const [index, { line, row }] of mailboxes.entries()) {
      const answer = answers[index];
      if (answer === undefined) throw new CommandError('the answer lacks lines: is the service of this version?');
      if (answer.outcome === 'refused') refuse(inWords(line, row.address, answer));
      else count[answer.outcome] += 1;
      if (answer.outcome === 'made' && (row.kind ?? 'user') === 'user') seatsAssumed += 1;
      if (answer.outcome === 'parked') parkedFor[answer.reason ?? ''] = (parkedFor[answer.reason ?? ''] ?? 0) + 1;
    }
  };
  let line = 0;
  const isOver = (): boolean => signal.aborted || (stopOnError && count.refused > 0);
  const onUnused = (columns: readonly string[]) => warn(`columns that are not used: ${columns.join(', ')}`);
  for await (const part of mailboxLinesOf(file, { ...reading, onUnused })) {
    part.errors.forEach(refuse);
    for (const some of requests(part.mailboxes)) {
      if (isOver()) break;
      await send(some);
      line = some.at(-1)?.line ?? line;
    }
    if (isOver()) break;
    line = part.line;
    bar?.show({ phase: dryRun ? 'dry run' : 'import', total: file.lines, done: line });
  }
  return { dryRun, line, isWhole: line >= file.lines, ...count, parkedFor };
}

function* requests(mailboxes: readonly MailboxLine[]): Generator<readonly MailboxLine[]> {
  let some: MailboxLine[] = [];
  let bytes = 0;
  for (const mailbox of mailboxes) {
    const size = Buffer.byteLength(JSON.stringify(mailbox.row));
    if (some.length === rowsPerRequest || bytes + size > bytesPerRequest) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(mailbox);
    bytes += size;
  }
  if (some.length > 0) yield some;
}

function inWords(line: number, wanted: string, { address = wanted, reason = '' }: ImportAnswer): LineError {
  const column = address.toLowerCase() === wanted.toLowerCase() ? 'address' : 'aliases';
  return { line, column, reason: `${address} ${reasons[reason] ?? `was refused: ${reason}`}` };
}
