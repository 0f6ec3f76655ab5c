import { readFileSync } from 'node:fs';

/** What the delivery of events is told from outside. */
export interface EventSettings {
  /** From it the keys are derived that seal secrets and sign security event tokens; the same on every node. */
  readonly pepper: string;
  /** Networks in CIDR form, addresses, and host names that may be reached although they are private. */
  readonly allowPrivate: readonly string[];
  /** A receiver that has answered nothing well for so many days is disabled; 0: never. */
  readonly disableAfterDays: number;
  /** Who issues security event tokens. */
  readonly issuer: string;
  /** Milliseconds that a delivery may take. */
  readonly timeouts: { readonly connect: number; readonly headers: number; readonly whole: number };
  /** Days for which receipts are kept, and for which dead letters are; 0: for ever. */
  readonly receiptDays: number;
  readonly deadLetterDays: number;
}

/** Provides {@link EventSettings}. */
export const EVENT_SETTINGS = Symbol('EVENT_SETTINGS');

/** Times of a delivery, in milliseconds. */
export const defaultTimeouts: EventSettings['timeouts'] = { connect: 5000, headers: 15_000, whole: 15_000 };

/** What is said of the sender in `User-Agent`. */
export const userAgent = `cleanmail-events/${packageVersion()}`;

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { readonly version: string }).version;
}
