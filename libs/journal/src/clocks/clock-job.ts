import type { EventCause } from '../outbox.js';

/** How much a run of a job did. `skipped` is what was due and had to stay, `failed` what the next run tries again. */
export interface ClockTally {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
}

/** One run of a job on one node. */
export interface ClockPass {
  /** On whose behalf the job changes things; `at` is the time of the database when the run began. */
  readonly cause: EventCause;
  /** To be asked between two short units of work: false when the process stops, or another node has taken over. */
  goesOn(): Promise<boolean>;
}

/**
 * Something that time ends. Every step must be a short transaction that looks again whether it is still due: any number
 * of nodes may run the job at once, and a run may break off anywhere.
 */
export interface ClockJob {
  readonly name: string;
  /** Least time from the beginning of one run to the next, in milliseconds. */
  readonly every: number;
  run(pass: ClockPass): Promise<ClockTally>;
}
