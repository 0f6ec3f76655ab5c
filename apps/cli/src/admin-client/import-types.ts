/** An account that was there before. */
export interface ImportRow {
  readonly address: string;
  readonly kind?: string;
  readonly aliases?: readonly string[];
  readonly externalId?: string;
  readonly legalHold?: boolean;
}

/** Some rows of an import; `seatsAssumed`: what earlier calls of the same dry run would have taken. */
export interface ImportRequest {
  readonly rows: readonly ImportRow[];
  readonly dryRun?: boolean;
  readonly seatsAssumed?: number;
}

/** What came of a row. */
export interface ImportAnswer {
  readonly outcome: 'made' | 'parked' | 'present' | 'adopted' | 'refused';
  readonly mailboxId?: string;
  readonly reason?: string;
  readonly address?: string;
}
