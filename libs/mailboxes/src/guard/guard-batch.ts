/** `closed`: the tenant was closed while the batch was open. */
export type GuardBatchStatus = 'open' | 'released' | 'rejected' | 'closed';

/** What support may do with a batch. */
export type GuardDecision = Extract<GuardBatchStatus, 'released' | 'rejected'>;

/** Leavers of a tenant beyond its threshold, whose effect on mail waits for support. Milliseconds since 1970, UTC. */
export interface GuardBatch {
  readonly id: string;
  readonly status: GuardBatchStatus;
  /** How many leavers within an hour took effect when the batch was opened. */
  readonly threshold: number;
  readonly openedAt: number;
  readonly decidedAt: number | null;
  readonly decidedBy: string | null;
  /** When all of its mailboxes had followed the decision; null while they do. */
  readonly settledAt: number | null;
  /** Whether a deactivation starts the erasure of profile data. */
  readonly erases: boolean;
  /** Held deactivations: now, or when it was decided. */
  readonly deactivations: number;
  readonly deletions: number;
}
