import { Option, type Command } from 'commander';

import type { AdminClient } from '../admin-client/admin-client.js';
import type { Tenant } from '../admin-client/admin-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { type CsvEncoding, csvEncodings, openCsv } from '../csv/csv-file.js';
import type { Compared, ReconcileWatch } from '../reconcile/difference.js';
import { DifferenceReport } from '../reconcile/difference-report.js';
import { reconcileWithGateway } from '../reconcile/with-gateway.js';
import { reconcileWithUsers } from '../reconcile/with-users.js';
import { CommandError, usageError } from '../terminal/command-error.js';
import { printable } from '../terminal/printable.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { confirm } from './confirmation.js';
import { addExamples } from './examples.js';
import { parseDelimiter } from './option-values.js';
import { printJson } from './output.js';

interface Options extends AdminOptions, OutputOptions {
  readonly csv?: string;
  readonly gateway?: string;
  readonly scim?: true;
  readonly repair?: true;
  readonly removeExtra?: true;
  readonly yes?: true;
  readonly report?: string;
  readonly delimiter?: string;
  readonly encoding: CsvEncoding;
  readonly progress: boolean;
}

/** `cleanmail reconcile`: whether the mapping is as users, a list or a gateway have it; exit code 1 when it is not. */
export function addReconcileCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('reconcile')
    .description('compare the mailboxes of a tenant with its users, a list or a gateway; repairs only when told to')
    .argument('<tenant>', 'id or exact name')
    .option('--scim', 'with the users of the identity provider, and what gateways read with the mailboxes')
    .option('--csv <file>', 'with a list of accounts, as "mailbox import" reads it')
    .option('--gateway <file-or-digest>', 'with a snapshot or a text map of a gateway, or with its digest')
    .option('--repair', 'repair what can be repaired safely; asks first')
    .option('--remove-extra', 'with --repair: end mailboxes whose user there is not, suspend those not in the list')
    .option('--yes', 'do not ask')
    .option('--report <file>', 'write all differences to a CSV file, or NDJSON when it is named so')
    .option('--delimiter <character>', 'what parts the fields of the list, or "tab"', parseDelimiter)
    .addOption(
      new Option('--encoding <encoding>', 'how the list is written').choices([...csvEncodings]).default('utf8'),
    )
    .option('--no-progress', 'draw no progress bar')
    .option('--json', 'print JSON');
  addAdminOptions(command).action((idOrName: string, options: Options) => run(context, idOrName, options));
  addExamples(
    command,
    'cleanmail reconcile "Contoso AG" --scim',
    'cleanmail reconcile "Contoso AG" --csv accounts.csv --report differences.csv',
    'cleanmail reconcile "Contoso AG" --gateway /var/lib/cleanmail-recipients/recipients.snapshot',
    'cleanmail reconcile "Contoso AG" --scim --repair --yes',
  );
}

async function run(context: CommandContext, idOrName: string, options: Options): Promise<void> {
  requireSense(options);
  const { terminal } = context;
  const signal = context.interruption();
  const report = await DifferenceReport.open(options.report);
  const bar = options.progress && terminal.isTty ? createProgressBar(process.stderr) : undefined;
  const watch: ReconcileWatch = {
    signal,
    add: (difference) => report.add(difference),
    progress: (phase, done) => bar?.show({ phase, total: done, done }),
  };
  const outcome = await withAdmin(context, options, async (client) => {
    const tenant = await resolveTenant(client, idOrName);
    if (options.repair === true) {
      await confirm(terminal, `repair the mailboxes of "${tenant.name}" (${tenant.id})`, options.yes === true);
    }
    const found = await compare(client, tenant, options, watch);
    return { ...found, seats: await client.seats(tenant.id, 1) };
  }).finally(async () => {
    bar?.stop();
    await report.close();
  });
  if (options.json === true) {
    printJson(terminal, {
      ...outcome,
      counts: report.counts,
      differences: report.total,
      open: report.open,
      first: report.first,
    });
  } else {
    print(terminal.out.bind(terminal), report, outcome);
  }
  if (signal.aborted) throw new CommandError('interrupted: not everything was compared');
  if (report.open > 0) {
    const all = options.report === undefined ? '; --report FILE writes all of them' : '';
    throw new CommandError(`${report.open} differences${options.repair === true ? ' are left' : ''}${all}`);
  }
}

interface Outcome {
  readonly compared: Compared;
  readonly wishes?: Readonly<Record<string, number>>;
  readonly seats: object;
}

async function compare(
  client: AdminClient,
  { id }: Tenant,
  { csv, gateway, encoding, ...options }: Options,
  watch: ReconcileWatch,
): Promise<Omit<Outcome, 'seats'>> {
  if (csv !== undefined) {
    const file = await openCsv(csv, encoding);
    const { AddressSet } = await import('@cleanmail/mailboxes');
    const { reconcileWithList } = await import('../reconcile/with-list.js');
    const compared = await reconcileWithList({ client, tenantId: id }, file, new AddressSet(), options, watch);
    return { compared, wishes: (await client.reconcile(id, { limit: 1 })).wishes ?? {} };
  }
  if (gateway !== undefined) {
    const { AddressSet, RecipientDigest } = await import('@cleanmail/mailboxes');
    const kept = { rows: new AddressSet(), digest: new RecipientDigest() };
    return { compared: await reconcileWithGateway(client, id, gateway, kept, watch) };
  }
  return reconcileWithUsers(client, id, options, watch);
}

function requireSense({ csv, gateway, scim, repair, removeExtra }: Options): void {
  if ([csv, gateway, scim].filter((source) => source !== undefined).length !== 1) {
    throw usageError('say with what to compare: one of --scim, --csv FILE and --gateway FILE');
  }
  if (removeExtra === true && repair !== true) throw usageError('--remove-extra goes with --repair only');
  if (gateway !== undefined && repair === true) {
    throw usageError('a gateway is not repaired from here: have it load a snapshot anew');
  }
}

function print(out: (line: string) => void, { counts, first, total, open }: DifferenceReport, outcome: Outcome): void {
  for (const [kind, count] of Object.entries(counts)) {
    out(`${kind}: ${count}`);
    for (const { text, remedy, isRepaired, problem } of first.filter((each) => each.kind === kind)) {
      const done = isRepaired === true ? 'repaired' : problem === undefined ? remedy : `not repaired: ${problem}`;
      out(printable(`  ${text}. ${done}`));
    }
    const shown = first.filter((each) => each.kind === kind).length;
    if (count > shown) out(`  … and ${count - shown} more`);
  }
  const { compared, wishes = {}, seats } = outcome;
  const numbers = Object.entries(compared).map(([what, count]) => `${count} ${what}`);
  const waiting = Object.entries(wishes).map(([reason, count]) => `${count} ${reason}`);
  const { used, limit } = seats as { readonly used?: number; readonly limit?: number | null };
  if (waiting.length > 0) out(`waiting addresses: ${waiting.join(', ')}`);
  out(`seats: ${used ?? 0} of ${limit ?? 'any number'}`);
  out(`compared ${numbers.join(', ')}: ${total} differences, ${open} open`);
}
