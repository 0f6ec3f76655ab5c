import type { Command } from 'commander';

import type { Explanation } from '../admin-client/history-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { formatFields } from '../terminal/table.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { actorText } from './history.commands.js';
import { printJson } from './output.js';

interface ExplainOptions extends AdminOptions, OutputOptions {
  readonly tenant?: string;
}

/** `cleanmail explain <address>`: what a gateway does with mail for an address, and why. */
export function addExplainCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('explain')
    .description('what a gateway does with mail for an address: which row, which rule, since when, by whom')
    .argument('<address>', 'the address as it stands in RCPT TO')
    .option('--tenant <tenant>', 'only as far as it concerns this tenant (id or exact name)')
    .option('--json', 'print JSON');
  addAdminOptions(command).action(async (address: string, options: ExplainOptions) => {
    const explanation = await withAdmin(context, options, async (client) => {
      const tenant = options.tenant === undefined ? undefined : await resolveTenant(client, options.tenant);
      return client.explain(address, tenant?.id);
    });
    if (options.json === true) printJson(context.terminal, explanation);
    else formatFields(fieldsOf(explanation)).forEach((line) => context.terminal.out(line));
  });
  addExamples(
    command,
    'cleanmail explain anna@contoso.com',
    'cleanmail explain anna+news@contoso.com --tenant "Contoso AG" --json',
  );
}

function fieldsOf(explanation: Explanation): Readonly<Record<string, string | null>> {
  const { key, verdict, action, matchedBy, tenantId, rule, row, mailbox, by, waiting } = explanation;
  const matched = matchedBy === null ? '' : `, by its ${matchedBy} address`;
  return {
    address: explanation.address,
    'looked up as': key,
    verdict: `${verdict}${action === null ? '' : `: ${action}`}${matched}`,
    why: `${rule.text} (${rule.code})`,
    tenant: tenantId,
    mailbox: mailbox === undefined ? null : mailboxText(mailbox),
    row: row === undefined ? null : `${row.address}: ${row.action}, version ${row.version}`,
    since: row?.since ?? null,
    by: by === undefined ? null : [actorText(by), by.why].filter((text) => text !== null).join(', '),
    request: by?.requestId ?? null,
    ...Object.fromEntries(
      waiting.map(({ tenantId: tenant, mailboxId, reason, role, since }, index) => [
        `waiting ${index + 1}`,
        `mailbox ${mailboxId} of tenant ${tenant} (${role}): ${reason}, since ${since}`,
      ]),
    ),
  };
}

function mailboxText({ id, kind, status, statusReason, statusSince }: NonNullable<Explanation['mailbox']>): string {
  return `${id} (${kind}), ${status}${statusReason === null ? '' : ` (${statusReason})`} since ${statusSince}`;
}
