/** How a SCIM request ended, for the person who asks "why is this user missing?". */
export type ProvisioningOutcome = 'success' | 'failure';

/** One SCIM request: who asked, for what, how it ended, and the names (never the values) of what it changed. */
export interface ProvisioningLogEntry {
  /** UUID version 7, so that entries sort by time. */
  readonly id: string;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly tokenId: string;
  readonly requestId: string;
  readonly method: string;
  /** The operation by RFC 7644's names: create, read, query, replace, modify, delete, bulk, discover. */
  readonly operation: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly userName?: string;
  readonly outcome: ProvisioningOutcome;
  readonly status: number;
  readonly scimType?: string;
  readonly detail?: string;
  readonly durationMs: number;
  readonly changes: readonly string[];
}

/** What support may ask of the log; `user` is an id or a userName. */
export interface ProvisioningLogQuery {
  readonly user?: string;
  readonly outcome?: ProvisioningOutcome;
  /** Milliseconds since 1970, UTC. */
  readonly since?: number;
  /** Only requests that are to change something. */
  readonly writesOnly?: boolean;
  /** The id of the last entry of the page before. */
  readonly before?: string;
  readonly limit: number;
}

/** A request as something that it brought about knows it: its id, when it came, and whom it was perhaps about. */
export interface RequestReference {
  readonly requestId: string;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly resourceId?: string;
}
