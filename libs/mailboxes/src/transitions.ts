import { newId } from '@cleanmail/database';
import type { CanonicalAddress } from './address-codec.js';
import { withDerivedStatus } from './derive-status.js';
import { days, type MailPolicy } from './mail-policy.js';
import { addressKey, type AddressWish, type Mailbox, type MailboxAddress, primaryAddress } from './mailbox.js';

/** What a SCIM user says about the mailbox account that belongs to it. */
export interface UserFacts {
  readonly userId: string;
  readonly userName: string;
  readonly externalId: string | null;
  readonly active: boolean;
}

/** Whether the address that a user asks for can be had, and on what ground. */
export type Grant =
  | { readonly kind: 'granted'; readonly address: CanonicalAddress; readonly basis: MailboxAddress['basis'] }
  | { readonly kind: 'parked'; readonly wish: AddressWish };

/** The clock, the tenant's policy, and whether its service erases the data of deactivated users. */
export interface Circumstances {
  readonly now: number;
  readonly policy: MailPolicy;
  readonly erasesOnDeactivation: boolean;
}

/** A mailbox for a user who has none. */
export function newMailbox(facts: UserFacts, grant: Grant, circumstances: Circumstances): Mailbox {
  const blank: Mailbox = {
    id: newId(),
    scimUserId: facts.userId,
    externalId: facts.externalId,
    origin: 'scim',
    kind: 'user',
    scimActive: null,
    adminState: 'none',
    legalHold: false,
    inactiveMailPolicy: null,
    status: 'pending',
    statusReason: null,
    statusSince: circumstances.now,
    createdAt: circumstances.now,
    deletedAt: null,
    purgeAfter: null,
    eraseAfter: null,
    rowVersion: 1,
    addresses: [],
    wishes: [],
  };
  return followUser(blank, facts, grant, circumstances);
}

/**
 * The mailbox after its user was created, changed or found again: link, activity and address follow the user.
 * Without a grant the address stays as it is.
 */
export function followUser(
  mailbox: Mailbox,
  facts: UserFacts,
  grant: Grant | undefined,
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
    eraseAfter: facts.active ? null : eraseAfter,
  };
  return withDerivedStatus(grant === undefined ? linked : withGrant(linked, grant, circumstances), now);
}

/** The mailbox after its user was deleted: no user, no mail, its addresses reserved, its data kept until a clock ends it. */
export function endMailbox(mailbox: Mailbox, { now, policy }: Circumstances): Mailbox {
  const purgeAfter = now + days(policy.deleteRetentionDays);
  const ended: Mailbox = {
    ...mailbox,
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
  return withDerivedStatus(ended, now);
}

/** A deleted mailbox given back to the person who had it, with the addresses that were reserved for it. */
export function reviveMailbox(mailbox: Mailbox, facts: UserFacts, grant: Grant, circumstances: Circumstances): Mailbox {
  const { now, policy } = circumstances;
  const revived: Mailbox = {
    ...mailbox,
    deletedAt: null,
    purgeAfter: null,
    addresses: mailbox.addresses.map((address) =>
      address.state === 'reserved'
        ? { ...address, state: 'live', validUntil: address.role === 'former' ? now + days(policy.formerDays) : null }
        : address,
    ),
  };
  return followUser(revived, facts, grant, circumstances);
}

/** The mailbox after one of its addresses went to somebody with a better claim. */
export function withoutAddress(mailbox: Mailbox, key: string, wish: AddressWish | undefined, now: number): Mailbox {
  const remaining: Mailbox = {
    ...mailbox,
    addresses: mailbox.addresses.map((address) =>
      addressKey(address) === key && address.state !== 'released'
        ? { ...address, state: 'released', validUntil: null }
        : address,
    ),
    wishes: wish === undefined ? mailbox.wishes : [wish],
  };
  return withDerivedStatus(remaining, now);
}

function withGrant(mailbox: Mailbox, grant: Grant, circumstances: Circumstances): Mailbox {
  if (grant.kind === 'parked') {
    return { ...mailbox, wishes: [grant.wish] };
  }
  const { address, basis } = grant;
  const current = primaryAddress(mailbox);
  if (current !== undefined && addressKey(current) === address.key) {
    const sameKey = { ...current, localDisplay: address.localDisplay };
    return { ...mailbox, wishes: [], addresses: mailbox.addresses.map((held) => (held === current ? sameKey : held)) };
  }
  const others = mailbox.addresses
    .filter((held) => held.state === 'released' || addressKey(held) !== address.key)
    .map((held) => (held === current ? asFormer(held, circumstances) : held));
  const own = mailbox.addresses.find((held) => held.state !== 'released' && addressKey(held) === address.key);
  return { ...mailbox, wishes: [], addresses: [...others, asPrimary(address, basis, own, circumstances.now)] };
}

function asFormer(address: MailboxAddress, { now, policy }: Circumstances): MailboxAddress {
  return { ...address, role: 'former', validUntil: now + days(policy.formerDays) };
}

/** A new primary address, or an own former one taken up again under its id. */
function asPrimary(
  { localKey, localDisplay, domainAscii }: CanonicalAddress,
  basis: MailboxAddress['basis'],
  own: MailboxAddress | undefined,
  now: number,
): MailboxAddress {
  return {
    id: own?.id ?? newId(),
    localKey,
    localDisplay,
    domainAscii,
    role: 'primary',
    source: 'userName',
    basis,
    state: 'live',
    createdAt: own?.createdAt ?? now,
    validUntil: null,
  };
}
