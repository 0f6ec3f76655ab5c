/** An erasure on request, as the admin REST shows it. */
export interface Erasure {
  readonly id: string;
  readonly userId: string | null;
  readonly mailboxId: string | null;
  readonly reason: string;
  readonly state: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly confirmedBy: string | null;
  readonly confirmedAt: string | null;
  readonly cancelledBy: string | null;
  readonly cancelledAt: string | null;
  readonly completedAt: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly notice: string;
}

/** Whose data is to be erased, by one of the two ids, and why. */
export interface NewErasure {
  readonly userId?: string;
  readonly mailboxId?: string;
  readonly reason: string;
}
