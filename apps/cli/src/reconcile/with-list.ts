import type { AdminClient } from '../admin-client/admin-client.js';
import type { Mailbox } from '../admin-client/admin-types.js';
import type { RowComparison } from '../admin-client/reconcile-types.js';
import type { CsvFile } from '../csv/csv-file.js';
import { mailboxLinesOf, type MailboxLineOptions } from '../csv/mailbox-lines.js';
import type { MailboxLine } from '../csv/mailbox-row.js';
import type { Compared, Difference, ReconcileWatch, RepairOptions } from './difference.js';

/** The addresses of a list, in as little memory as possible. */
export interface ListedAddresses {
  set(address: string): void;
  has(address: string): boolean;
}

interface Place {
  readonly client: AdminClient;
  readonly tenantId: string;
}

const rowsPerRequest = 500;

/**
 * Compares the mapping with a list of accounts: a pass over the list with look-ups for some hundred rows at a time, then
 * one over the mapping.
 */
export async function reconcileWithList(
  place: Place,
  file: CsvFile,
  listed: ListedAddresses,
  { repair = false, removeExtra = false, ...reading }: RepairOptions & MailboxLineOptions,
  watch: ReconcileWatch,
): Promise<Compared> {
  const compared = { lines: 0, mailboxes: 0 };
  for await (const part of mailboxLinesOf(file, reading)) {
    part.errors.forEach(({ line, column, reason }) =>
      watch.add(unreadable(`line ${line}`, `line ${line}${column === undefined ? '' : `, ${column}`}: ${reason}`)),
    );
    for (let start = 0; start < part.mailboxes.length && !watch.signal.aborted; start += rowsPerRequest) {
      await compareLines(place, part.mailboxes.slice(start, start + rowsPerRequest), listed, { repair }, watch);
    }
    compared.lines += part.mailboxes.length + part.errors.length;
    watch.progress('list', compared.lines);
    if (watch.signal.aborted) return compared;
  }
  for await (const mailbox of place.client.mailboxes(place.tenantId, {}, rowsPerRequest)) {
    compared.mailboxes += 1;
    if (isExtra(mailbox, listed)) watch.add(await extra(place, mailbox, repair && removeExtra));
    if (compared.mailboxes % rowsPerRequest === 0) watch.progress('mailboxes', compared.mailboxes);
    if (watch.signal.aborted) break;
  }
  return compared;
}

async function compareLines(
  { client, tenantId }: Place,
  lines: readonly MailboxLine[],
  listed: ListedAddresses,
  { repair }: { readonly repair: boolean },
  { add }: ReconcileWatch,
): Promise<void> {
  const rows = await client.compareRows(
    tenantId,
    lines.map(({ row }) => row),
  );
  const missing: MailboxLine[] = [];
  for (const [index, each] of lines.entries()) {
    const found = rows[index] ?? { key: null, mailboxId: null, differences: [] };
    listed.set(found.key ?? each.row.address);
    if (found.key === null)
      add(unreadable(each.row.address, `line ${each.line}: ${each.row.address} or an alias is no mail address`));
    else if (found.mailboxId === null) missing.push(each);
    else await repairFields({ client, tenantId }, found, repair, add);
  }
  const answers =
    repair && missing.length > 0 ? await client.importMailboxes(tenantId, { rows: missing.map(({ row }) => row) }) : [];
  missing.forEach(({ row, line }, index) => {
    const answer = answers[index];
    const isRepaired = answer?.outcome !== 'refused';
    add({
      kind: 'missing',
      subject: row.address,
      text: `${row.address} is in the list (line ${line}), and no mailbox has it`,
      remedy: '--repair imports it',
      ...(answer === undefined ? {} : { isRepaired, ...(isRepaired ? {} : { problem: answer.reason ?? 'refused' }) }),
    });
  });
}

async function repairFields(
  { client, tenantId }: Place,
  { key, mailboxId, differences }: RowComparison,
  repair: boolean,
  add: ReconcileWatch['add'],
): Promise<void> {
  for (const { field, mapping, source } of differences) {
    const id = mailboxId ?? '';
    const deed = deeds[field];
    const tried = repair && deed !== undefined ? await attempt(() => deed(client, tenantId, id, source)) : {};
    add({
      kind: field,
      subject: key ?? '',
      text:
        field === 'alias'
          ? `${key} has not the alias ${source} that it has in the list`
          : `${key}: ${field} is ${mapping}, in the list ${source}`,
      remedy:
        deed === undefined ? `look at mailbox ${id}: it is not changed by itself` : '--repair makes it as in the list',
      ...tried,
    });
  }
}

/** What can be made as the list has it. Status and role have causes that somebody must look at first. */
const deeds: Readonly<
  Record<string, (client: AdminClient, tenantId: string, mailboxId: string, value: string) => Promise<unknown>>
> = {
  kind: (client, tenantId, id, kind) => client.changeMailbox(tenantId, id, { kind }),
  alias: (client, tenantId, id, address) => client.addAlias(tenantId, id, address),
  legalHold: (client, tenantId, id) => client.changeMailbox(tenantId, id, { legalHold: true }),
};

async function attempt(deed: () => Promise<unknown>): Promise<Pick<Difference, 'isRepaired' | 'problem'>> {
  return deed().then(
    () => ({ isRepaired: true }),
    (error: Error) => ({ isRepaired: false, problem: error.message }),
  );
}

/** One that support suspended already is no question any more, nor one that has ended or waits for an attribute. */
function isExtra(mailbox: Mailbox, listed: ListedAddresses): boolean {
  const { address, status, statusReason, adminState, userId } = mailbox;
  const isOver = status === 'deleted' || status === 'purged' || statusReason === 'address_source_missing';
  const isSuspended = adminState === 'suspended' && !hasUser(userId);
  return !isOver && !isSuspended && address !== null && !listed.has(address);
}

function hasUser(userId: Mailbox['userId']): boolean {
  return typeof userId === 'string';
}

/** A mailbox of a user is left to its identity provider; another one is suspended when that was told, never deleted. */
async function extra({ client, tenantId }: Place, mailbox: Mailbox, remove: boolean): Promise<Difference> {
  const { id, address, userId } = mailbox;
  const isLinked = hasUser(userId);
  const tried =
    remove && !isLinked ? await attempt(() => client.changeMailbox(tenantId, id, { adminState: 'suspended' })) : {};
  return {
    kind: 'extra',
    subject: address ?? id,
    text: `${address ?? id} is ${isLinked ? 'the mailbox of a user' : 'a mailbox without a user'} and not in the list`,
    remedy: isLinked
      ? 'end or disable the person in the identity provider, if there should be none'
      : '--repair --remove-extra suspends it; nothing is deleted',
    ...tried,
  };
}

function unreadable(subject: string, text: string): Difference {
  return { kind: 'unreadable', subject, text, remedy: 'correct the line' };
}
