import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { LineError } from '../csv/mailbox-row.js';
import { usageError } from '../terminal/command-error.js';
import { printable } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';

/** More on a terminal help nobody; a file has them all. */
const mostOnTerminal = 20;

/** What is wrong with lines of a file: the first ones on the terminal, all of them as CSV in a file where one was told. */
export class LineErrors {
  readonly first: LineError[] = [];
  private count = 0;

  private constructor(
    private readonly terminal: Terminal,
    private readonly file: WriteStream | undefined,
    private readonly path: string | undefined,
  ) {}

  /** @throws CommandError when the file cannot be written. */
  static async open(terminal: Terminal, path: string | undefined): Promise<LineErrors> {
    const file = path === undefined ? undefined : await openForWriting(path);
    file?.write('line,column,reason\n');
    return new LineErrors(terminal, file, path);
  }

  add(error: LineError): void {
    const { line, column, reason } = error;
    this.count += 1;
    if (this.first.length < mostOnTerminal) {
      this.first.push(error);
      this.terminal.err(printable(`line ${line}${column === undefined ? '' : `, ${column}`}: ${reason}`));
    }
    this.file?.write(`${line},${column ?? ''},"${reason.replaceAll('"', '""')}"\n`);
  }

  /** Says how many more there were, and closes the file. */
  async close(): Promise<void> {
    const more = this.count - this.first.length;
    const where = this.path === undefined ? 'see all with --errors FILE' : `all are in ${this.path}`;
    if (more > 0) this.terminal.err(`… and ${more} more lines; ${where}`);
    if (this.file !== undefined) {
      this.file.end();
      await once(this.file, 'close');
    }
  }
}

async function openForWriting(path: string): Promise<WriteStream> {
  const file = createWriteStream(path, { mode: 0o600 });
  await once(file, 'open').catch((error: NodeJS.ErrnoException) => {
    throw usageError(`--errors ${path} cannot be written (${error.code ?? error.message})`);
  });
  return file;
}
