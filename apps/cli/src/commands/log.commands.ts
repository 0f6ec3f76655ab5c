import { setTimeout as delay } from 'node:timers/promises';

import { Option, type Command } from 'commander';

import type { AdminClient } from '../admin-client/admin-client.js';
import type { LogQuery } from '../admin-client/admin-types.js';
import { resolveTenant } from '../admin-client/resolve-tenant.js';
import { printable } from '../terminal/printable.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { parseCount, parseSince } from './option-values.js';

type LogEntry = Readonly<Record<string, unknown>>;

interface TailOptions extends AdminOptions, OutputOptions, LogQuery {
  readonly limit: number;
  readonly follow?: true;
}

const pollMs = 1000;
/** Entries are written off the request path: one may appear this long after a later one. */
const lateMs = 10_000;
const pageSize = 100;

/** `cleanmail log …`: the provisioning log of a tenant. */
export function addLogCommands(program: Command, context: CommandContext): void {
  const log = program.command('log').description('the provisioning log: why is this person missing?');
  const command = log
    .command('tail')
    .description('print the last SCIM requests of a tenant, the newest at the end')
    .argument('<tenant>', 'id or exact name')
    .option('--user <user>', 'only this user (userName or id)')
    .addOption(new Option('--outcome <outcome>', 'only these').choices(['success', 'failure']))
    .option('--since <time>', 'only since then: 15m, 2h, 1d or an ISO 8601 instant', (text: string) => parseSince(text))
    .option('--limit <n>', 'at most this many', parseCount, 20)
    .option('--follow', 'go on printing what comes in until Ctrl-C')
    .option('--json', 'print one JSON object per line');
  addAdminOptions(command).action(async (idOrName: string, options: TailOptions) => {
    await withAdmin(context, options, async (client) => {
      const tenant = await resolveTenant(client, idOrName);
      await tail(context, client, tenant.id, options);
    });
  });
  addExamples(
    command,
    'cleanmail log tail "Contoso AG" --outcome failure --since 1d',
    'cleanmail log tail Demo --user zoe@contoso.example --follow',
  );
}

async function tail(
  context: CommandContext,
  client: AdminClient,
  tenantId: string,
  options: TailOptions,
): Promise<void> {
  const query = logQuery(options);
  const print = (entry: LogEntry): void =>
    context.terminal.out(options.json === true ? JSON.stringify(entry) : formatEntry(entry));
  const signal = options.follow === true ? context.interruption() : undefined;
  const startedAt = Date.now();
  const latest = (await readBack(client, tenantId, query, options.limit)).reverse();
  latest.forEach(print);
  if (signal === undefined) return;
  const seen = new Set(latest.map(idOf));
  let newest = latest.at(-1);
  while (await waited(signal)) {
    const since = new Date((newest === undefined ? startedAt : timeOf(newest)) - lateMs).toISOString();
    const later = query.since !== undefined && query.since > since ? query.since : since;
    const entries = await readBack(client, tenantId, { ...query, since: later }, Infinity);
    const fresh = entries.filter((entry) => !seen.has(idOf(entry)) && isNewer(entry, latest[0], startedAt)).reverse();
    fresh.forEach(print);
    fresh.forEach((entry) => seen.add(idOf(entry)));
    newest = fresh.at(-1) ?? newest;
  }
}

/** Entries older than the first one that was printed were cut off by the limit and stay so. */
function isNewer(entry: LogEntry, oldestPrinted: LogEntry | undefined, startedAt: number): boolean {
  return timeOf(entry) >= (oldestPrinted === undefined ? startedAt - lateMs : timeOf(oldestPrinted));
}

/** The newest entries first, at most `limit`. */
async function readBack(client: AdminClient, tenantId: string, query: LogQuery, limit: number): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.log(tenantId, query, Math.min(pageSize, limit - entries.length), cursor);
    entries.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && entries.length < limit);
  return entries;
}

async function waited(signal: AbortSignal): Promise<boolean> {
  return delay(pollMs, true, { signal }).catch(() => false);
}

function logQuery({ user, outcome, since }: TailOptions): LogQuery {
  return {
    ...(user === undefined ? {} : { user }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(since === undefined ? {} : { since }),
  };
}

/** `2026-11-21T08:00:00.000Z  success 201  create  zoe@contoso.example  12 ms  userName, active`. */
function formatEntry(entry: LogEntry): string {
  const target = entry['userName'] ?? entry['resourceId'] ?? entry['resourceType'] ?? '';
  const changes = Array.isArray(entry['changes']) ? entry['changes'].join(', ') : '';
  const problem = [entry['scimType'], entry['detail']].filter((text) => typeof text === 'string').join(': ');
  const cells = [
    new Date(timeOf(entry)).toISOString(),
    `${text(entry['outcome'])} ${text(entry['status'])}`,
    text(entry['operation']),
    text(target),
    `${text(entry['durationMs'])} ms`,
    changes,
    problem,
  ];
  return printable(cells.filter((cell) => cell !== '').join('  '));
}

function timeOf(entry: LogEntry): number {
  const at = entry['at'];
  const time = typeof at === 'number' ? at : Date.parse(text(at));
  return Number.isNaN(time) ? 0 : time;
}

function idOf(entry: LogEntry): string {
  return text(entry['id']);
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
