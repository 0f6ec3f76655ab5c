import type { MailboxKind, WishReason } from '../mailbox.js';

/** An account that was there before: what becomes a mailbox of origin `import`. */
export interface ImportRow {
  readonly address: string;
  /** Left out: a user's, which the identity provider's `userType` may change where the policy lets it. */
  readonly kind?: MailboxKind;
  readonly aliases: readonly string[];
  /** With it, only the user who comes with the same one gets the mailbox. */
  readonly externalId?: string;
  readonly legalHold?: boolean;
}

/**
 * What came of a row. `made`: there is a mailbox now. `parked`: there is one that waits, for its domain or a seat.
 * `present`: a mailbox without a user has the address already. `adopted`: the mailbox of a user has it, and stands for
 * the row. `refused`: nothing was done.
 */
export type ImportOutcome = 'made' | 'parked' | 'present' | 'adopted' | 'refused';

/** The answer to a row. */
export interface ImportAnswer {
  readonly outcome: ImportOutcome;
  readonly mailboxId?: string;
  /** Why it waits or was refused. */
  readonly reason?: WishReason;
  /** The address that the reason is about, when it was refused. */
  readonly address?: string;
}
