import { Option, type Command } from 'commander';

import type { AdminClient } from '../admin-client/admin-client.js';
import { type IssuedReceiver, ReceiverClient } from '../admin-client/receiver-client.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { CommandError, usageError } from '../terminal/command-error.js';
import type { Terminal } from '../terminal/terminal.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { confirm } from './confirmation.js';
import { addExamples } from './examples.js';
import { collect, parseCount, parseSince, parseWholeNumber } from './option-values.js';
import { printFields, printList } from './output.js';

type Options = AdminOptions & OutputOptions;

interface WantedOptions extends Options {
  readonly url?: string;
  readonly tenant?: readonly string[];
  readonly type?: readonly string[];
  readonly concurrency?: number;
}

interface AddOptions extends WantedOptions {
  readonly format?: string;
  readonly fromHorizon?: true;
  readonly quiet?: true;
}

interface SetOptions extends WantedOptions {
  readonly rename?: string;
  readonly status?: string;
  readonly allTenants?: true;
  readonly allTypes?: true;
}

interface ReplayOptions extends Options {
  readonly dead?: true;
  readonly since?: string;
  readonly tenant?: string;
}

/** `cleanmail receiver …`: internal services that hear of events. */
export function addReceiverCommands(program: Command, context: CommandContext): void {
  const receiver = program
    .command('receiver')
    .description('internal services that hear of events, and what they were not told');
  addAdd(receiver, context);
  addList(receiver, context);
  addShow(receiver, context);
  addSet(receiver, context);
  addRemove(receiver, context);
  addRotate(receiver, context);
  addTest(receiver, context);
  addUndelivered(receiver, context);
  addReplay(receiver, context);
}

function addAdd(receiver: Command, context: CommandContext): void {
  const command = receiver
    .command('add')
    .description('add a receiver; its secret is printed this once')
    .argument('<name>', 'lower-case letters, digits, dots, dashes, underscores')
    .addOption(new Option('--format <format>', 'how events are written').choices(['standard-webhooks', 'set']))
    .option('--from-horizon', 'begin with all events that are kept, not with what happens from now on')
    .option('--quiet', 'print only the secret');
  addWanted(command).action(async (name: string, options: AddOptions) => {
    const issued = await withAdmin(context, options, async (client) => {
      const { url, format, fromHorizon } = options;
      const wanted = { name, url, format, ...(await wantedOf(client, options)) };
      return new ReceiverClient(client).add({ ...wanted, ...(fromHorizon === true ? { start: 'horizon' } : {}) });
    });
    printSecret(context.terminal, issued, options);
  });
  addExamples(
    command,
    'cleanmail receiver add quarantine --url https://quarantine.example/hooks/cleanmail',
    'cleanmail receiver add billing --url https://billing.example/sets --format set --type mailbox.activated --type mailbox.deleted',
    'cleanmail receiver add archive --from-horizon    # fetches its events',
  );
}

function addList(receiver: Command, context: CommandContext): void {
  const command = receiver.command('list').description('list the receivers').option('--json', 'print JSON');
  addAdminOptions(command).action(async (options: Options) => {
    await withAdmin(context, options, async (client) => {
      const list = new ReceiverClient(client).list();
      await printList(context.terminal, list, { ...options, empty: 'No receiver: nobody hears of events.' }, [
        { heading: 'NAME', cell: (row) => row.name },
        { heading: 'STATUS', cell: (row) => row.status },
        { heading: 'FORMAT', cell: (row) => row.format },
        { heading: 'URL', cell: (row) => row.url ?? 'fetches' },
        { heading: 'FAILING SINCE', cell: (row) => row.failingSince },
        { heading: 'ID', cell: (row) => row.id },
      ]);
    });
  });
  addExamples(command, 'cleanmail receiver list --json');
}

