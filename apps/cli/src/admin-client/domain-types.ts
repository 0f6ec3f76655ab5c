/** A mail domain of a tenant, as the admin REST shows it. */
export interface Domain {
  readonly id: string;
  readonly domain: string;
  readonly domainAscii: string;
  readonly status: string;
  readonly verification: { readonly type: string; readonly name: string; readonly value: string };
  readonly verifiedBy?: string | null;
  readonly verifiedAt?: string | null;
  readonly lastCheckAt?: string | null;
  readonly checkFailedSince?: string | null;
  readonly unknownRecipientPolicy: string;
  readonly subaddressing: string;
  readonly nextHop?: string | null;
  readonly transferTo?: string | null;
  readonly waitingMailboxes?: number;
  readonly createdAt: string;
}

/** What can be set on a domain; a `nextHop` of null is the gateway's default. */
export interface DomainChange {
  readonly unknownRecipientPolicy?: string;
  readonly subaddressing?: string;
  readonly nextHop?: string | null;
}

/** A run of a clock job. */
export interface ClockRun {
  readonly name: string;
  readonly outcome?: string | null;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly durationMs?: number | null;
  readonly error?: string | null;
}

/** A clock job with its last run. */
export interface ClockStatus extends ClockRun {
  readonly isRunning: boolean;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
}
