import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type ExportFormat, exportFormats } from '../export/map-files.js';
import { usageError } from '../terminal/command-error.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { printJson } from './output.js';

interface ExportOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly force?: true;
  readonly json?: true;
  readonly progress: boolean;
  readonly adminUrl?: string;
}

/** `cleanmail export recipients`: what mail gateways need to know, as maps of Postfix. */
export function addExportCommand(program: Command, context: CommandContext): void {
  const group = program.command('export').description('write files for mail gateways');
  const command = group
    .command('recipients')
    .description('recipients, relay domains and transports as maps of Postfix; docs/postfix.md has the main.cf')
    .addOption(
      new Option('--format <format>', 'text is what postmap and texthash: read').choices(exportFormats).default('lmdb'),
    )
    .requiredOption('--out <folder>', 'where the maps are; they are replaced when all of the new ones are whole')
    .option('--force', 'replace them also when more than 20 % of a tenant’s or of all recipients are missing')
    .option('--no-progress', 'draw no progress bar')
    .option('--json', 'print JSON')
    .option('--admin-url <url>', 'not offered: an export takes too long for a request')
    .action((options: ExportOptions) => exportRecipients(context, options));
  addExamples(
    command,
    'cleanmail export recipients --format lmdb --out /var/lib/cleanmail/postfix',
    'cleanmail export recipients --format text --out ./maps',
  );
}

async function exportRecipients(context: CommandContext, options: ExportOptions): Promise<void> {
  const { format, out, force, json, progress, adminUrl } = options;
  if ((adminUrl ?? context.environment().adminUrl) !== undefined) {
    throw usageError(
      'export works on the database itself, not through --admin-url: unset CLEANMAIL_ADMIN_URL and set DATABASE_URL',
    );
  }
  const { terminal } = context;
  const bar = progress && terminal.isTty ? createProgressBar(process.stderr) : undefined;
  const folder = resolve(out);
  const onProgress = bar === undefined ? {} : { onProgress: bar.show };
  const summary = await context
    .exportRecipients({ format, folder, force: force === true, signal: context.interruption(), ...onProgress })
    .finally(() => bar?.stop());
  const { recipients, domains, tenants, leftOut } = summary;
  if (leftOut > 0) terminal.err(`${leftOut} addresses begin with # and are in no map: gateways refuse them`);
  if (json === true) printJson(terminal, { format, folder, ...summary });
  else terminal.out(`${recipients} recipients of ${tenants} tenants, ${domains} domains: ${format} in ${folder}`);
}