function addShow(receiver: Command, context: CommandContext): void {
  const command = target(receiver.command('show').description('show one receiver'));
  command.action(async (name: string, options: Options) => {
    const found = await onReceiver(context, options, name, async (client, id) => client.resolve(id));
    printFields(context.terminal, found, options);
  });
  addExamples(command, 'cleanmail receiver show quarantine');
}

function addSet(receiver: Command, context: CommandContext): void {
  const command = receiver
    .command('set')
    .description('change a receiver, pause it, or activate it again')
    .argument('<receiver>', 'id or name')
    .option('--rename <name>', 'another name')
    .addOption(new Option('--status <status>', 'paused, or active again').choices(['active', 'paused']))
    .option('--all-tenants', 'events of all tenants')
    .option('--all-types', 'events of all types');
  addWanted(command).action(async (name: string, options: SetOptions) => {
    const changed = await withAdmin(context, options, async (client) => {
      const receivers = new ReceiverClient(client);
      const change = {
        ...{ url: options.url, name: options.rename, status: options.status, ...(await wantedOf(client, options)) },
        ...(options.allTenants === true ? { tenants: null } : {}),
        ...(options.allTypes === true ? { types: null } : {}),
      };
      if (Object.values(change).every((value) => value === undefined)) throw usageError('say what to change');
      return receivers.change((await receivers.resolve(name)).id, change);
    });
    printFields(context.terminal, changed, options);
  });
  addExamples(
    command,
    'cleanmail receiver set quarantine --status paused',
    'cleanmail receiver set quarantine --type mailbox.suspended --type mailbox.deleted',
  );
}

function addRemove(receiver: Command, context: CommandContext): void {
  const command = target(receiver.command('remove').description('remove a receiver; its receipts stay')).option(
    '--yes',
    'do not ask',
  );
  command.action(async (name: string, options: Options & { readonly yes?: true }) => {
    await confirm(context.terminal, `remove receiver ${name} with what it was not told yet`, options.yes === true);
    await onReceiver(context, options, name, (client, id) => client.remove(id));
    context.terminal.err(`Receiver ${name} is removed.`);
  });
  addExamples(command, 'cleanmail receiver remove quarantine --yes');
}

function addRotate(receiver: Command, context: CommandContext): void {
  const command = target(receiver.command('rotate').description('make a new secret, printed this once'))
    .option('--overlap <seconds>', 'sign with the old one, too, for so long (default: a day)', parseWholeNumber)
    .option('--quiet', 'print only the secret');
  command.action(async (name: string, options: Options & { readonly overlap?: number; readonly quiet?: true }) => {
    const body = options.overlap === undefined ? {} : { overlapSeconds: options.overlap };
    const issued = await onReceiver(context, options, name, (client, id) => client.rotate(id, body));
    printSecret(context.terminal, issued, options);
  });
  addExamples(command, 'cleanmail receiver rotate quarantine --overlap 3600');
}

function addTest(receiver: Command, context: CommandContext): void {
  const command = target(receiver.command('test').description('send an event of the type receiver.test now'));
  command.action(async (name: string, options: Options) => {
    const trial = await onReceiver(context, options, name, (client, id) => client.test(id));
    printFields(context.terminal, trial, options);
    if (!trial.ok) throw new CommandError(`receiver ${name} did not take it: ${trial.error ?? 'no answer'}`);
  });
  addExamples(command, 'cleanmail receiver test quarantine');
}

