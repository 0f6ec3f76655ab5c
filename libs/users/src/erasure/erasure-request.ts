/** Where an erasure stands: asked for, taken back, out of time, confirmed, under way, or over. */
export type ErasureState = 'requested' | 'cancelled' | 'expired' | 'confirmed' | 'erasing' | 'done';

/** What an erasure has changed so far. */
export interface ErasureCounts {
  readonly users: number;
  readonly mailboxes: number;
  readonly logEntries: number;
  readonly auditEntries: number;
}

/** How far an erasure is: what it has changed, and the last ids that its walks through the journals have looked at. */
export interface ErasureProgress extends ErasureCounts {
  readonly logAfter?: string;
  readonly auditAfter?: string;
}

/** A request to erase a person. Times are milliseconds since 1970, UTC, of the database. */
export interface ErasureRequest {
  readonly id: string;
  readonly userId: string | null;
  readonly mailboxId: string | null;
  readonly reason: string;
  readonly state: ErasureState;
  readonly requestedBy: string;
  readonly requestedAt: number;
  /** Until when it can be confirmed. */
  readonly expiresAt: number;
  readonly confirmedBy: string | null;
  readonly confirmedAt: number | null;
  readonly cancelledBy: string | null;
  readonly cancelledAt: number | null;
  readonly completedAt: number | null;
  readonly progress: ErasureProgress;
}

/** Whose data is to be erased: the person of a user or of a mailbox, never both given. */
export interface ErasureSubject {
  readonly userId?: string | undefined;
  readonly mailboxId?: string | undefined;
}

/** How long an erasure that was asked for can be confirmed, in milliseconds: seven days. */
export const confirmationPeriod = 7 * 86_400_000;

export const noProgress: ErasureProgress = { users: 0, mailboxes: 0, logEntries: 0, auditEntries: 0 };
