import { writeFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { ConformanceOptionError } from '../conformance/conformance-options.js';
import { isConformant, type ConformanceReport } from '../conformance/conformance-report.js';
import { conformanceMarkdown } from '../conformance/report-markdown.js';
import { formatConformance } from '../conformance/report-table.js';
import { CommandError, usageError } from '../terminal/command-error.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import { readSecret } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { printJson } from './output.js';

interface ConformanceCommandOptions {
  readonly url?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly json?: true;
  readonly write?: string;
  readonly usersOnly?: true;
  readonly section?: string;
  readonly domain: string;
  readonly progress: boolean;
}

/** `cleanmail conformance`: what RFC 7643, 7644 and 9865 ask of a SCIM server, tried against any of them. */
export function addConformanceCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('conformance')
    .description('try the requirements of the SCIM RFCs against any SCIM 2.0 server; exit code 1 when a MUST fails')
    .option('--url <url>', 'base URL of the SCIM service (env CLEANMAIL_TENANT_URL)')
    .option('--token <token>', 'bearer token (better: env CLEANMAIL_TOKEN or --token-file)')
    .option('--token-file <file>', 'file that holds the bearer token')
    .option('--section <section>', 'only this section and those below it, such as 3.5.2 or 7643')
    .option('--users-only', 'leave groups alone')
    .option('--domain <domain>', 'domain of the addresses', 'conformance.example')
    .option('--write <file>', 'write the report as Markdown page')
    .option('--json', 'print the report as JSON')
    .option('--no-progress', 'no progress bar')
    .action((options: ConformanceCommandOptions) => conformance(context, options));
  addExamples(
    command,
    'CLEANMAIL_TOKEN=… cleanmail conformance --url http://127.0.0.1:3000/api/v3/scim2',
    'cleanmail conformance --url https://scim.example.com/v2 --token-file token --section 3.5.2',
  );
}

async function conformance(context: CommandContext, options: ConformanceCommandOptions): Promise<void> {
  const report = await run(context, options);
  if (options.write !== undefined) await writeFile(options.write, conformanceMarkdown(report));
  if (options.json === true) printJson(context.terminal, report);
  else formatConformance(report).forEach((line) => context.terminal.out(line));
  if (report.leftBehind.length > 0) context.terminal.err(`could not be deleted: ${report.leftBehind.join(', ')}`);
  if (!isConformant(report)) {
    const { fail, 'not tried': untried } = report.counts.MUST;
    throw new CommandError(`${fail} obligations failed and ${untried} could not be tried (see the report)`);
  }
}

async function run(context: CommandContext, options: ConformanceCommandOptions): Promise<ConformanceReport> {
  const environment = context.environment();
  const url = options.url ?? environment.tenantUrl;
  const token =
    options.tokenFile === undefined
      ? (options.token ?? environment.scimToken)
      : await readSecret(options.tokenFile, '--token-file');
  if (url === undefined) throw usageError('no server: give --url or set CLEANMAIL_TENANT_URL');
  if (token === undefined) throw usageError('no token: set CLEANMAIL_TOKEN, or give --token-file or --token');
  const bar = options.progress && context.terminal.isTty ? createProgressBar(process.stderr) : undefined;
  const signal = context.interruption();
  try {
    // Loaded for this command alone: the service need not hold all requirements in memory.
    const { runConformance } = await import('../conformance/run-conformance.js');
    return await runConformance({
      ...{ url, token, signal, domain: options.domain },
      usersOnly: options.usersOnly === true,
      ...(options.section === undefined ? {} : { section: options.section }),
      ...(bar === undefined ? {} : { onProgress: (progress) => bar.show(progress) }),
    });
  } catch (error) {
    if (signal.aborted) throw new CommandError('interrupted: what was made so far is deleted');
    if (error instanceof ConformanceOptionError) throw usageError(error.message);
    throw error;
  } finally {
    bar?.stop();
  }
}
