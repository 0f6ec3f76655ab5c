import type { TenantId } from '@cleanmail/database';

/** `accepted`: the receiver took the event, and will say later that it is done. */
export type ReceiptState = 'open' | 'accepted' | 'done' | 'failed';

/** Events that end somebody's access, whose acknowledgements are kept. */
export const deprovisioningTypes: readonly string[] = [
  'mailbox.suspended',
  'mailbox.deleted',
  'mailbox.purged',
  'mailbox.erased',
];

/** What one receiver said of an event. Times are milliseconds since 1970, UTC. */
export interface Acknowledgement {
  readonly receiver: string;
  readonly state: ReceiptState;
  readonly deliveredAt: number | null;
  readonly acknowledgedAt: number | null;
  readonly detail: string | null;
}

/** One event of a leaver, from the request on to the last acknowledgement. */
export interface Receipt {
  readonly eventId: string;
  readonly tenantId: TenantId;
  readonly version: number;
  readonly position: number;
  readonly type: string;
  readonly mailboxId: string | null;
  readonly userId: string | null;
  readonly requestedAt: number;
  /** Whether every receiver has said that it is done. */
  readonly isComplete: boolean;
  /** From the request to the last acknowledgement, in milliseconds; null while one is open. */
  readonly durationMs: number | null;
  readonly acknowledgements: readonly Acknowledgement[];
}
