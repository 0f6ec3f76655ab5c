import type { WishReason } from '../mailbox.js';
import type { SeatUsage } from '../seat-ledger.js';

/** What of a mailbox is not as a list of accounts has it. */
export interface FieldDifference {
  readonly field: 'address' | 'role' | 'status' | 'kind' | 'alias' | 'legalHold';
  readonly mapping: string;
  readonly source: string;
}

/** A row of a list, beside the mapping: `key` is null when its address is none, `mailboxId` when nobody has it here. */
export interface RowComparison {
  readonly key: string | null;
  readonly mailboxId: string | null;
  readonly differences: readonly FieldDifference[];
}

/** A mailbox of the tenant that a list does not have. */
export interface ExtraMailbox {
  readonly key: string;
  readonly mailboxId: string;
  readonly userId: string | null;
}

/** Row by row what a list and the mapping have each for itself, and what else a person wants to see beside it. */
export interface ReconcileReport {
  readonly at: number;
  readonly compared: { readonly mailboxes: number; readonly rows: number };
  readonly onlyInMapping: readonly ExtraMailbox[];
  readonly onlyInSource: readonly string[];
  readonly differing: readonly (FieldDifference & { readonly key: string; readonly mailboxId: string })[];
  /** Whether the lists above are cut, so as not to fill the memory. */
  readonly isCut: boolean;
  readonly wishes: WishCounts;
  readonly seats: SeatUsage;
}

/** How many addresses are wanted and not granted, by reason. */
export type WishCounts = Readonly<Partial<Record<WishReason, number>>>;
