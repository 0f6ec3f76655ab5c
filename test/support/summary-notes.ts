import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Adds a line to the last lines of the test run, for what a suite must not leave unsaid (cases left out, and why). */
export function noteForSummary(line: string): void {
  const folder = process.env['CLEANMAIL_TEST_FOLDER'];
  if (folder === undefined)
    throw new Error("CLEANMAIL_TEST_FOLDER is not set: run the tests through Jest's global set-up.");
  appendFileSync(join(folder, 'notes.txt'), `${line.replaceAll('\n', ' ')}\n`);
}
