/** In which form events are sent: JSON as Standard Webhooks have it, or security event tokens (RFC 8417, RFC 9967). */
export const receiverFormats = ['standard-webhooks', 'set'] as const;
/** One of {@link receiverFormats}. */
export type ReceiverFormat = (typeof receiverFormats)[number];

/** `disabled`: it failed for days, and somebody must activate it again. */
export type ReceiverStatus = 'active' | 'paused' | 'disabled';

/** An internal service that hears of events. Times are milliseconds since 1970, UTC. */
export interface Receiver {
  readonly id: string;
  readonly name: string;
  /** Where events are posted to; null when the service fetches them. */
  readonly url: string | null;
  readonly format: ReceiverFormat;
  readonly status: ReceiverStatus;
  /** Only events of these tenants, and of these types; null: of all. */
  readonly tenants: readonly string[] | null;
  readonly types: readonly string[] | null;
  /** How many events are on their way to it at once, at most, from each node. */
  readonly concurrency: number;
  /** Since when nothing was answered well. */
  readonly failingSince: number | null;
  /** Nothing is sent before: it just failed many times in a row. */
  readonly notBefore: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Until when deliveries are signed with the secret before, too. */
  readonly formerUntil: number | null;
}

/** A receiver with its secrets, sealed, for those who sign. */
export interface SealedReceiver extends Receiver {
  readonly secret: string;
  readonly formerSecret: string | null;
}

/** Whether the receiver hears of a tenant at all. */
export function hearsOf({ tenants }: Pick<Receiver, 'tenants'>, tenant: string): boolean {
  return tenants?.includes(tenant) ?? true;
}

/** Whether the receiver wants events of a type; that it must start anew is told to everybody. */
export function wantsType({ types }: Pick<Receiver, 'types'>, type: string): boolean {
  return types === null || types.includes(type) || type === resetType;
}

/** Tells a receiver that events of a tenant have ended before they could be delivered: it reads the tenant anew. */
export const resetType = 'feed.reset';

/** A trial that was asked for by hand. */
export const testType = 'receiver.test';
