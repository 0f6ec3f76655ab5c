import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { usageError } from '../terminal/command-error.js';
import type { Difference } from './difference.js';

/** How many of each kind are told; a file has them all. */
const firstOfKind = 10;

/** Differences as they are found: counted by kind, the first ones kept, all of them written to a file where one was told. */
export class DifferenceReport {
  readonly counts: Record<string, number> = {};
  readonly first: Difference[] = [];
  /** Those that were not repaired. */
  open = 0;
  total = 0;

  private constructor(
    private readonly file: WriteStream | undefined,
    private readonly isJson: boolean,
  ) {}

  /** The file is NDJSON when its name says so, else CSV. @throws CommandError when it cannot be written. */
  static async open(path: string | undefined): Promise<DifferenceReport> {
    const file = path === undefined ? undefined : await openForWriting(path);
    const isJson = /\.(nd)?jsonl?$/i.test(path ?? '');
    if (!isJson) file?.write('kind,subject,text,remedy,isRepaired,problem\n');
    return new DifferenceReport(file, isJson);
  }

  add(difference: Difference): void {
    const { kind, subject, text, remedy, isRepaired, problem } = difference;
    const count = (this.counts[kind] ?? 0) + 1;
    this.counts[kind] = count;
    this.total += 1;
    this.open += isRepaired === true ? 0 : 1;
    if (count <= firstOfKind) this.first.push(difference);
    const fields = [kind, subject, text, remedy, String(isRepaired ?? ''), problem ?? ''];
    this.file?.write(this.isJson ? `${JSON.stringify(difference)}\n` : `${fields.map(quoted).join(',')}\n`);
  }

  async close(): Promise<void> {
    if (this.file !== undefined) {
      this.file.end();
      await once(this.file, 'close');
    }
  }
}

/** A spreadsheet must not take a text from an identity provider for a formula. */
function quoted(field: string): string {
  const text = /^[=+\-@\t]/.test(field) ? `'${field}` : field;
  return `"${text.replaceAll('"', '""')}"`;
}

async function openForWriting(path: string): Promise<WriteStream> {
  const file = createWriteStream(path, { mode: 0o600 });
  await once(file, 'open').catch((error: NodeJS.ErrnoException) => {
    throw usageError(`--report ${path} cannot be written (${error.code ?? error.message})`);
  });
  return file;
}
