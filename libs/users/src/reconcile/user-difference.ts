import type { FollowDifference } from '@cleanmail/mailboxes';

/** Something about a user and a mailbox that does not go together. */
export interface UserDifference {
  /**
   * `userWithoutMailbox`, `mailboxWithoutUser`; the field of a mailbox that does not follow its user; `recipients`: what
   * gateways read does not follow from the mailbox.
   */
  readonly kind: 'userWithoutMailbox' | 'mailboxWithoutUser' | 'recipients' | FollowDifference['field'];
  readonly userId: string | null;
  readonly mailboxId: string | null;
  /** What a person knows the user or the mailbox by, or what is wrong in words. */
  readonly subject: string;
  readonly mapping: string;
  readonly source: string;
}

/** A difference, and what came of its repair; `problem` says why nothing was done. */
export interface RepairedDifference extends UserDifference {
  readonly isRepaired: boolean;
  readonly problem?: string;
}

/** A part of the users and then of the mailboxes of a tenant, and where to go on. */
export interface ReconciledPart<Difference extends UserDifference = UserDifference> {
  readonly differences: readonly Difference[];
  readonly users: number;
  readonly mailboxes: number;
  /** Undefined behind the last part. */
  readonly next?: string;
}
