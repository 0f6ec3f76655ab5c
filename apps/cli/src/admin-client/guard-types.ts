/** A batch of leavers whose effect on mail waits or waited for support, as the admin REST shows it. */
export interface GuardBatch {
  readonly id: string;
  readonly status: string;
  readonly threshold: number;
  readonly deactivations: number;
  readonly deletions: number;
  readonly openedAt: string;
  readonly decidedAt?: string | null;
  readonly decidedBy?: string | null;
  readonly settledAt?: string | null;
}
