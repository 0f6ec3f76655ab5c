import type { Command } from 'commander';

import type { Mailbox, MailboxQuery } from '../admin-client/admin-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import type { Column } from '../terminal/table.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { addMailboxHistory, addUserHistory } from './history.commands.js';
import { addMailboxSupportCommands } from './mailbox.commands.js';
import { parseCount, parseSince } from './option-values.js';
import { printFields, printList } from './output.js';

interface ListOptions extends AdminOptions, OutputOptions {
  readonly limit?: number;
}

const mailboxColumns: readonly Column<Mailbox>[] = [
  { heading: 'ID', cell: (row) => row.id },
  { heading: 'ADDRESS', cell: (row) => row.address },
  { heading: 'STATUS', cell: (row) => row.status },
  { heading: 'REASON', cell: (row) => row.statusReason },
  { heading: 'USER', cell: (row) => row.userId },
];

/** `cleanmail user …` and `cleanmail mailbox …`: what provisioning made. */
export function addAccountCommands(program: Command, context: CommandContext): void {
  const user = program.command('user').description('provisioned users');
  addUserList(user, context);
  addUserHistory(user, context);
  const mailbox = program.command('mailbox').description('mailbox accounts');
  addMailboxList(mailbox, context);
  addMailboxShow(mailbox, context);
  addMailboxHistory(mailbox, context);
  addMailboxSupportCommands(mailbox, context);
}

function addUserList(user: Command, context: CommandContext): void {
  const command = user
    .command('list')
    .description('list the users of a tenant')
    .argument('<tenant>', 'id or exact name');
  addListOptions(command).action(async (idOrName: string, options: ListOptions) => {
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      await printList(
        context.terminal,
        client.users(tenant.id),
        { ...options, empty: 'No user was provisioned yet.' },
        [
          { heading: 'ID', cell: (row) => row.id },
          { heading: 'USER NAME', cell: (row) => row.userName },
          { heading: 'ACTIVE', cell: (row) => (row.active ? 'yes' : 'no') },
          { heading: 'EXTERNAL ID', cell: (row) => row.externalId },
        ],
      );
    });
  });
  addExamples(command, 'cleanmail user list "Contoso AG" --limit 20');
}

function addMailboxList(mailbox: Command, context: CommandContext): void {
  const command = mailbox
    .command('list')
    .description('list the mailbox accounts of a tenant')
    .argument('<tenant>', 'id or exact name')
    .option('--address <address>', 'only the account with this primary, alias or former address')
    .option('--kind <kind>', 'only user, shared, resource or role accounts; role accounts are left out without it')
    .option('--status <status>', 'only pending, active, suspended, deleted or purged accounts');
  addListOptions(command).action(async (idOrName: string, options: ListOptions & MailboxQuery) => {
    const { address, status, kind } = options;
    const query = {
      ...(address === undefined ? {} : { address }),
      ...(status === undefined ? {} : { status }),
      ...(kind === undefined ? {} : { kind }),
    };
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      const list = client.mailboxes(tenant.id, query);
      await printList(context.terminal, list, { ...options, empty: 'No such mailbox account.' }, mailboxColumns);
    });
  });
  addExamples(
    command,
    'cleanmail mailbox list "Contoso AG" --status pending',
    'cleanmail mailbox list Demo --address zoe@contoso.example --json',
  );
}

function addMailboxShow(mailbox: Command, context: CommandContext): void {
  const command = mailbox
    .command('show')
    .description('show one mailbox account with its addresses')
    .argument('<tenant>', 'id or exact name')
    .argument('<mailbox-id>', 'id of the account (see "mailbox list")')
    .option('--at <time>', 'as it was then: 15m, 2h, 1d ago or an ISO 8601 instant', (text: string) => parseSince(text))
    .option('--json', 'print JSON');
  addAdminOptions(command).action(
    async (idOrName: string, mailboxId: string, options: AdminOptions & OutputOptions & { readonly at?: string }) => {
      const found = await withAdmin(context, options, async (client) => {
        const tenant = await resolveTenant(client, idOrName);
        return options.at === undefined
          ? client.mailbox(tenant.id, mailboxId)
          : client.mailboxAt(tenant.id, mailboxId, options.at);
      });
      printFields(context.terminal, found, options);
    },
  );
  addExamples(
    command,
    'cleanmail mailbox show "Contoso AG" 0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a11',
    'cleanmail mailbox show "Contoso AG" 0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a11 --at 2d',
  );
}

function addListOptions(command: Command): Command {
  return addAdminOptions(command)
    .option('--limit <n>', 'at most this many (default: all)', parseCount)
    .option('--json', 'print JSON');
}
