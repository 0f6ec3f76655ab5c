import { type Command, Option } from 'commander';

import type { AdminClient } from '../admin-client/admin-client.js';
import type { Domain, DomainChange } from '../admin-client/domain-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { usageError } from '../terminal/command-error.js';
import { formatFields } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { confirm } from './confirmation.js';
import { addExamples } from './examples.js';
import { printJson, printList } from './output.js';

type DomainOptions = AdminOptions & OutputOptions;

/** `cleanmail domain …`: mail domains of tenants. */
export function addDomainCommands(program: Command, context: CommandContext): void {
  const domain = program.command('domain').description('mail domains of a tenant: add, verify, hand over, release');
  addList(domain, context);
  addAdd(domain, context);
  addVerify(domain, context);
  addPlain(domain, context, 'show', 'show one domain and what to publish in its DNS', (client, tenant, name) =>
    client.domain(tenant, name),
  );
  addPlain(domain, context, 'suspend', 'stop mail for a domain; its addresses stay claimed', (client, tenant, name) =>
    client.actOnDomain(tenant, name, 'suspend'),
  );
  addPlain(domain, context, 'resume', 'let mail for a suspended domain through again', (client, tenant, name) =>
    client.actOnDomain(tenant, name, 'resume'),
  );
  addRelease(domain, context);
  addTransfer(domain, context);
  addSet(domain, context);
}

function addList(domain: Command, context: CommandContext): void {
  const command = domain.command('list').description('list the domains of a tenant').argument('<tenant>', 'id or name');
  addJson(command).action(async (idOrName: string, options: DomainOptions) => {
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      const empty = 'No domain: the tenant takes any address at a domain that nobody owns.';
      await printList(context.terminal, client.domains(tenant.id), { ...options, empty }, [
        { heading: 'DOMAIN', cell: (row) => row.domain },
        { heading: 'STATUS', cell: (row) => row.status },
        { heading: 'BY', cell: (row) => row.verifiedBy },
        { heading: 'PROOF MISSING SINCE', cell: (row) => row.checkFailedSince },
        { heading: 'UNKNOWN', cell: (row) => row.unknownRecipientPolicy },
        { heading: 'NEXT HOP', cell: (row) => row.nextHop },
      ]);
    });
  });
  addExamples(command, 'cleanmail domain list "Contoso AG"');
}

function addAdd(domain: Command, context: CommandContext): void {
  const command = onDomain(domain.command('add'), 'add a domain and say what to publish in its DNS').option(
    '--vouched',
    'we vouch for it: verified at once, without proof in the DNS',
  );
  addJson(command).action(async (tenant: string, name: string, options: DomainOptions & { vouched?: true }) => {
    await print(context, options, tenant, (client, id) =>
      client.addDomain(id, { domain: name, ...(options.vouched === undefined ? {} : { vouched: true }) }),
    );
  });
  addExamples(command, 'cleanmail domain add "Contoso AG" contoso.ch', 'cleanmail domain add Demo demo.ch --vouched');
}

function addVerify(domain: Command, context: CommandContext): void {
  const command = onDomain(
    domain.command('verify'),
    'look for the proof in the DNS, and grant what waits for the domain',
  ).option('--vouched', 'we vouch for it: the DNS is not asked');
  addJson(command).action(async (tenant: string, name: string, options: DomainOptions & { vouched?: true }) => {
    const body = options.vouched === undefined ? {} : { vouched: true };
    await print(context, options, tenant, (client, id) => client.actOnDomain(id, name, 'verify', body));
  });
  addExamples(command, 'cleanmail domain verify "Contoso AG" contoso.ch');
}

function addRelease(domain: Command, context: CommandContext): void {
  const command = onDomain(domain.command('release'), 'give a domain up; refused while addresses rest on it')
    .option('--include-former', 'also give up former and reserved addresses there')
    .option('--yes', 'do not ask');
  addJson(command).action(
    async (tenant: string, name: string, options: DomainOptions & { includeFormer?: true; yes?: true }) => {
      await confirm(context.terminal, `release ${name}`, options.yes === true);
      const body = options.includeFormer === undefined ? {} : { includeFormer: true };
      await print(context, options, tenant, (client, id) => client.actOnDomain(id, name, 'release', body));
    },
  );
  addExamples(command, 'cleanmail domain release "Contoso AG" contoso.ch --include-former --yes');
}

