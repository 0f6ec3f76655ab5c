import { Option, type Command } from 'commander';

import type { AdminClient } from '../admin-client/admin-client.js';
import type { GuardBatch } from '../admin-client/guard-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { confirm } from './confirmation.js';
import { addExamples } from './examples.js';
import { parseCount } from './option-values.js';
import { printFields, printList } from './output.js';

interface ListOptions extends AdminOptions, OutputOptions {
  readonly limit?: number;
}

const statuses = ['open', 'released', 'rejected', 'closed'] as const;
const exampleId = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a11';

/** `cleanmail guard …`: leavers whose effect on mail waits, because there were too many within an hour. */
export function addGuardCommands(program: Command, context: CommandContext): void {
  const guard = program
    .command('guard')
    .description('leavers whose effect on mail waits for support: more within an hour than the policy allows');
  addList(guard, context);
  addShow(guard, context);
  addMailboxes(guard, context);
  addDecision(guard, context, {
    verb: 'release',
    description: 'let the deactivations and deletions of a batch take effect now',
    deed: 'end the mail of everybody in the batch',
    decide: (client, tenant, batch) => client.decideGuardBatch(tenant, batch, 'release'),
  });
  addDecision(guard, context, {
    verb: 'reject',
    description: 'keep the mailboxes of a batch until the identity provider says something else of them',
    deed: 'keep the mail of everybody in the batch, whatever the identity provider said',
    decide: (client, tenant, batch) => client.decideGuardBatch(tenant, batch, 'reject'),
  });
}

function addList(guard: Command, context: CommandContext): void {
  const command = guard
    .command('list')
    .description('list the batches of a tenant, newest first')
    .argument('<tenant>', 'id or exact name')
    .addOption(new Option('--status <status>', 'only batches of this status').choices([...statuses]));
  addListOptions(command).action(async (idOrName: string, options: ListOptions & { readonly status?: string }) => {
    const query = options.status === undefined ? {} : { status: options.status };
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      const empty = 'No batch: there were never too many leavers within an hour.';
      await printList(context.terminal, client.guardBatches(tenant.id, query), { ...options, empty }, [
        { heading: 'ID', cell: (row) => row.id },
        { heading: 'STATUS', cell: (row) => row.status },
        { heading: 'DEACTIVATED', cell: (row) => String(row.deactivations) },
        { heading: 'DELETED', cell: (row) => String(row.deletions) },
        { heading: 'THRESHOLD', cell: (row) => String(row.threshold) },
        { heading: 'OPENED', cell: (row) => row.openedAt },
        { heading: 'DECIDED', cell: (row) => row.decidedAt },
        { heading: 'BY', cell: (row) => row.decidedBy },
      ]);
    });
  });
  addExamples(command, 'cleanmail guard list "Contoso AG" --status open');
}

function addShow(guard: Command, context: CommandContext): void {
  const command = onBatch(guard.command('show'), 'show one batch: how many it holds, since when, what was decided');
  command.action(async (idOrName: string, batchId: string, options: AdminOptions & OutputOptions) => {
    const found = await withAdmin(context, options, async (client) =>
      client.guardBatch((await resolveTenant(client, idOrName)).id, batchId),
    );
    printFields(context.terminal, found, options);
  });
  addExamples(command, `cleanmail guard show "Contoso AG" ${exampleId}`);
}

function addMailboxes(guard: Command, context: CommandContext): void {
  const command = guard
    .command('mailboxes')
    .description('list the accounts of a batch, without those whose person came back')
    .argument('<tenant>', 'id or exact name')
    .argument('<batch-id>', 'id of the batch (see "guard list")');
  addListOptions(command).action(async (idOrName: string, batchId: string, options: ListOptions) => {
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      const list = client.guardBatchMailboxes(tenant.id, batchId);
      await printList(context.terminal, list, { ...options, empty: 'Everybody came back.' }, [
        { heading: 'ID', cell: (row) => row.id },
        { heading: 'ADDRESS', cell: (row) => row.address },
        { heading: 'STATUS', cell: (row) => row.status },
        { heading: 'REASON', cell: (row) => row.statusReason },
        { heading: 'USER', cell: (row) => row.userId ?? 'deleted' },
      ]);
    });
  });
  addExamples(command, `cleanmail guard mailboxes "Contoso AG" ${exampleId} --limit 20`);
}

interface Decision {
  readonly verb: string;
  readonly description: string;
  readonly deed: string;
  readonly decide: (client: AdminClient, tenantId: string, batchId: string) => Promise<GuardBatch>;
}

function addDecision(guard: Command, context: CommandContext, { verb, description, deed, decide }: Decision): void {
  const command = onBatch(guard.command(verb), description).option('--yes', 'do not ask');
  command.action(
    async (idOrName: string, batchId: string, options: AdminOptions & OutputOptions & { readonly yes?: true }) => {
      await confirm(context.terminal, deed, options.yes === true);
      const decided = await withAdmin(context, options, async (client) =>
        decide(client, (await resolveTenant(client, idOrName)).id, batchId),
      );
      printFields(context.terminal, decided, options);
    },
  );
  addExamples(command, `cleanmail guard ${verb} "Contoso AG" ${exampleId} --yes`);
}

function onBatch(command: Command, description: string): Command {
  return addAdminOptions(
    command
      .description(description)
      .argument('<tenant>', 'id or exact name')
      .argument('<batch-id>', 'id of the batch (see "guard list")')
      .option('--json', 'print JSON'),
  );
}

function addListOptions(command: Command): Command {
  return addAdminOptions(command)
    .option('--limit <n>', 'at most this many (default: all)', parseCount)
    .option('--json', 'print JSON');
}