function addUndelivered(receiver: Command, context: CommandContext): void {
  const command = target(receiver.command('dead').description('list events that were given up, oldest first'))
    .option('--waiting', 'those that wait for another attempt instead')
    .option('--limit <n>', 'at most this many (default: all)', parseCount);
  command.action(async (name: string, options: Options & { readonly waiting?: true; readonly limit?: number }) => {
    await withAdmin(context, options, async (client) => {
      const receivers = new ReceiverClient(client);
      const { id } = await receivers.resolve(name);
      const list = receivers.undelivered(id, options.waiting === true ? 'waiting' : 'dead');
      await printList(context.terminal, list, { ...options, empty: 'Nothing.' }, [
        { heading: 'EVENT', cell: (row) => row.eventId },
        { heading: 'TYPE', cell: (row) => row.type },
        { heading: 'TENANT', cell: (row) => row.tenantId },
        { heading: 'MAILBOX', cell: (row) => row.mailboxId },
        { heading: 'ATTEMPTS', cell: (row) => row.attempts },
        { heading: 'ERROR', cell: (row) => row.error },
        { heading: 'SINCE', cell: (row) => row.firstFailedAt },
        { heading: 'NEXT', cell: (row) => row.nextAttemptAt },
      ]);
    });
  });
  addExamples(command, 'cleanmail receiver dead quarantine --limit 20', 'cleanmail receiver dead quarantine --waiting');
}

function addReplay(receiver: Command, context: CommandContext): void {
  const command = target(receiver.command('replay').description('send events again, with the ids that they had'))
    .option('--dead', 'those that were given up; also when nothing else is said')
    .option('--since <when>', 'everything since then (2h, 1d, an ISO 8601 instant)', (text: string) => parseSince(text))
    .option('--tenant <tenant>', 'only of this tenant (id or exact name)');
  command.action(async (name: string, options: ReplayOptions) => {
    const { replayed } = await withAdmin(context, options, async (client) => {
      const receivers = new ReceiverClient(client);
      const { id } = await receivers.resolve(name);
      const tenant = options.tenant === undefined ? {} : { tenantId: (await resolveTenant(client, options.tenant)).id };
      const { dead, since } = options;
      return receivers.replay(id, { dead, since, ...tenant });
    });
    if (options.json === true) printFields(context.terminal, { replayed }, options);
    else if (options.since === undefined || options.dead === true)
      context.terminal.out(`${replayed} events are sent again.`);
    else context.terminal.out(`Events of ${replayed} tenants are sent again.`);
  });
  addExamples(
    command,
    'cleanmail receiver replay quarantine --dead',
    'cleanmail receiver replay quarantine --since 2h --tenant "Contoso AG"',
  );
}

function addWanted(command: Command): Command {
  return addAdminOptions(
    command
      .option('--url <url>', 'https URL that events are posted to; a receiver without one fetches them')
      .option('--tenant <tenant>', 'only events of this tenant (id or exact name; repeatable)', collect)
      .option('--type <type>', 'only events of this type, such as mailbox.suspended (repeatable)', collect)
      .option('--concurrency <n>', 'events on their way at once, at most (default: 8)', parseCount)
      .option('--json', 'print JSON'),
  );
}

function target(command: Command): Command {
  return addAdminOptions(command).argument('<receiver>', 'id or name').option('--json', 'print JSON');
}

async function wantedOf(client: AdminClient, { tenant, type, concurrency }: WantedOptions): Promise<object> {
  const tenants = tenant === undefined ? {} : { tenants: await idsOf(client, tenant) };
  return { ...tenants, types: type, concurrency };
}

async function idsOf(client: AdminClient, names: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push((await resolveTenant(client, name)).id);
  return ids;
}

function onReceiver<Result>(
  context: CommandContext,
  options: AdminOptions,
  name: string,
  work: (client: ReceiverClient, id: string) => Promise<Result>,
): Promise<Result> {
  return withAdmin(context, options, async (client) => {
    const receivers = new ReceiverClient(client);
    return work(receivers, (await receivers.resolve(name)).id);
  });
}

function printSecret(
  terminal: Terminal,
  issued: IssuedReceiver,
  options: OutputOptions & { readonly quiet?: true },
): void {
  if (options.quiet === true) {
    terminal.out(issued.secret);
    return;
  }
  printFields(terminal, issued, options);
  if (options.json !== true) terminal.err('The secret is shown this once: give it to the receiver now.');
}
