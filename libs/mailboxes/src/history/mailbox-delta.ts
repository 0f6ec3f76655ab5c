import type { Mailbox, MailboxAddress } from '../mailbox.js';

/** A value before and after. */
export type Pair = readonly [before: unknown, after: unknown];

/** Changed members of a mailbox, and of its addresses by their ids; an address whose `state` was null is new. */
export interface Delta {
  readonly mailbox?: Readonly<Record<string, Pair>>;
  readonly addresses?: Readonly<Record<string, Readonly<Record<string, Pair>>>>;
}

/** A change as it is kept: what says something about a person apart from the rest, so that it alone can be erased. */
export interface RecordedDelta {
  /** `hidden` names the members that are in `personal`, or were. */
  readonly changes: Delta & { readonly hidden?: readonly string[] };
  readonly personal: Delta | null;
}

type Members = Readonly<Record<string, unknown>>;

const personalMembers: ReadonlySet<string> = new Set(['externalId', 'wishes', 'localKey', 'localDisplay']);
/** What never changes, or is kept by other means. */
const untold: ReadonlySet<string> = new Set(['id', 'createdAt', 'rowVersion', 'addresses']);
/** What the row of a new address says itself, for as long as there is one. */
const toldByRow: ReadonlySet<string> = new Set(['id', 'createdAt', 'localKey', 'localDisplay', 'domainAscii']);

/** What changed between two versions of a mailbox; undefined: it was not there. */
export function deltaOf(before: Mailbox | undefined, after: Mailbox): RecordedDelta {
  const addresses = addressDeltas(before?.addresses ?? [], after.addresses);
  const mailbox = pairs(before, after, untold);
  const hidden = [
    ...Object.keys(mailbox).filter(isPersonal),
    ...Object.values(addresses).flatMap((members) => Object.keys(members).filter(isPersonal).map(ofAddress)),
  ];
  const personal = part(mailbox, addresses, isPersonal);
  const changes = part(mailbox, addresses, (name) => !isPersonal(name));
  return hidden.length === 0
    ? { changes, personal: null }
    : { changes: { ...changes, hidden: [...new Set(hidden)] }, personal };
}

/** The mailbox as it was before a change; what was erased of the change stays as it is. */
export function undone(mailbox: Mailbox, { changes, personal }: RecordedDelta): Mailbox {
  const members = { ...changes.mailbox, ...personal?.mailbox };
  const previous = Object.fromEntries(Object.entries(members).map(([name, [before]]) => [name, before]));
  const changed = new Map(
    Object.entries(changes.addresses ?? {}).map(([id, pairsOf]) => [id, { ...pairsOf, ...personal?.addresses?.[id] }]),
  );
  for (const [id, pairsOf] of Object.entries(personal?.addresses ?? {})) {
    changed.set(id, { ...changed.get(id), ...pairsOf });
  }
  const kept = mailbox.addresses.flatMap((address) => undoneAddress(address, changed.get(address.id)));
  const present = new Set(mailbox.addresses.map(({ id }) => id));
  const lost = [...changed].filter(([id]) => !present.has(id)).flatMap(([id, pairsOf]) => lostAddress(id, pairsOf));
  return { ...mailbox, ...(previous as Partial<Mailbox>), addresses: [...kept, ...lost] };
}

/** How a member of an address is named among those of its mailbox. */
export function ofAddress(name: string): string {
  return `addresses.${name}`;
}

function undoneAddress(address: MailboxAddress, changed: Readonly<Record<string, Pair>> = {}): MailboxAddress[] {
  if (changed['state'] !== undefined && changed['state'][0] === null) {
    return [];
  }
  const previous = Object.fromEntries(Object.entries(changed).map(([name, [before]]) => [name, before]));
  return [{ ...address, ...(previous as Partial<MailboxAddress>) }];
}

/** An address whose row went; one whose text was erased cannot be shown any more. */
function lostAddress(id: string, changed: Readonly<Record<string, Pair>>): MailboxAddress[] {
  const previous = Object.fromEntries(Object.entries(changed).map(([name, [before]]) => [name, before ?? null]));
  return typeof previous['localKey'] === 'string' ? [{ validUntil: null, ...previous, id } as MailboxAddress] : [];
}

function addressDeltas(
  before: readonly MailboxAddress[],
  after: readonly MailboxAddress[],
): Readonly<Record<string, Readonly<Record<string, Pair>>>> {
  const old = new Map(before.map((address) => [address.id, address]));
  const current = new Map(after.map((address) => [address.id, address]));
  const ids = [...new Set([...old.keys(), ...current.keys()])];
  const deltas = ids.map((id) => {
    const left = old.has(id) ? new Set(['id']) : toldByRow;
    return [id, pairs(old.get(id), current.get(id), left)] as const;
  });
  return Object.fromEntries(deltas.filter(([, members]) => Object.keys(members).length > 0));
}

function pairs(
  before: object | undefined,
  after: object | undefined,
  left: ReadonlySet<string>,
): Readonly<Record<string, Pair>> {
  const [old, current] = [(before ?? {}) as Members, (after ?? {}) as Members];
  const names = Object.keys({ ...old, ...current }).filter((name) => !left.has(name));
  const compared = names.map((name) => [name, [old[name] ?? null, current[name] ?? null]] as const);
  return Object.fromEntries(compared.filter(([, [was, is]]) => !isSame(was, is)));
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other));
}

function isPersonal(name: string): boolean {
  return personalMembers.has(name);
}

function part(
  mailbox: Readonly<Record<string, Pair>>,
  addresses: Readonly<Record<string, Readonly<Record<string, Pair>>>>,
  isIn: (name: string) => boolean,
): Delta {
  const own = only(mailbox, isIn);
  const ofAddresses = Object.entries(addresses)
    .map(([id, members]) => [id, only(members, isIn)] as const)
    .filter(([, members]) => Object.keys(members).length > 0);
  return {
    ...(Object.keys(own).length === 0 ? {} : { mailbox: own }),
    ...(ofAddresses.length === 0 ? {} : { addresses: Object.fromEntries(ofAddresses) }),
  };
}

function only(
  members: Readonly<Record<string, Pair>>,
  isIn: (name: string) => boolean,
): Readonly<Record<string, Pair>> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => isIn(name)));
}
