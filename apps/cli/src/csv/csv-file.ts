import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CommandError, usageError } from '../terminal/command-error.js';

/** How the characters of a file are written; `latin1` is read as Windows-1252, which has all of it. */
export const csvEncodings = ['utf8', 'latin1', 'utf16le'] as const;

/** One of the encodings that can be told. */
export type CsvEncoding = (typeof csvEncodings)[number];

/** A file that was looked through once. */
export interface CsvFile {
  readonly path: string;
  readonly encoding: CsvEncoding;
  /** How many lines it has, blank ones included: for the progress bar. */
  readonly lines: number;
}

/** A line by its number, from 1; without its end. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** No line of a list of mailboxes is longer; a file without line ends must not fill the memory. */
const longestLine = 1_000_000;
const lineFeed = 10;
const decoders = { utf8: 'utf-8', latin1: 'windows-1252', utf16le: 'utf-16le' } as const;

/**
 * Looks through a file before anything is done with it.
 * @throws CommandError naming the line and the remedy when it is no text in this encoding.
 */
export async function openCsv(path: string, encoding: CsvEncoding = 'utf8'): Promise<CsvFile> {
  await requireFile(path);
  let lines = 0;
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const bytes = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
    if (lines === 0 && encoding === 'utf8') requireNoUtf16(path, bytes);
    const end = bytes.lastIndexOf(lineFeed) + 1;
    lines += checkLines(path, bytes.subarray(0, end), { encoding, before: lines });
    tail = bytes.subarray(end);
    if (tail.length > longestLine)
      throw usageError(`${path}: line ${lines + 1} is longer than 1 MB; is this a CSV file?`);
  }
  if (tail.length > 0) checkLines(path, tail, { encoding, before: lines });
  return { path, encoding, lines: lines + (tail.length > 0 ? 1 : 0) };
}

/** The lines of a file, some at a time, without a byte order mark. */
export async function* linesOf({ path, encoding }: CsvFile): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder(decoders[encoding], { fatal: encoding !== 'latin1' });
  let number = 0;
  let rest = '';
  for await (const chunk of createReadStream(path, { highWaterMark: 64 * 1024 }) as AsyncIterable<Buffer>) {
    const texts = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
    rest = texts.pop() ?? '';
    yield texts.map((text) => ({ number: (number += 1), text: text.endsWith('\r') ? text.slice(0, -1) : text }));
  }
  const last = `${rest}${decoder.decode()}`;
  if (last !== '') yield [{ number: number + 1, text: last }];
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw usageError(`${path} cannot be read (${error.code ?? error.message})`);
  });
  if (!found.isFile()) throw usageError(`${path} is no file: it is read twice, so a pipe cannot be used`);
}

function requireNoUtf16(path: string, bytes: Buffer): void {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff') {
    throw new CommandError(
      `${path} is UTF-16, nothing was done: save it as UTF-8${mark === 'fffe' ? ', or say --encoding utf16le' : ''}`,
    );
  }
}

/** How many line ends there are, once it is clear that the text is what it was said to be. */
function checkLines(
  path: string,
  bytes: Buffer,
  { encoding, before }: { readonly encoding: CsvEncoding; readonly before: number },
): number {
  const isText = encoding !== 'utf8' || isUtf8(bytes);
  let count = 0;
  for (let start = 0, end = bytes.indexOf(lineFeed); end !== -1 || !isText; end = bytes.indexOf(lineFeed, start)) {
    if (!isText && !isUtf8(bytes.subarray(start, end === -1 ? undefined : end))) {
      throw new CommandError(
        `${path}, line ${before + count + 1}: not UTF-8, nothing was done: save the file as UTF-8, or say --encoding latin1 if it comes from an old Windows program`,
      );
    }
    count += 1;
    start = end + 1;
  }
  return count;
}
