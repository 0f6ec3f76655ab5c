import type { Side } from '../operations/operation.js';
import type { World } from '../world.js';

/** What the client process is asked to do. */
export interface LoadJob {
  readonly kind: 'closed' | 'open';
  readonly origin: string;
  readonly operation: string;
  readonly side: Side;
  readonly world: World;
  /** Where the operation's requests go on; see {@link LoadResult.used}. */
  readonly firstSequence: number;
  readonly seconds: number;
  readonly connections: number;
  /** Requests a second of an open loop. */
  readonly rate?: number;
}

/** What came of it. Latencies in milliseconds. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly used: number;
  /** Answers that were not as they must be; empty in a run that counts. */
  readonly wrong: readonly string[];
}

/** A request as it goes on the wire. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly status: number;
}

/** The requests of a job, one after the other; undefined when there are no more. */
export interface RequestSource {
  next(): WireRequest | undefined;
  readonly used: number;
}

const mostWrong = 5;

/** Counts answers, and keeps the first wrong ones. */
export class Outcomes {
  private right = 0;
  private readonly wrong: string[] = [];

  answered(status: number, wanted: number, body: string): void {
    if (status === wanted) this.right += 1;
    else this.failed(`${status} instead of ${wanted}: ${body.slice(0, 300)}`);
  }

  failed(problem: string): void {
    if (this.wrong.length < mostWrong) this.wrong.push(problem);
  }

  result(measured: Pick<LoadResult, 'seconds' | 'p50' | 'p99' | 'used'>): LoadResult {
    const perSecond = measured.seconds > 0 ? this.right / measured.seconds : 0;
    return { ...measured, requests: this.right, perSecond, wrong: this.wrong };
  }
}
