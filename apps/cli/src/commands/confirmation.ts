import { CommandError, usageError } from '../terminal/command-error.js';
import type { Terminal } from '../terminal/terminal.js';

/** Asks before something that cannot be undone. Without `--yes` and without a person to ask it is a usage error. */
export async function confirm(terminal: Terminal, deed: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (terminal.ask === undefined) throw usageError(`to ${deed} without a terminal, add --yes`);
  const reply = await terminal.ask(`Really ${deed}? [y/N] `);
  if (!/^y(es)?$/i.test(reply.trim())) throw new CommandError('nothing was done');
}
