import { Option, type Command } from 'commander';

import type { AdminClient } from '../admin-client/admin-client.js';
import {
  tenantProfiles,
  type NewTenant,
  type Tenant,
  type TenantChange,
  type TenantDialect,
} from '../admin-client/admin-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { formatFields } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { confirm } from './confirmation.js';
import { addExamples } from './examples.js';
import { collect } from './option-values.js';
import { printJson, printList } from './output.js';

type TenantOptions = AdminOptions & OutputOptions;

/** `cleanmail tenant …`: customers. */
export function addTenantCommands(program: Command, context: CommandContext): void {
  const tenant = program.command('tenant').description('create, list, suspend and decommission tenants (customers)');
  addCreate(tenant, context);
  addList(tenant, context);
  addShow(tenant, context);
  addChange(tenant, context, 'suspend', 'refuse the tokens of a tenant until it is resumed', { status: 'suspended' });
  addChange(tenant, context, 'resume', 'accept the tokens of a suspended tenant again', { status: 'active' });
  addRename(tenant, context);
  addDelete(tenant, context);
}

function addCreate(tenant: Command, context: CommandContext): void {
  const command = tenant
    .command('create')
    .description('create a tenant and print the tenant URL that is pasted into Entra')
    .argument('<name>', 'name of the customer')
    .addOption(new Option('--profile <profile>', 'service profile').choices([...tenantProfiles]).default('cleanmail'))
    .option('--domain <domain>', 'mail domain of the tenant (repeatable; none = any address)', collect);
  addJson(addAdminOptions(command)).action(
    async (name: string, options: TenantOptions & { profile: NewTenant['profile']; domain?: readonly string[] }) => {
      const body = {
        name,
        profile: options.profile,
        ...(options.domain === undefined ? {} : { domains: options.domain }),
      };
      const created = await withAdmin(context, options, (client) => client.createTenant(body));
      printTenant(context.terminal, created, options);
    },
  );
  addExamples(
    command,
    'cleanmail tenant create "Contoso AG" --domain contoso.com --domain contoso.ch',
    'cleanmail tenant create Demo --profile sendsafely --json',
  );
}

function addList(tenant: Command, context: CommandContext): void {
  const command = tenant.command('list').description('list all tenants');
  addJson(addAdminOptions(command)).action(async (options: TenantOptions) => {
    await withAdmin(context, options, (client) =>
      printList(
        context.terminal,
        client.tenants(),
        { ...options, empty: 'No tenant yet: "cleanmail tenant create <name>" makes one.' },
        [
          { heading: 'ID', cell: (row) => row.id },
          { heading: 'NAME', cell: (row) => row.name },
          { heading: 'PROFILE', cell: (row) => row.profile },
          { heading: 'STATUS', cell: (row) => row.status },
          { heading: 'DIALECT', cell: (row) => row.dialect?.current },
          { heading: 'DOMAINS', cell: (row) => row.domains.join(', ') },
        ],
      ),
    );
  });
  addExamples(command, 'cleanmail tenant list', 'cleanmail tenant list --json | jq -r ".[].tenantUrl"');
}

function addShow(tenant: Command, context: CommandContext): void {
  const command = tenant.command('show').description('show one tenant').argument('<tenant>', 'id or exact name');
  addJson(addAdminOptions(command)).action(async (idOrName: string, options: TenantOptions) => {
    const found = await withAdmin(context, options, (client) => resolveTenant(client, idOrName));
    printTenant(context.terminal, found, options);
  });
  addExamples(command, 'cleanmail tenant show "Contoso AG"');
}

function addChange(
  tenant: Command,
  context: CommandContext,
  verb: string,
  description: string,
  change: TenantChange,
): void {
  const command = tenant.command(verb).description(description).argument('<tenant>', 'id or exact name');
  addJson(addAdminOptions(command)).action(async (idOrName: string, options: TenantOptions) => {
    const changed = await withAdmin(context, options, (client) => changeTenant(client, idOrName, change));
    printTenant(context.terminal, changed, options);
  });
  addExamples(command, `cleanmail tenant ${verb} "Contoso AG"`);
}

function addRename(tenant: Command, context: CommandContext): void {
  const command = tenant
    .command('rename')
    .description('give a tenant another name; its id, tokens and tenant URL stay')
    .argument('<tenant>', 'id or exact name')
    .argument('<new-name>', 'the new name');
  addJson(addAdminOptions(command)).action(async (idOrName: string, name: string, options: TenantOptions) => {
    const changed = await withAdmin(context, options, (client) => changeTenant(client, idOrName, { name }));
    printTenant(context.terminal, changed, options);
  });
  addExamples(command, 'cleanmail tenant rename Contoso "Contoso AG"');
}

function addDelete(tenant: Command, context: CommandContext): void {
  const command = tenant
    .command('delete')
    .description('decommission a tenant: its tokens stop working for good')
    .argument('<tenant>', 'id or exact name')
    .option('--yes', 'do not ask');
  addAdminOptions(command).action(async (idOrName: string, options: AdminOptions & { yes?: true }) => {
    await withAdmin(context, options, async (client) => {
      const found = await resolveTenant(client, idOrName);
      await confirm(context.terminal, `decommission tenant "${found.name}" (${found.id})`, options.yes === true);
      await client.deleteTenant(found.id);
      context.terminal.err(`Tenant ${found.id} is decommissioned.`);
    });
  });
  addExamples(command, 'cleanmail tenant delete "Contoso AG"', 'cleanmail tenant delete Demo --yes');
}

async function changeTenant(client: AdminClient, idOrName: string, change: TenantChange): Promise<Tenant> {
  const found = await resolveTenant(client, idOrName);
  return client.changeTenant(found.id, change);
}

function addJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

function printTenant(terminal: Terminal, tenant: Tenant, options: OutputOptions): void {
  if (options.json === true) {
    printJson(terminal, tenant);
    return;
  }
  const { domains, dialect, ...fields } = tenant;
  formatFields({
    id: fields.id,
    name: fields.name,
    profile: fields.profile,
    status: fields.status,
    domains: domains.length === 0 ? 'any' : domains.join(', '),
    'tenant URL': fields.tenantUrl,
    dialect: dialect === undefined || dialect === null ? 'not seen yet' : describeDialect(dialect),
    created: fields.createdAt,
  }).forEach((line) => terminal.out(line));
}

/** `entra since 2026-11-21… (op capitalised); also seen: okta`. */
function describeDialect({ current, since, evidence, seen }: TenantDialect): string {
  const others = seen.map(({ dialect }) => dialect).filter((dialect) => dialect !== current);
  return `${current} since ${since} (${evidence})${others.length === 0 ? '' : `; also seen: ${others.join(', ')}`}`;
}
