import type { Command } from 'commander';

import type { ClockRun, ClockStatus } from '../admin-client/domain-types.js';
import { CommandError } from '../terminal/command-error.js';
import { type Column, formatTable } from '../terminal/table.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { printJson } from './output.js';

const runColumns: readonly Column<ClockRun>[] = [
  { heading: 'JOB', cell: (row) => row.name },
  { heading: 'OUTCOME', cell: (row) => row.outcome ?? 'never ran' },
  { heading: 'DONE', cell: (row) => row.done },
  { heading: 'SKIPPED', cell: (row) => row.skipped },
  { heading: 'FAILED', cell: (row) => row.failed },
  { heading: 'MS', cell: (row) => row.durationMs },
  { heading: 'ERROR', cell: (row) => row.error },
];

const statusColumns: readonly Column<ClockStatus>[] = [
  ...runColumns,
  { heading: 'RUNS NOW', cell: (row) => (row.isRunning ? 'yes' : 'no') },
  { heading: 'LAST', cell: (row) => row.startedAt },
];

/** `cleanmail clocks …`: what time ends, such as retention periods. */
export function addClocksCommands(program: Command, context: CommandContext): void {
  const clocks = program
    .command('clocks')
    .description('what time ends: retention, expiries, erasures, checks of domains');
  addStatus(clocks, context);
  addRun(clocks, context);
}

function addStatus(clocks: Command, context: CommandContext): void {
  const command = clocks
    .command('status')
    .description('show every job with its last run')
    .option('--json', 'print JSON');
  addAdminOptions(command).action(async (options: AdminOptions & OutputOptions) => {
    const items = await withAdmin(context, options, (client) => client.clocks());
    if (options.json === true) printJson(context.terminal, items);
    else formatTable(statusColumns, items).forEach((line) => context.terminal.out(line));
  });
  addExamples(command, 'cleanmail clocks status');
}

function addRun(clocks: Command, context: CommandContext): void {
  const command = clocks
    .command('run')
    .description('run the jobs now; only what is due is ended')
    .argument('[job]', 'only this one (see "clocks status")')
    .option('--json', 'print JSON');
  addAdminOptions(command).action(async (job: string | undefined, options: AdminOptions & OutputOptions) => {
    const runs = await withAdmin(context, options, (client) => client.runClocks(job));
    if (options.json === true) printJson(context.terminal, runs);
    else if (runs.length === 0) context.terminal.err('Another node is running this now.');
    else formatTable(runColumns, runs).forEach((line) => context.terminal.out(line));
    if (runs.some(({ outcome, failed }) => outcome === 'failed' || failed > 0)) {
      throw new CommandError('not everything that is due could be ended: see the log of the service');
    }
  });
  addExamples(command, 'cleanmail clocks run', 'cleanmail clocks run mailbox-purge --json');
}
