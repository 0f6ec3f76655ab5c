import type { Invariant } from '@cleanmail/database';
import { addressInvariants } from './address-invariants.js';
import { domainInvariants } from './domain-invariants.js';
import { feedInvariants } from './feed-invariants.js';
import { recipientInvariants } from './recipient-invariants.js';
import { seatInvariants } from './seat-invariants.js';
import { statusInvariants } from './status-invariants.js';

/** What is true of mailboxes, addresses, recipients, seats, domains and the feed between any two transactions. */
export const mailboxInvariants: readonly Invariant[] = [
  ...statusInvariants,
  ...addressInvariants,
  ...recipientInvariants,
  ...seatInvariants,
  ...domainInvariants,
  ...feedInvariants,
];
