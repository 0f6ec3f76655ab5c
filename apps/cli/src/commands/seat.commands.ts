import type { Command } from 'commander';

import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { formatTable } from '../terminal/table.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { parseCount } from './option-values.js';
import { printFields, printJson, printList } from './output.js';

type SeatOptions = AdminOptions & OutputOptions;

/** `cleanmail seats …`: what billing asks. */
export function addSeatCommands(program: Command, context: CommandContext): void {
  const seats = program.command('seats').description('seats of a tenant, for billing');
  addShow(seats, context);
  addIntervals(seats, context);
}

function addShow(seats: Command, context: CommandContext): void {
  const command = seats
    .command('show')
    .description('show seats in use, the limit, and the peak of each month')
    .argument('<tenant>', 'id or exact name')
    .option('--months <n>', 'months to show, this one included (default: 12)', parseCount)
    .option('--json', 'print JSON');
  addAdminOptions(command).action(async (idOrName: string, options: SeatOptions & { readonly months?: number }) => {
    const found = await withAdmin(context, options, async (client) =>
      client.seats((await resolveTenant(client, idOrName)).id, options.months ?? 12),
    );
    if (options.json === true) {
      printJson(context.terminal, found);
      return;
    }
    const { peaks, limit, ...usage } = found;
    printFields(context.terminal, { ...usage, limit: limit ?? 'none' }, options);
    const columns = [
      { heading: 'MONTH', cell: ({ month }: (typeof peaks)[number]) => month },
      { heading: 'PEAK', cell: ({ peak }: (typeof peaks)[number]) => String(peak) },
    ];
    formatTable(columns, peaks).forEach((line) => context.terminal.out(line));
  });
  addExamples(command, 'cleanmail seats show "Contoso AG"', 'cleanmail seats show "Contoso AG" --months 24 --json');
}

function addIntervals(seats: Command, context: CommandContext): void {
  const command = seats
    .command('intervals')
    .description('list who had a seat from when to when')
    .argument('<tenant>', 'id or exact name')
    .option('--from <instant>', 'begin of the period, ISO 8601 (default: this month)')
    .option('--to <instant>', 'end of the period, exclusive (default: now)')
    .option('--limit <n>', 'at most this many (default: all)', parseCount)
    .option('--json', 'print JSON');
  addAdminOptions(command).action(
    async (
      idOrName: string,
      options: SeatOptions & { readonly from?: string; readonly to?: string; readonly limit?: number },
    ) => {
      const { from, to } = options;
      const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      await withAdmin(context, options, async (client) => {
        const tenant = await resolveTenant(client, idOrName);
        await printList(
          context.terminal,
          client.seatIntervals(tenant.id, period),
          { ...options, empty: 'Nobody had a seat in that time.' },
          [
            { heading: 'MAILBOX', cell: (row) => row.mailboxId },
            { heading: 'FROM', cell: (row) => row.from },
            { heading: 'TO', cell: (row) => row.to ?? '' },
          ],
        );
      });
    },
  );
  addExamples(command, 'cleanmail seats intervals "Contoso AG" --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z');
}
