import type { Circumstances } from './grants.js';
import { withoutKey } from './grants.js';
import { addressKey, type AdminState, type InactiveMailPolicy, type Mailbox, type MailboxKind } from './mailbox.js';
import { MailboxStateError } from './mailboxes.errors.js';
import { settleSeat } from './seat-settlement.js';

/** What support changes of a mailbox; what is left out or undefined stays. */
export interface MailboxSettings {
  readonly adminState?: AdminState | undefined;
  readonly kind?: MailboxKind | undefined;
  readonly legalHold?: boolean | undefined;
  /** null: as the tenant's policy says. */
  readonly inactiveMailPolicy?: InactiveMailPolicy | null | undefined;
}

/** The mailbox with other settings. @throws MailboxStateError for one that is deleted, but for its legal hold. */
export function withSettings(
  mailbox: Mailbox,
  { adminState, kind, legalHold, inactiveMailPolicy }: MailboxSettings,
  circumstances: Circumstances,
): Mailbox {
  const isOnlyHold = adminState === undefined && kind === undefined && inactiveMailPolicy === undefined;
  if (mailbox.status === 'purged' || (mailbox.deletedAt !== null && !isOnlyHold)) {
    throw new MailboxStateError(`The mailbox is ${mailbox.status}; restore it before it is changed.`);
  }
  const changed: Mailbox = {
    ...mailbox,
    adminState: adminState ?? mailbox.adminState,
    kind: kind ?? mailbox.kind,
    kindFixed: kind === undefined ? mailbox.kindFixed : true,
    legalHold: legalHold ?? mailbox.legalHold,
    inactiveMailPolicy: inactiveMailPolicy === undefined ? mailbox.inactiveMailPolicy : inactiveMailPolicy,
  };
  return mailbox.deletedAt === null ? settleSeat(mailbox, changed, circumstances) : changed;
}

/** The mailbox without an alias or a former address; undefined when it has none of that key. */
export function withoutAlias(mailbox: Mailbox, key: string, circumstances: Circumstances): Mailbox | undefined {
  const held = mailbox.addresses.some(
    (address) => addressKey(address) === key && address.role !== 'primary' && address.state === 'live',
  );
  return held ? settleSeat(mailbox, withoutKey(mailbox, key), circumstances) : undefined;
}

/** The primary address that a deleted mailbox last gave up, for it to be asked for again; its key. */
export function lostPrimaryKey({ addresses }: Mailbox): string | undefined {
  const lost = addresses.filter(({ role, state }) => role === 'primary' && state === 'released').at(-1);
  return lost === undefined ? undefined : addressKey(lost);
}
