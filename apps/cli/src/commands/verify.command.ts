import type { Violation } from '@cleanmail/database';
import type { Command } from 'commander';

import { CommandError, usageError } from '../terminal/command-error.js';
import { printable } from '../terminal/printable.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { printJson } from './output.js';

interface VerifyOptions {
  readonly tenant?: string;
  readonly json?: true;
  readonly progress: boolean;
  readonly adminUrl?: string;
}

/** A database that is wrong throughout must not fill the memory; the summary still counts all. */
const mostInJson = 10_000;

/** `cleanmail verify`: every invariant of the model, on the configured database; exit code 1 when one is broken. */
export function addVerifyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .description('check every invariant of the model on the configured database; reads only, the service may run')
    .option('--tenant <tenant>', 'only this tenant: id or exact name')
    .option('--no-progress', 'draw no progress bar')
    .option('--json', `print JSON, with ${mostInJson} violations at most`)
    .option('--admin-url <url>', 'not offered: a verification takes too long for a request')
    .action((options: VerifyOptions) => verify(context, options));
  addExamples(command, 'cleanmail verify', 'cleanmail verify --tenant "Contoso AG" --json');
}

async function verify(context: CommandContext, { tenant, json, progress, adminUrl }: VerifyOptions): Promise<void> {
  if ((adminUrl ?? context.environment().adminUrl) !== undefined) {
    throw usageError(
      'verify works on the database itself, not through --admin-url: unset CLEANMAIL_ADMIN_URL and set DATABASE_URL',
    );
  }
  const { terminal } = context;
  const bar = progress && terminal.isTty ? createProgressBar(process.stderr) : undefined;
  const signal = context.interruption();
  const violations: Violation[] = [];
  const summary = await context
    .verify({
      ...(tenant === undefined ? {} : { tenant }),
      ...(bar === undefined ? {} : { onProgress: ({ table, total, done }) => bar.show({ phase: table, total, done }) }),
      onViolation: (violation) => {
        if (json !== true) terminal.out(printable(inWords(violation)));
        else if (violations.length < mostInJson) violations.push(violation);
      },
      signal,
    })
    .catch((error: unknown) => {
      throw signal.aborted ? new CommandError('interrupted: not everything was looked at') : error;
    })
    .finally(() => bar?.stop());
  const { invariants, rows, violations: count } = summary;
  const line = `${invariants} invariants, ${rows} rows, ${count} violations`;
  if (json === true) printJson(terminal, { ...summary, found: violations });
  else terminal.out(line);
  if (count > 0) throw new CommandError(`${line}: docs/operations.md says what to do`);
}

function inWords({ invariant, tenant, problem, remedy }: Violation): string {
  return `tenant ${tenant}, ${invariant}: ${problem}. ${remedy}`;
}
