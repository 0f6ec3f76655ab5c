import { Option, type Command } from 'commander';

import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { csvEncodings } from '../csv/csv-file.js';
import { CommandError } from '../terminal/command-error.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { LineErrors } from './line-errors.js';
import type { ImportOptions, ImportSummary } from './mailbox-import.js';
import { parseCount, parseDelimiter } from './option-values.js';
import { printJson } from './output.js';

interface Options extends AdminOptions, OutputOptions, ImportOptions {
  readonly errors?: string;
  readonly progress: boolean;
}

/** `cleanmail mailbox import`: accounts that were there before, from a CSV file of any size. */
export function addImportCommand(mailbox: Command, context: CommandContext): void {
  const command = mailbox
    .command('import')
    .description(
      'make an account of each line of a CSV file; what is there already is left as it is, so it may be run again',
    )
    .argument('<tenant>', 'id or exact name')
    .argument('<file>', 'columns: address, kind, aliases (parted by ;), externalId, legalHold; others are not used')
    .option('--dry-run', 'say what would come of each line, and do nothing')
    .option(
      '--delimiter <character>',
      'what parts fields, or "tab" (else the one that the first line has)',
      parseDelimiter,
    )
    .addOption(
      new Option('--encoding <encoding>', 'how characters are written').choices([...csvEncodings]).default('utf8'),
    )
    .option('--errors <file>', 'write all lines that were refused to a CSV file')
    .option('--stop-on-error', 'send nothing more once a line was refused (else the others go on)')
    .option('--from-line <n>', 'go on with this line, where an interrupted run ended', parseCount)
    .option('--no-progress', 'draw no progress bar')
    .option('--json', 'print the summary as JSON');
  addAdminOptions(command).action((idOrName: string, file: string, options: Options) =>
    run(context, { idOrName, file }, options),
  );
  addExamples(
    command,
    'cleanmail mailbox import "Contoso AG" mailboxes.csv --dry-run',
    'cleanmail mailbox import "Contoso AG" mailboxes.csv --encoding latin1 --errors refused.csv',
  );
}

async function run(
  context: CommandContext,
  { idOrName, file }: { readonly idOrName: string; readonly file: string },
  options: Options,
): Promise<void> {
  const { terminal } = context;
  const signal = context.interruption();
  const errors = await LineErrors.open(terminal, options.errors);
  const bar = options.progress && terminal.isTty ? createProgressBar(process.stderr) : undefined;
  const warn = (text: string): void => terminal.err(text);
  const summary = await withAdmin(context, options, async (client) => {
    const tenant = await resolveTenant(client, idOrName);
    const { importMailboxes } = await import('./mailbox-import.js');
    return await importMailboxes(client, tenant.id, file, options, { errors, bar, signal, warn });
  }).finally(async () => {
    bar?.stop();
    await errors.close();
  });
  if (options.json === true) printJson(terminal, { ...summary, errors: errors.first });
  else inWords(summary).forEach((line) => terminal.out(line));
  if (!summary.isWhole && signal.aborted) {
    throw new CommandError(
      `interrupted after line ${summary.line}: run it again, or go on with --from-line ${summary.line + 1}`,
    );
  }
  if (summary.refused > 0) {
    const stopped = summary.isWhole ? '' : `; stopped after line ${summary.line}`;
    throw new CommandError(`${summary.refused} lines ${summary.dryRun ? 'would be' : 'were'} refused${stopped}`);
  }
}

function inWords({ dryRun, made, parked, present, adopted, refused, parkedFor }: ImportSummary): readonly string[] {
  const would = dryRun ? 'would be ' : '';
  const waiting = Object.entries(parkedFor).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${made} ${would}made, ${parked} ${would}parked, ${present} there already, ${adopted} are mailboxes of users, ${refused} ${would}refused`,
    ...(waiting.length === 0 ? [] : [`parked, and wait for a domain or a seat: ${waiting.join(', ')}`]),
  ];
}
