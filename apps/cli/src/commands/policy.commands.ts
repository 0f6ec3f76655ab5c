import type { Command } from 'commander';

import type { MailPolicy } from '../admin-client/admin-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { usageError } from '../terminal/command-error.js';
import { printable } from '../terminal/printable.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { printFields } from './output.js';

type PolicyOptions = AdminOptions & OutputOptions;

/** `cleanmail policy …`: how a tenant's mailboxes are granted, suspended, counted and kept. */
export function addPolicyCommands(program: Command, context: CommandContext): void {
  const policy = program.command('policy').description('mail policy of a tenant');
  const show = policy
    .command('show')
    .description('show the mail policy of a tenant')
    .argument('<tenant>', 'id or exact name');
  addAdminOptions(show)
    .option('--json', 'print JSON')
    .action(async (idOrName: string, options: PolicyOptions) => {
      const found = await withAdmin(context, options, async (client) =>
        client.mailPolicy((await resolveTenant(client, idOrName)).id),
      );
      printFields(context.terminal, found, options);
    });
  addExamples(show, 'cleanmail policy show "Contoso AG"');
  const set = policy
    .command('set')
    .description('change members of the mail policy; the others stay')
    .argument('<tenant>', 'id or exact name')
    .argument('<member=value...>', 'as "policy show" names them; null for no limit');
  addAdminOptions(set)
    .option('--json', 'print JSON')
    .action(async (idOrName: string, members: readonly string[], options: PolicyOptions) => {
      const change = Object.fromEntries(members.map(parseMember)) as MailPolicy;
      const changed = await withAdmin(context, options, async (client) =>
        client.changeMailPolicy((await resolveTenant(client, idOrName)).id, change),
      );
      printFields(context.terminal, changed, options);
    });
  addExamples(
    set,
    'cleanmail policy set "Contoso AG" inactiveMailPolicy=deliver inactiveGraceHours=48',
    'cleanmail policy set "Contoso AG" seatLimit=250 seatPolicy=hard',
    'cleanmail policy set Demo guardMaxPct=100',
  );
}

/** `member=value` with a number, true, false, null or a word. */
function parseMember(text: string): readonly [string, string | number | boolean | null] {
  const equals = text.indexOf('=');
  if (equals < 1) throw usageError(`"${printable(text)}" is no member=value such as formerDays=90`);
  const value = text.slice(equals + 1);
  const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
  const word = Object.hasOwn(words, value) ? words[value] : undefined;
  const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
  return [text.slice(0, equals), word === undefined ? (isNumber ? Number(value) : value) : word];
}
