import { addressKey, type Mailbox } from '../mailbox.js';
import { historyKey } from './history-key.js';
import type { HistoryRecord } from './history-rows.js';
import { type Delta, deltaOf, type Pair } from './mailbox-delta.js';

/** A member of a mailbox before and after a change. */
export interface ChangedMember {
  /** Such as `status`, or `addresses.role` for a member of an address. */
  readonly member: string;
  /** The address that the member is of; null when its text was erased. */
  readonly address?: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

/** One version of a mailbox: who brought it about, when, in which request, and what changed with it. */
export interface HistoryEntry {
  /** Sorts by time, among the ids of log entries too. */
  readonly id: string;
  readonly mailboxId: string;
  readonly version: number;
  readonly at: number;
  /** null for a mailbox that was made before that was kept. */
  readonly actor: string | null;
  readonly requestId: string | null;
  readonly userId: string | null;
  readonly changes: readonly ChangedMember[];
  /** Members that changed too, and whose values were erased. */
  readonly erased: readonly string[];
  /** Whether this is the making of a mailbox whose first changes are not known: `changes` is empty then. */
  readonly isIncomplete: boolean;
}

/** Told by `at` and by the status itself. */
const implied = 'statusSince';

/** A kept change; addresses that it names by id get the text that they have now. */
export function historyEntry(record: HistoryRecord, current: Mailbox): HistoryEntry {
  const { changes, personal, ...known } = record;
  const names = addressNames(current, personal);
  return {
    ...known,
    id: historyKey(known),
    changes: members([changes, personal ?? {}], names),
    erased: personal === null ? (changes.hidden ?? []) : [],
    isIncomplete: false,
  };
}

/** The making of a mailbox, from what it was then. */
export function rebuiltEntry(
  author: Pick<HistoryEntry, 'at' | 'actor' | 'requestId'>,
  first: Mailbox,
  current: Mailbox,
): HistoryEntry {
  const isIncomplete = first.rowVersion > 1;
  const { changes, personal } = deltaOf(undefined, first);
  const names = new Map([...addressNames(current, null), ...addressNames(first, null)]);
  const made = members([changes, personal ?? {}], names).filter(({ after }) => !isNothing(after));
  return {
    ...author,
    id: historyKey({ at: author.at, version: 1 }),
    mailboxId: current.id,
    version: 1,
    userId: isIncomplete ? null : first.scimUserId,
    changes: isIncomplete ? [] : made,
    erased: [],
    isIncomplete,
  };
}

function members(deltas: readonly Delta[], names: ReadonlyMap<string, string>): readonly ChangedMember[] {
  const own = deltas.flatMap(({ mailbox = {} }) => Object.entries(mailbox).map(([name, pair]) => changed(name, pair)));
  const ofAddresses = deltas.flatMap(({ addresses = {} }) =>
    Object.entries(addresses).flatMap(([id, pairs]) =>
      Object.entries(pairs).map(([name, pair]) => ({
        ...changed(`addresses.${name}`, pair),
        address: names.get(id) ?? null,
      })),
    ),
  );
  return [...own.filter(({ member }) => member !== implied), ...ofAddresses];
}

function changed(member: string, [before, after]: Pair): ChangedMember {
  return { member, before, after };
}

/** Texts of addresses by their ids: of those that are there, and of those whose loss this change tells. */
function addressNames({ addresses }: Mailbox, personal: Delta | null): ReadonlyMap<string, string> {
  const lost = Object.entries(personal?.addresses ?? {}).flatMap(([id, { localKey }]) =>
    typeof localKey?.[0] === 'string' ? [[id, localKey[0]] as const] : [],
  );
  return new Map([...lost, ...addresses.map((address) => [address.id, addressKey(address)] as const)]);
}

function isNothing(value: unknown): boolean {
  return value === null || value === false || (Array.isArray(value) && value.length === 0);
}
