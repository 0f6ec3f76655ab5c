import { readFile } from 'node:fs/promises';

import type { NewMailbox } from '../admin-client/admin-types.js';
import { CommandError, usageError } from '../terminal/command-error.js';
import { printable } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';

/**
 * Makes a mailbox of each line of a file (`address,kind,alias,alias…`; kind may be left out). A line that is refused is
 * told with its number and the others go on; the command then fails. It may be run again: what is there is refused.
 */
export async function importMailboxes(
  terminal: Terminal,
  file: string,
  create: (mailbox: NewMailbox) => Promise<unknown>,
): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usageError(`${file} cannot be read (${error.code ?? error.message})`);
  });
  let made = 0;
  let refused = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [address = '', kind = '', ...aliases] = line.split(',').map((field) => field.trim());
    const body = {
      address,
      origin: 'import',
      ...(kind === '' ? {} : { kind }),
      aliases: aliases.filter((alias) => alias !== ''),
    };
    try {
      await create(body);
      made += 1;
    } catch (error) {
      refused += 1;
      terminal.err(`line ${index + 1}: ${printable(error instanceof Error ? error.message : String(error))}`);
    }
  }
  terminal.out(`${made} made, ${refused} refused.`);
  if (refused > 0) throw new CommandError(`${refused} of ${made + refused} lines were refused`);
}
