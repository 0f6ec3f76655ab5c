import { Option, type Command } from 'commander';

import type { AdminClient } from '../admin-client/admin-client.js';
import type { Mailbox, MailboxChange } from '../admin-client/admin-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { addImportCommand } from './mailbox-import.command.js';
import { collect, parseCount } from './option-values.js';
import { printFields } from './output.js';

interface SupportOptions extends AdminOptions, OutputOptions {
  readonly ifVersion?: number;
}

const kinds = ['user', 'shared', 'resource', 'role'] as const;
const inactivePolicies = ['reject', 'defer', 'hold', 'deliver', 'tenant'] as const;
const exampleId = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a11';

/** `cleanmail mailbox suspend …` and what else support does to a mailbox account. */
export function addMailboxSupportCommands(mailbox: Command, context: CommandContext): void {
  addChange(mailbox, context, 'suspend', 'suspend an account, whatever the identity provider says', {
    adminState: 'suspended',
  });
  addChange(mailbox, context, 'resume', 'let an account follow the identity provider again', { adminState: 'none' });
  addChange(mailbox, context, 'force-active', 'keep an account active, whatever the identity provider says', {
    adminState: 'forced_active',
  });
  addHold(mailbox, context);
  addKind(mailbox, context);
  addInactivePolicy(mailbox, context);
  addAct(mailbox, context, 'restore', 'give a deleted account back', (client, tenant, id, version) =>
    client.restoreMailbox(tenant, id, version),
  );
  addAliasCommands(mailbox, context);
  addCreate(mailbox, context);
  addImportCommand(mailbox, context);
}

type Act = (client: AdminClient, tenantId: string, mailboxId: string, version: number | undefined) => Promise<Mailbox>;

function addAct(mailbox: Command, context: CommandContext, verb: string, description: string, act: Act): void {
  const command = target(mailbox.command(verb).description(description));
  command.action(async (idOrName: string, mailboxId: string, options: SupportOptions) => {
    await actOn(context, idOrName, options, (client, tenant) => act(client, tenant, mailboxId, options.ifVersion));
  });
  addExamples(command, `cleanmail mailbox ${verb} "Contoso AG" ${exampleId}`);
}

function addChange(
  mailbox: Command,
  context: CommandContext,
  verb: string,
  description: string,
  change: MailboxChange,
): void {
  addAct(mailbox, context, verb, description, (client, tenant, id, version) =>
    client.changeMailbox(tenant, id, change, version),
  );
}

function addHold(mailbox: Command, context: CommandContext): void {
  const command = target(mailbox.command('hold').description('put an account under legal hold, or end that'));
  command.option('--off', 'end the legal hold');
  command.action(async (idOrName: string, id: string, options: SupportOptions & { readonly off?: true }) => {
    const change = { legalHold: options.off !== true };
    await actOn(context, idOrName, options, (client, tenant) =>
      client.changeMailbox(tenant, id, change, options.ifVersion),
    );
  });
  addExamples(
    command,
    `cleanmail mailbox hold "Contoso AG" ${exampleId}`,
    `cleanmail mailbox hold "Contoso AG" ${exampleId} --off`,
  );
}

function addKind(mailbox: Command, context: CommandContext): void {
  const command = target(
    mailbox.command('set-kind').description('say what an account is for; only a user’s takes a seat'),
  );
  command.addOption(new Option('--kind <kind>', 'kind of the account').choices([...kinds]).makeOptionMandatory());
  command.action(async (idOrName: string, id: string, options: SupportOptions & { readonly kind: string }) => {
    const change = { kind: options.kind };
    await actOn(context, idOrName, options, (client, tenant) =>
      client.changeMailbox(tenant, id, change, options.ifVersion),
    );
  });
  addExamples(command, `cleanmail mailbox set-kind "Contoso AG" ${exampleId} --kind shared`);
}

function addInactivePolicy(mailbox: Command, context: CommandContext): void {
  const command = target(
    mailbox.command('set-inactive-policy').description('say what happens to mail while an account is not active'),
  );
  command.addOption(
    new Option('--policy <policy>', 'what happens; tenant: as the tenant’s policy says')
      .choices([...inactivePolicies])
      .makeOptionMandatory(),
  );
  command.action(async (idOrName: string, id: string, options: SupportOptions & { readonly policy: string }) => {
    const change = { inactiveMailPolicy: options.policy === 'tenant' ? null : options.policy };
    await actOn(context, idOrName, options, (client, tenant) =>
      client.changeMailbox(tenant, id, change, options.ifVersion),
    );
  });
  addExamples(command, `cleanmail mailbox set-inactive-policy "Contoso AG" ${exampleId} --policy deliver`);
}

function addAliasCommands(mailbox: Command, context: CommandContext): void {
  const alias = mailbox.command('alias').description('further addresses of an account');
  const add = target(alias.command('add').description('give an account one more address')).argument(
    '<address>',
    'the alias',
  );
  add.action(async (idOrName: string, id: string, address: string, options: SupportOptions) => {
    await actOn(context, idOrName, options, (client, tenant) =>
      client.addAlias(tenant, id, address, options.ifVersion),
    );
  });
  addExamples(add, `cleanmail mailbox alias add "Contoso AG" ${exampleId} office@contoso.com`);
  const remove = target(alias.command('remove').description('take an alias or a former address away')).argument(
    '<address>',
    'the address',
  );
  remove.action(async (idOrName: string, id: string, address: string, options: SupportOptions) => {
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      await client.removeAlias(tenant.id, id, address, options.ifVersion);
    });
    context.terminal.err(`${address} is no address of the account any more.`);
  });
  addExamples(remove, `cleanmail mailbox alias remove "Contoso AG" ${exampleId} office@contoso.com`);
}

function addCreate(mailbox: Command, context: CommandContext): void {
  const command = mailbox
    .command('create')
    .description('make an account that works at once; the user who comes with its address gets it')
    .argument('<tenant>', 'id or exact name')
    .argument('<address>', 'its primary address')
    .addOption(new Option('--kind <kind>', 'kind of the account').choices([...kinds]).default('user'))
    .option('--alias <address>', 'a further address (repeatable)', collect)
    .option('--json', 'print JSON');
  addAdminOptions(command).action(
    async (
      idOrName: string,
      address: string,
      options: SupportOptions & { readonly kind: string; readonly alias?: readonly string[] },
    ) => {
      const body = { address, kind: options.kind, aliases: options.alias ?? [] };
      await actOn(context, idOrName, options, (client, tenant) => client.createMailbox(tenant, body));
    },
  );
  addExamples(
    command,
    'cleanmail mailbox create "Contoso AG" info@contoso.com --kind shared --alias office@contoso.com',
  );
}

function target(command: Command): Command {
  return addAdminOptions(command)
    .argument('<tenant>', 'id or exact name')
    .argument('<mailbox-id>', 'id of the account (see "mailbox list")')
    .option('--if-version <n>', 'only if the account still has this version', parseCount)
    .option('--json', 'print JSON');
}

async function actOn(
  context: CommandContext,
  idOrName: string,
  options: SupportOptions,
  act: (client: AdminClient, tenantId: string) => Promise<Mailbox>,
): Promise<void> {
  const mailbox = await withAdmin(context, options, async (client) =>
    act(client, (await resolveTenant(client, idOrName)).id),
  );
  printFields(context.terminal, mailbox, options);
}
