import type { Command } from 'commander';

import type { AdminClient } from '../admin-client/admin-client.js';
import type { Erasure } from '../admin-client/erasure-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { usageError } from '../terminal/command-error.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { confirm } from './confirmation.js';
import { addExamples } from './examples.js';
import { parseCount } from './option-values.js';
import { printFields, printList } from './output.js';

interface EraseOptions extends AdminOptions, OutputOptions {
  readonly yes?: true;
}

interface RequestOptions extends EraseOptions {
  readonly user?: string;
  readonly mailbox?: string;
  readonly reason: string;
}

interface ListOptions extends AdminOptions, OutputOptions {
  readonly subject?: string;
  readonly limit?: number;
}

const exampleId = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a11';

/** `cleanmail erase …`: the erasure of a person on request, which takes two users of the operating system. */
export function addEraseCommands(program: Command, context: CommandContext): void {
  const erase = program
    .command('erase')
    .description('erase a person on request: one asks, another confirms (each as cli:<user> of the operating system)');
  addRequest(erase, context);
  addConfirm(erase, context);
  addCancel(erase, context);
  addList(erase, context);
  addShow(erase, context);
}

function addRequest(erase: Command, context: CommandContext): void {
  const command = addAdminOptions(
    erase
      .command('request')
      .description('ask for an erasure; nothing is erased until somebody else confirms it, within seven days')
      .argument('<tenant>', 'id or exact name')
      .option('--user <user-id>', 'the user, with its mailbox (see "user list")')
      .option('--mailbox <mailbox-id>', 'the mailbox, also of a deleted user (see "mailbox list")')
      .requiredOption('--reason <text>', 'the number of the case; it is kept, so without the name of the person')
      .option('--json', 'print JSON'),
  );
  command.action(async (idOrName: string, options: RequestOptions) => {
    const { user, mailbox, reason } = options;
    if ((user === undefined) === (mailbox === undefined)) {
      throw usageError('give either --user or --mailbox: an erasure is of one person');
    }
    const subject = user === undefined ? {} : { userId: user };
    const account = mailbox === undefined ? {} : { mailboxId: mailbox };
    await print(context, options, idOrName, (client, tenant) =>
      client.askErasure(tenant, { ...subject, ...account, reason }),
    );
  });
  addExamples(command, `cleanmail erase request "Contoso AG" --user ${exampleId} --reason "Case 4711"`);
}

function addConfirm(erase: Command, context: CommandContext): void {
  const command = target(
    erase.command('confirm').description('confirm what somebody else asked for, and erase; this cannot be undone'),
  ).option('--yes', 'do not ask');
  command.action(async (idOrName: string, id: string, options: EraseOptions) => {
    await confirm(
      context.terminal,
      `erase everything that is kept of the person of erasure ${id}`,
      options.yes === true,
    );
    await print(context, options, idOrName, (client, tenant) => client.actOnErasure(tenant, id, 'confirm'));
  });
  addExamples(command, `cleanmail erase confirm "Contoso AG" ${exampleId} --yes`);
}

function addCancel(erase: Command, context: CommandContext): void {
  const command = target(erase.command('cancel').description('take a request back that is not confirmed yet'));
  command.action(async (idOrName: string, id: string, options: EraseOptions) => {
    await print(context, options, idOrName, (client, tenant) => client.actOnErasure(tenant, id, 'cancel'));
  });
  addExamples(command, `cleanmail erase cancel "Contoso AG" ${exampleId}`);
}

function addShow(erase: Command, context: CommandContext): void {
  const command = target(erase.command('show').description('show one erasure: who wanted it, and what it changed'));
  command.action(async (idOrName: string, id: string, options: EraseOptions) => {
    await print(context, options, idOrName, (client, tenant) => client.erasure(tenant, id));
  });
  addExamples(command, `cleanmail erase show "Contoso AG" ${exampleId} --json`);
}

function addList(erase: Command, context: CommandContext): void {
  const command = addAdminOptions(
    erase
      .command('list')
      .description('list the erasures of a tenant, or those of one person: was anna@contoso.ch erased?')
      .argument('<tenant>', 'id or exact name')
      .option('--subject <text>', 'a userName, an address or an external id')
      .option('--limit <n>', 'at most this many (default: all)', parseCount)
      .option('--json', 'print JSON'),
  );
  command.action(async (idOrName: string, options: ListOptions) => {
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      const list = client.erasures(tenant.id, options.subject);
      await printList(context.terminal, list, { ...options, empty: 'No such erasure.' }, [
        { heading: 'ID', cell: (row) => row.id },
        { heading: 'STATE', cell: (row) => row.state },
        { heading: 'ASKED BY', cell: (row) => row.requestedBy },
        { heading: 'CONFIRMED BY', cell: (row) => row.confirmedBy },
        { heading: 'ASKED', cell: (row) => row.requestedAt },
        { heading: 'COMPLETED', cell: (row) => row.completedAt },
        { heading: 'REASON', cell: (row) => row.reason },
      ]);
    });
  });
  addExamples(command, 'cleanmail erase list "Contoso AG" --subject anna@contoso.ch');
}

function target(command: Command): Command {
  return addAdminOptions(command)
    .argument('<tenant>', 'id or exact name')
    .argument('<erasure-id>', 'id of the erasure (see "erase list")')
    .option('--json', 'print JSON');
}

async function print(
  context: CommandContext,
  options: EraseOptions,
  idOrName: string,
  act: (client: AdminClient, tenantId: string) => Promise<Erasure>,
): Promise<void> {
  const erasure = await withAdmin(context, options, async (client) =>
    act(client, (await resolveTenant(client, idOrName)).id),
  );
  printFields(context.terminal, erasure, options);
}
