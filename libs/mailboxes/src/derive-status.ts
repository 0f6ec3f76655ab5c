import { type Mailbox, type MailboxStatus, primaryAddress } from './mailbox.js';

/** A status and why it is so; `active` needs no reason. */
export interface DerivedStatus {
  readonly status: MailboxStatus;
  readonly reason: string | null;
}

/**
 * The one rule that says what a mailbox's status is, from what is known about it and never from how it got there.
 * Support's word stands above the identity provider's; an address that is not granted stands above both.
 */
export function deriveStatus(mailbox: Omit<Mailbox, 'status' | 'statusReason' | 'statusSince'>): DerivedStatus {
  if (mailbox.deletedAt !== null) {
    return { status: 'deleted', reason: mailbox.adminState === 'suspended' ? 'admin' : 'scim' };
  }
  if (primaryAddress(mailbox) === undefined) {
    return { status: 'pending', reason: mailbox.wishes[0]?.reason ?? 'address_missing' };
  }
  if (mailbox.adminState === 'suspended') {
    return { status: 'suspended', reason: 'admin' };
  }
  if (mailbox.adminState === 'none' && mailbox.scimActive === false) {
    return { status: 'suspended', reason: 'scim' };
  }
  return { status: 'active', reason: mailbox.adminState === 'forced_active' ? 'admin' : null };
}

/** The mailbox with its status derived anew; `statusSince` moves only when the status or its reason does. */
export function withDerivedStatus(mailbox: Mailbox, now: number): Mailbox {
  const { status, reason } = deriveStatus(mailbox);
  const isUnchanged = status === mailbox.status && reason === mailbox.statusReason;
  return { ...mailbox, status, statusReason: reason, statusSince: isUnchanged ? mailbox.statusSince : now };
}
