import { type MailPolicy, hours } from './mail-policy.js';
import { type Mailbox, type MailboxStatus, primaryAddress, primaryWish } from './mailbox.js';

/** A status and why it is so; `active` needs no reason, but can have one. */
export interface DerivedStatus {
  readonly status: MailboxStatus;
  readonly reason: string | null;
}

/** What of a mailbox its status follows from. */
type Inputs = Pick<Mailbox, 'deletedAt' | 'adminState' | 'scimActive' | 'addresses' | 'wishes' | 'guardState'>;

/**
 * The one rule that says what a mailbox's status is, from what is known about it and never from how it got there.
 * Support's word stands above the identity provider's, its tenant's suspension above both, and an address or a seat
 * that is not granted above all of them.
 */
export function deriveStatus(mailbox: Inputs, isTenantSuspended = false): DerivedStatus {
  if (mailbox.deletedAt !== null) {
    return { status: 'deleted', reason: mailbox.adminState === 'suspended' ? 'admin' : 'scim' };
  }
  const wish = primaryWish(mailbox);
  if (primaryAddress(mailbox) === undefined || wish?.reason === 'seat_limit') {
    return { status: 'pending', reason: wish?.reason ?? 'address_missing' };
  }
  if (isTenantSuspended) {
    return { status: 'suspended', reason: 'tenant' };
  }
  if (mailbox.adminState === 'suspended') {
    return { status: 'suspended', reason: 'admin' };
  }
  if (mailbox.adminState === 'forced_active') {
    return { status: 'active', reason: 'admin' };
  }
  return wordOfProvider(mailbox);
}

/** What the identity provider says counts, unless the deprovision guard holds its effect or support has rejected it. */
function wordOfProvider({ guardState, scimActive }: Pick<Inputs, 'guardState' | 'scimActive'>): DerivedStatus {
  if (guardState === 'held') {
    return { status: 'active', reason: 'guard_held' };
  }
  if (scimActive !== false) {
    return { status: 'active', reason: null };
  }
  return guardState === 'rejected'
    ? { status: 'active', reason: 'guard_rejected' }
    : { status: 'suspended', reason: 'scim' };
}

/** Whether the mailbox is one that takes a seat: a user's, active but for a suspension of its whole tenant. */
export function takesSeat(mailbox: Inputs & Pick<Mailbox, 'kind'>): boolean {
  return mailbox.kind === 'user' && deriveStatus(mailbox).status === 'active';
}

/** What a status is derived with besides the mailbox. */
export interface StatusCircumstances {
  readonly now: number;
  readonly policy: Pick<MailPolicy, 'inactiveGraceHours'> & { readonly isTenantSuspended: boolean };
}

/**
 * The mailbox with its status derived anew. `statusSince` moves only when the status or its reason does; the time of
 * grace begins when the mailbox ceases to be active, and no later change of the reason begins it again. Nothing leads
 * back from `purged`: it says that the data is gone, and since when.
 */
export function withDerivedStatus(mailbox: Mailbox, { now, policy }: StatusCircumstances): Mailbox {
  if (mailbox.status === 'purged') {
    return mailbox;
  }
  const { status, reason } = deriveStatus(mailbox, policy.isTenantSuspended);
  const isUnchanged = status === mailbox.status && reason === mailbox.statusReason;
  const derived = { ...mailbox, status, statusReason: reason, statusSince: isUnchanged ? mailbox.statusSince : now };
  if (status !== 'suspended') {
    return { ...derived, graceUntil: null };
  }
  return mailbox.status === 'suspended' ? derived : { ...derived, graceUntil: graceEnd(now, { now, policy }) };
}

/** When the grace of a suspension ends that began then; null when it is over or there is none. */
export function graceEnd(since: number, { now, policy }: StatusCircumstances): number | null {
  const end = since + hours(policy.inactiveGraceHours);
  return end > now ? end : null;
}
