/** Something about a user and a mailbox that does not go together. */
export interface UserDifference {
  readonly kind: string;
  readonly userId: string | null;
  readonly mailboxId: string | null;
  readonly subject: string;
  readonly mapping: string;
  readonly source: string;
  readonly isRepaired?: boolean;
  readonly problem?: string;
}

/** What was found in a part of a tenant. */
export interface ReconciledPart {
  readonly items: readonly UserDifference[];
  readonly users: number;
  readonly mailboxes: number;
  readonly wishes?: Readonly<Record<string, number>>;
  readonly nextCursor?: string;
}

/** A row of a list beside the mapping. */
export interface RowComparison {
  readonly key: string | null;
  readonly mailboxId: string | null;
  readonly differences: readonly { readonly field: string; readonly mapping: string; readonly source: string }[];
}

/** A recipient as a gateway should have it. */
export interface Recipient {
  readonly key: string;
  readonly action: string;
  readonly primary: string;
  readonly mailboxId: string;
}

/** What the recipients of a tenant come to. */
export interface RecipientsDigest {
  readonly version: number | null;
  readonly count: number | null;
  readonly digest: string | null;
}
