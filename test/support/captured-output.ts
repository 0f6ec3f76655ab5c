import fs from 'node:fs';

/** What this process writes to its standard output and error while it is watched. */
export interface CapturedOutput {
  readonly text: string;
  /** The lines that are JSON, parsed: the entries of the service's log. */
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  stop(): void;
}

/**
 * Collects everything written to file descriptors 1 and 2, by whatever way, and keeps it from the terminal. A service
 * in the test's own process must be started after this.
 */
export function captureOutput(): CapturedOutput {
  const chunks: string[] = [];
  const original = {
    writeSync: fs.writeSync,
    write: fs.write,
    stdout: process.stdout.write,
    stderr: process.stderr.write,
  };
  const keep = (chunk: unknown): void => void chunks.push(Buffer.isBuffer(chunk) ? chunk.toString() : String(chunk));
  const isOutput = (descriptor: unknown): boolean => descriptor === 1 || descriptor === 2;

  fs.writeSync = ((...parameters: Parameters<typeof fs.writeSync>) => {
    if (!isOutput(parameters[0])) return original.writeSync(...parameters);
    keep(parameters[1]);
    return Buffer.byteLength(String(parameters[1]));
  }) as typeof fs.writeSync;
  fs.write = ((...parameters: unknown[]) => {
    if (!isOutput(parameters[0])) return (original.write as (...rest: unknown[]) => void)(...parameters);
    keep(parameters[1]);
    const done = parameters.at(-1);
    const length = Buffer.byteLength(String(parameters[1]));
    if (typeof done === 'function') setImmediate(() => (done as (error: null, written: number) => void)(null, length));
  }) as typeof fs.write;
  process.stdout.write = (chunk: unknown) => (keep(chunk), true);
  process.stderr.write = (chunk: unknown) => (keep(chunk), true);

  return {
    get text() {
      return chunks.join('');
    },
    get entries() {
      return parseEntries(chunks.join(''));
    },
    stop: () => {
      Object.assign(fs, { writeSync: original.writeSync, write: original.write });
      process.stdout.write = original.stdout;
      process.stderr.write = original.stderr;
    },
  };
}

function parseEntries(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}
