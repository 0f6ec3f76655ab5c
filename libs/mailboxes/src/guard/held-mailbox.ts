import type { Circumstances } from '../grants.js';
import { days } from '../mail-policy.js';
import type { Mailbox } from '../mailbox.js';
import { settleSeat } from '../seat-settlement.js';
import { endMailbox } from '../transitions.js';
import { isHeldDeletion } from './guard-state.js';

/** A deactivated mailbox whose mail, seat and data stay as they were; `after` is what it would be without the guard. */
export function holdDeactivation(
  before: Mailbox,
  after: Mailbox,
  guardBatchId: string,
  circumstances: Circumstances,
): Mailbox {
  const held: Mailbox = { ...after, guardBatchId, guardState: 'held', eraseAfter: before.eraseAfter };
  return settleSeat(before, held, circumstances);
}

/** The mailbox of a deleted user, without its user and what that one still wished for; everything else stays. */
export function holdDeletion(before: Mailbox, guardBatchId: string, circumstances: Circumstances): Mailbox {
  const held: Mailbox = { ...before, scimUserId: null, wishes: [], guardBatchId, guardState: 'held' };
  return settleSeat(before, held, circumstances);
}

/** The held mailbox after support let the identity provider have its way; its deadlines begin now. */
export function releaseHeld(held: Mailbox, circumstances: Circumstances): Mailbox {
  const released: Mailbox = { ...held, guardState: 'released' };
  if (isHeldDeletion(held)) {
    return endMailbox(released, circumstances);
  }
  const { now, policy, erasesOnDeactivation } = circumstances;
  const eraseAfter = erasesOnDeactivation ? now + days(policy.eraseAfterDays) : held.eraseAfter;
  return settleSeat(held, { ...released, eraseAfter }, circumstances);
}

/**
 * The held mailbox after support took it for a mistake. Of a deleted user it is one without a user, as after a restore:
 * its person, and nobody else, gets it back.
 */
export function rejectHeld(held: Mailbox, circumstances: Circumstances): Mailbox {
  const scimActive = isHeldDeletion(held) ? null : held.scimActive;
  return settleSeat(held, { ...held, guardState: 'rejected', scimActive }, circumstances);
}
