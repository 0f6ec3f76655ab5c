import { newId } from '@cleanmail/database';
import { withDerivedStatus } from './derive-status.js';
import { type Circumstances, type Grant, type SourcedGrant, withAliases, withoutKey, withPrimary } from './grants.js';
import { days } from './mail-policy.js';
import { addressKey, type AddressWish, type Mailbox } from './mailbox.js';
import { settleSeat } from './seat-settlement.js';
import { guardAfter, noGuard } from './guard/guard-state.js';
import type { UserFacts } from './user-facts.js';
import { kindOf } from './wanted-addresses.js';

/** What came of the addresses that a user wants; what is absent stays as it is. */
export interface AddressGrants {
  readonly primary?: SourcedGrant;
  readonly aliases?: readonly SourcedGrant[];
}

/** A mailbox that nobody has yet. */
export function blankMailbox(
  { origin, kind }: Pick<Mailbox, 'origin' | 'kind'>,
  { now }: Pick<Circumstances, 'now'>,
): Mailbox {
  return {
    id: newId(),
    scimUserId: null,
    externalId: null,
    origin,
    kind,
    kindFixed: false,
    scimActive: null,
    adminState: 'none',
    legalHold: false,
    inactiveMailPolicy: null,
    status: 'pending',
    statusReason: null,
    statusSince: now,
    createdAt: now,
    deletedAt: null,
    purgeAfter: null,
    eraseAfter: null,
    seat: false,
    seatSince: null,
    graceUntil: null,
    ...noGuard,
    rowVersion: 1,
    addresses: [],
    wishes: [],
  };
}

/** A mailbox for a user who has none. */
export function newMailbox(facts: UserFacts, grants: Grant | AddressGrants, circumstances: Circumstances): Mailbox {
  return followUser(blankMailbox({ origin: 'scim', kind: 'user' }, circumstances), facts, grants, circumstances);
}

/**
 * The mailbox after its user was created, changed or found again: link, activity, kind and addresses follow the user.
 * Without a grant the address stays as it is.
 */
export function followUser(
  mailbox: Mailbox,
  facts: UserFacts,
  grants: Grant | AddressGrants | undefined,
  circumstances: Circumstances,
): Mailbox {
  const { now, policy, erasesOnDeactivation } = circumstances;
  const wasActive = mailbox.scimActive !== false;
  const eraseAfter = wasActive && erasesOnDeactivation ? now + days(policy.eraseAfterDays) : mailbox.eraseAfter;
  const linked: Mailbox = {
    ...mailbox,
    scimUserId: facts.userId,
    externalId: facts.externalId,
    scimActive: facts.active,
    kind: kindOf(mailbox, facts, policy),
    eraseAfter: facts.active ? null : eraseAfter,
    ...guardAfter(mailbox, facts),
  };
  return settleSeat(mailbox, withGrants(linked, addressGrants(grants), circumstances), circumstances);
}

/** The mailbox after addresses that it waited for were looked up again. */
export function followGrants(mailbox: Mailbox, grants: AddressGrants, circumstances: Circumstances): Mailbox {
  return settleSeat(mailbox, withGrants(mailbox, grants, circumstances), circumstances);
}

/**
 * The mailbox after its user was deleted: no user, no mail, its addresses reserved, its data kept until a clock ends it.
 * One that has ended already keeps its times: its retention does not begin again.
 */
export function endMailbox(mailbox: Mailbox, circumstances: Circumstances): Mailbox {
  if (mailbox.deletedAt !== null) {
    return mailbox;
  }
  const { now, policy } = circumstances;
  const purgeAfter = now + days(policy.deleteRetentionDays);
  const ended: Mailbox = {
    ...mailbox,
    ...(mailbox.guardState === 'released' ? {} : noGuard),
    scimUserId: null,
    deletedAt: now,
    purgeAfter,
    wishes: [],
    addresses: mailbox.addresses.map((address) =>
      address.state === 'live'
        ? { ...address, state: 'reserved', validUntil: purgeAfter + days(policy.reserveDays) }
        : address,
    ),
  };
  return { ...withDerivedStatus(ended, circumstances), seat: false };
}

/** A deleted mailbox given back to the person who had it, with the addresses that were reserved for it. */
export function reviveMailbox(
  mailbox: Mailbox,
  facts: UserFacts,
  grants: Grant | AddressGrants,
  circumstances: Circumstances,
): Mailbox {
  return followUser(undeleted(mailbox, circumstances), facts, grants, circumstances);
}

/** A deleted mailbox as it was before, without a user. */
export function undeleted(mailbox: Mailbox, { now, policy }: Circumstances): Mailbox {
  return {
    ...mailbox,
    deletedAt: null,
    purgeAfter: null,
    addresses: mailbox.addresses.map((address) =>
      address.state === 'reserved'
        ? { ...address, state: 'live', validUntil: address.role === 'former' ? now + days(policy.formerDays) : null }
        : address,
    ),
  };
}

/** The mailbox after one of its addresses went to somebody with a better claim. */
export function withoutAddress(
  mailbox: Mailbox,
  key: string,
  wish: AddressWish | undefined,
  circumstances: Pick<Circumstances, 'now' | 'policy'>,
): Mailbox {
  const held = mailbox.addresses.some((address) => addressKey(address) === key && address.state !== 'released');
  const remaining = forgotten(held ? withoutKey(mailbox, key) : mailbox);
  const aliases = mailbox.wishes.filter(({ role }) => role === 'alias');
  return settleSeat(
    mailbox,
    wish === undefined ? remaining : { ...remaining, wishes: [wish, ...aliases] },
    circumstances,
  );
}

/** Of what a purged mailbox gives up not even the row is kept. */
function forgotten(mailbox: Mailbox): Mailbox {
  return mailbox.status === 'purged'
    ? { ...mailbox, addresses: mailbox.addresses.filter(({ state }) => state !== 'released') }
    : mailbox;
}

function withGrants(mailbox: Mailbox, { primary, aliases }: AddressGrants, circumstances: Circumstances): Mailbox {
  const named = primary === undefined ? mailbox : withPrimary(mailbox, primary, circumstances);
  return aliases === undefined ? named : withAliases(named, aliases, circumstances);
}

/** A grant alone is that of the userName. */
function addressGrants(grants: Grant | AddressGrants | undefined): AddressGrants {
  if (grants === undefined) {
    return {};
  }
  return 'kind' in grants ? { primary: { grant: grants, source: 'userName' } } : grants;
}
