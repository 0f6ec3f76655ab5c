import { Database, letOthersIn, newId } from '@cleanmail/database';
import { Logger } from '@nestjs/common';
import type { ClockJob, ClockPass, ClockTally } from './clock-job.js';
import { ClockRepository, type ClockStatus, renewalInterval } from './clock.repository.js';

/** A run that this node did. */
export interface ClockRun extends ClockTally {
  readonly name: string;
  readonly outcome: 'done' | 'failed' | 'stopped';
  readonly durationMs: number;
  readonly error: string | null;
}

/** Which jobs to run. */
export interface ClockRequest {
  /** Only the job of this name. */
  readonly only?: string;
  /** Also those whose last run was not long ago. */
  readonly now?: boolean;
  readonly signal?: AbortSignal;
}

const nothing: ClockTally = { done: 0, skipped: 0, failed: 0 };

/** No job has this name. */
export class UnknownClockJobError extends Error {
  override readonly name = UnknownClockJobError.name;
  readonly code = 'clock_job_not_found';

  constructor(job: string, known: readonly string[]) {
    super(`No clock job is named "${job}"; there are ${known.join(', ')}.`);
  }
}

/** Runs what time ends. Each job is leased by one node at a time, on the database's clock. */
export class Clocks {
  private readonly logger = new Logger(Clocks.name);
  private readonly repository = new ClockRepository();

  constructor(
    private readonly database: Database,
    private readonly jobs: readonly ClockJob[],
  ) {}

  /**
   * Runs the jobs that are due and that no other node is at, one after the other, and answers the runs of this node.
   * @throws UnknownClockJobError
   */
  async run({ only, now = false, signal }: ClockRequest = {}): Promise<readonly ClockRun[]> {
    const jobs = this.jobs.filter(({ name }) => only === undefined || name === only);
    if (only !== undefined && jobs.length === 0) {
      throw new UnknownClockJobError(
        only,
        this.jobs.map(({ name }) => name),
      );
    }
    const last = await this.database.read((session) => this.repository.list(session));
    const runs: ClockRun[] = [];
    for (const job of jobs) {
      if (signal?.aborted !== true && last.get(job.name)?.isRunning !== true) {
        runs.push(...(await this.runOne(job, now ? 0 : job.every, signal)));
      }
    }
    return runs;
  }

  /** Every job with its last run, in the order in which they run. */
  async status(): Promise<readonly ClockStatus[]> {
    const last = await this.database.read((session) => this.repository.list(session));
    return this.jobs.map(({ name }) => last.get(name) ?? neverRun(name));
  }

  private async runOne(job: ClockJob, every: number, signal: AbortSignal | undefined): Promise<readonly ClockRun[]> {
    const { name } = job;
    const holder = newId();
    const at = await this.database.write((session) => this.repository.take(session, name, holder, { every }));
    if (at === undefined) {
      return [];
    }
    const beganAt = performance.now();
    const pass = this.pass(name, holder, at, signal);
    const { tally, error } = await job.run(pass).then(
      (result) => ({ tally: result, error: null }),
      (failure: unknown) => ({ tally: nothing, error: this.inWords(name, failure) }),
    );
    const outcome = error !== null ? 'failed' : signal?.aborted === true ? 'stopped' : 'done';
    const durationMs = Math.round(performance.now() - beganAt);
    await this.database.write((session) =>
      this.repository.finish(session, { name, holder, durationMs }, tally, { outcome, error }),
    );
    return [{ name, ...tally, outcome, durationMs, error }];
  }

  private pass(name: string, holder: string, at: number, signal: AbortSignal | undefined): ClockPass {
    let renewedAt = performance.now();
    return {
      cause: { actor: `clock:${name}`, requestId: holder, at },
      goesOn: async () => {
        await letOthersIn();
        if (signal?.aborted === true) {
          return false;
        }
        if (performance.now() - renewedAt < renewalInterval) {
          return true;
        }
        renewedAt = performance.now();
        return this.database.read((session) => this.repository.renew(session, name, holder));
      },
    };
  }

  /** Messages of database errors quote values of people, so that only the error's kind is kept. */
  private inWords(name: string, failure: unknown): string {
    const kind = failure instanceof Error ? failure.name : typeof failure;
    this.logger.error(`the clock job ${name} failed: ${kind}`);
    return `${kind}; the log of the service has more, and the next run tries again`;
  }
}

function neverRun(name: string): ClockStatus {
  return {
    ...{ name, isRunning: false, startedAt: null, finishedAt: null, durationMs: null, outcome: null, error: null },
    ...nothing,
  };
}
