import { createInterface } from 'node:readline/promises';

/** Where a command writes: results to `out`, everything else to `err`, one line per call. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** True when a person watches `err`, so that progress may be drawn. */
  readonly isTty: boolean;
  /** Asks a question and returns the typed line; absent when nobody can answer. */
  readonly ask?: (question: string) => Promise<string>;
}

/** The terminal of this process. A reader that closes the pipe early (`| head`) ends the process quietly. */
export function processTerminal(): Terminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  const isTty = process.stderr.isTTY === true;
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    isTty,
    ...(isTty && process.stdin.isTTY === true ? { ask: askOnStandardInput } : {}),
  };
}

async function askOnStandardInput(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}
