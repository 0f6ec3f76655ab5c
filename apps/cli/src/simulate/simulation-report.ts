/** Latency of a set of requests in milliseconds; zeros when there were none. */
export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** An answer that Entra would stumble over. `status` 0 means that no answer came. */
export interface UnexpectedAnswer {
  readonly phase: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly expected: string;
  readonly detail: string;
}

/** What one phase did; `skipped` says why it did nothing. */
export interface PhaseReport {
  readonly name: string;
  readonly requests: number;
  readonly durationMs: number;
  readonly latency: LatencySummary;
  readonly skipped?: string;
}

/** The outcome of a simulated provisioning job. */
export interface SimulationReport {
  readonly tenantUrl: string;
  readonly seed: number;
  readonly users: number;
  readonly concurrency: number;
  readonly dialect: string;
  readonly requests: number;
  readonly durationMs: number;
  readonly requestsPerSecond: number;
  readonly latency: LatencySummary;
  /** Requests per status; key `0` counts requests without an answer. */
  readonly statusCounts: Readonly<Record<string, number>>;
  /** Answers 429 that were waited out. */
  readonly throttled: number;
  readonly phases: readonly PhaseReport[];
  readonly unexpectedCount: number;
  /** The first unexpected answers, at most `unexpectedKept`. */
  readonly unexpected: readonly UnexpectedAnswer[];
}

/** How many unexpected answers a report holds in full. */
export const unexpectedKept = 200;
