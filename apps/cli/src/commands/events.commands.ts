import type { Command } from 'commander';

import { ReceiverClient } from '../admin-client/receiver-client.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { usageError } from '../terminal/command-error.js';
import { formatTable } from '../terminal/table.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { parseCount } from './option-values.js';
import { printJson, printList } from './output.js';

type Options = AdminOptions & OutputOptions;

interface ReceiptOptions extends Options {
  readonly user?: string;
  readonly mailbox?: string;
  readonly limit?: number;
}

const exampleId = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a11';

/** `cleanmail events …` and `cleanmail receipts`: delivering by hand, and what receivers said of leavers. */
export function addEventsCommands(program: Command, context: CommandContext): void {
  addDeliver(program.command('events').description('the delivery of events to receivers'), context);
  addReceipts(program, context);
}

function addDeliver(events: Command, context: CommandContext): void {
  const command = events
    .command('deliver')
    .description('deliver what is due, until nothing is; "cleanmail serve" does so by itself')
    .option('--once', 'end when nothing is due any more')
    .option('--json', 'print JSON');
  addAdminOptions(command).action(async (options: Options & { readonly once?: true }) => {
    if (options.once !== true) throw usageError('add --once: "cleanmail serve" is what delivers for ever');
    const items = await withAdmin(context, options, (client) => new ReceiverClient(client).deliver());
    if (options.json === true) printJson(context.terminal, items);
    else if (items.length === 0) context.terminal.err('Nothing was due.');
    else {
      const lines = formatTable(
        [
          { heading: 'RECEIVER', cell: (row) => row.receiver },
          { heading: 'DELIVERED', cell: (row) => row.delivered },
          { heading: 'FAILED', cell: (row) => row.failed },
          { heading: 'DEAD', cell: (row) => row.dead },
        ],
        items,
      );
      lines.forEach((line) => context.terminal.out(line));
    }
  });
  addExamples(command, 'cleanmail events deliver --once');
}

function addReceipts(program: Command, context: CommandContext): void {
  const command = program
    .command('receipts')
    .description('what receivers said of leavers, newest first: is everything closed, and how long did it take?')
    .argument('<tenant>', 'id or exact name')
    .option('--user <user-id>', 'only of this user')
    .option('--mailbox <mailbox-id>', 'only of this mailbox')
    .option('--limit <n>', 'at most this many (default: all)', parseCount)
    .option('--json', 'print JSON');
  addAdminOptions(command).action(async (idOrName: string, options: ReceiptOptions) => {
    const query = {
      ...(options.user === undefined ? {} : { user: options.user }),
      ...(options.mailbox === undefined ? {} : { mailbox: options.mailbox }),
    };
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      const list = new ReceiverClient(client).receipts(tenant.id, query);
      await printList(context.terminal, list, { ...options, empty: 'No leaver, or no receiver.' }, [
        { heading: 'REQUESTED', cell: (row) => row.requestedAt },
        { heading: 'TYPE', cell: (row) => row.type },
        { heading: 'MAILBOX', cell: (row) => row.mailboxId },
        { heading: 'USER', cell: (row) => row.userId },
        { heading: 'COMPLETE', cell: (row) => (row.complete ? 'yes' : 'no') },
        { heading: 'MS', cell: (row) => row.durationMs },
        {
          heading: 'RECEIVERS',
          cell: (row) => row.acknowledgements.map(({ receiver, state }) => `${receiver}: ${state}`).join(', '),
        },
      ]);
    });
  });
  addExamples(
    command,
    `cleanmail receipts "Contoso AG" --user ${exampleId}`,
    'cleanmail receipts "Contoso AG" --limit 20',
  );
}
