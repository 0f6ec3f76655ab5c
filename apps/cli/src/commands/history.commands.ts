import type { Command } from 'commander';

import type { AdminClient } from '../admin-client/admin-client.js';
import type { HistoryItem, Origin } from '../admin-client/history-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { printable } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { parseCount } from './option-values.js';
import { printJson, take } from './output.js';

interface HistoryOptions extends AdminOptions, OutputOptions {
  readonly limit: number;
}

const exampleId = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a11';

/** `cleanmail mailbox history …`: who did what to an account, when and why. */
export function addMailboxHistory(mailbox: Command, context: CommandContext): void {
  const command = mailbox
    .command('history')
    .description('who did what to an account, when and why, the newest first')
    .argument('<tenant>', 'id or exact name')
    .argument('<mailbox-id>', 'id of the account (see "mailbox list")');
  addHistory(command, context, (client, tenant, id) => client.mailboxHistory(tenant, id));
  addExamples(
    command,
    `cleanmail mailbox history "Contoso AG" ${exampleId}`,
    `cleanmail mailbox history "Contoso AG" ${exampleId} --limit 5 --json`,
  );
}

/** `cleanmail user history …`: what was asked for a user, and what became of its account. */
export function addUserHistory(user: Command, context: CommandContext): void {
  const command = user
    .command('history')
    .description('what was asked for a user and what became of its account, the newest first; also after its end')
    .argument('<tenant>', 'id or exact name')
    .argument('<user-id>', 'id of the user (see "user list")');
  addHistory(command, context, (client, tenant, id) => client.userHistory(tenant, id));
  addExamples(command, `cleanmail user history "Contoso AG" ${exampleId}`);
}

/** `token cm_3fA9…  (Entra)`, `clock:mailbox-purge` or who it was at support. */
export function actorText({ actor }: Pick<Origin, 'actor'>): string {
  const { name, tokenPrefix, tokenDescription } = actor;
  if (tokenPrefix === undefined) {
    return name ?? 'unknown';
  }
  return `token ${tokenPrefix}${tokenDescription === undefined ? '' : ` (${tokenDescription})`}`;
}

function addHistory(
  command: Command,
  context: CommandContext,
  read: (client: AdminClient, tenantId: string, id: string) => AsyncIterable<HistoryItem>,
): void {
  addAdminOptions(command)
    .option('--limit <n>', 'at most this many', parseCount, 50)
    .option('--json', 'print JSON')
    .action(async (idOrName: string, id: string, options: HistoryOptions) => {
      const items = await withAdmin(context, options, async (client) => {
        const tenant = await resolveTenant(client, idOrName);
        return take(read(client, tenant.id, id), options.limit);
      });
      if (options.json === true) printJson(context.terminal, items);
      else items.forEach((item) => printItem(context.terminal, item));
    });
}

function printItem(terminal: Terminal, item: HistoryItem): void {
  const { at, version, why, requestId, changes, erased, incomplete } = item;
  const request = requestId === null ? '' : `request ${requestId}`;
  const cells = [at, version === null ? '' : `v${version}`, actorText(item), why ?? '', request];
  terminal.out(printable(cells.filter((cell) => cell !== '').join('  ')));
  for (const { member, address, before, after } of changes) {
    const of = address === undefined ? '' : ` of ${address ?? 'an erased address'}`;
    terminal.out(printable(`    ${member}${of}: ${before ?? '-'} → ${after ?? '-'}`));
  }
  if (erased.length > 0) terminal.out(`    erased: ${erased.join(', ')}`);
  if (incomplete) terminal.out('    made before histories were kept');
}