function addTransfer(domain: Command, context: CommandContext): void {
  const command = onDomain(domain.command('transfer'), 'hand a domain to another tenant; repeat it to finish one')
    .argument('<to-tenant>', 'id or exact name of the tenant that is to own it')
    .option('--yes', 'do not ask');
  addJson(command).action(
    async (tenant: string, name: string, receiver: string, options: DomainOptions & { yes?: true }) => {
      await confirm(context.terminal, `take ${name} with its addresses from "${tenant}"`, options.yes === true);
      await print(context, options, tenant, async (client, id) => {
        const { id: toTenantId } = await resolveTenant(client, receiver);
        return client.actOnDomain(id, name, 'transfer', { toTenantId });
      });
    },
  );
  addExamples(command, 'cleanmail domain transfer "Contoso AG" contoso.ch "Contoso Holding" --yes');
}

function addSet(domain: Command, context: CommandContext): void {
  const command = onDomain(domain.command('set'), 'set what gateways do with mail for a domain')
    .addOption(
      new Option('--unknown <policy>', 'mail for addresses that nobody has').choices(['reject', 'defer', 'accept']),
    )
    .addOption(new Option('--subaddressing <how>', 'whether anna+x@ reaches anna@').choices(['plus', 'off']))
    .option('--next-hop <hop>', 'where accepted mail goes, as Postfix writes it; "none" for the default');
  addJson(command).action(
    async (
      tenant: string,
      name: string,
      options: DomainOptions & { unknown?: string; subaddressing?: string; nextHop?: string },
    ) => {
      const change: DomainChange = {
        ...(options.unknown === undefined ? {} : { unknownRecipientPolicy: options.unknown }),
        ...(options.subaddressing === undefined ? {} : { subaddressing: options.subaddressing }),
        ...(options.nextHop === undefined ? {} : { nextHop: options.nextHop === 'none' ? null : options.nextHop }),
      };
      if (Object.keys(change).length === 0) {
        throw usageError('nothing to set: give --unknown, --subaddressing or --next-hop');
      }
      await print(context, options, tenant, (client, id) => client.changeDomain(id, name, change));
    },
  );
  addExamples(
    command,
    'cleanmail domain set "Contoso AG" contoso.ch --unknown reject --next-hop "smtp:[mail.contoso.ch]:25"',
  );
}

function addPlain(
  domain: Command,
  context: CommandContext,
  verb: string,
  description: string,
  act: (client: AdminClient, tenantId: string, name: string) => Promise<Domain>,
): void {
  const command = onDomain(domain.command(verb), description);
  addJson(command).action(async (tenant: string, name: string, options: DomainOptions) => {
    await print(context, options, tenant, (client, id) => act(client, id, name));
  });
  addExamples(command, `cleanmail domain ${verb} "Contoso AG" contoso.ch`);
}

function onDomain(command: Command, description: string): Command {
  return command
    .description(description)
    .argument('<tenant>', 'id or exact name')
    .argument('<domain>', 'the domain, in any form');
}

function addJson(command: Command): Command {
  return addAdminOptions(command).option('--json', 'print JSON');
}

async function print(
  context: CommandContext,
  options: DomainOptions,
  idOrName: string,
  act: (client: AdminClient, tenantId: string) => Promise<Domain>,
): Promise<void> {
  const domain = await withAdmin(context, options, async (client) => {
    const tenant = await resolveTenant(client, idOrName);
    return act(client, tenant.id);
  });
  if (options.json === true) printJson(context.terminal, domain);
  else printDomain(context.terminal, domain);
}

function printDomain(terminal: Terminal, domain: Domain): void {
  const { verification } = domain;
  const isPending = domain.status === 'pending';
  formatFields({
    domain: domain.domain === domain.domainAscii ? domain.domain : `${domain.domain} (${domain.domainAscii})`,
    status: domain.status,
    publish: isPending ? `${verification.type} ${verification.name} "${verification.value}"` : undefined,
    'verified by': domain.verifiedBy,
    'proof missing since': domain.checkFailedSince,
    'mailboxes waiting': domain.waitingMailboxes,
    'unknown recipients': domain.unknownRecipientPolicy,
    subaddressing: domain.subaddressing,
    'next hop': domain.nextHop,
    'on its way to': domain.transferTo,
  }).forEach((line) => terminal.out(line));
}
