import { availableParallelism, cpus, totalmem } from 'node:os';
import type { BenchServer } from '../dataset/bench-server.js';
import type { Rounds } from '../measure/sides.js';
import { median, spread } from '../measure/statistics.js';
import type { Operation } from '../operations/operation.js';

/** One operation on both servers. Rates in requests a second, latencies in milliseconds. */
export interface OperationFigures {
  readonly operation: string;
  readonly title: string;
  readonly ours: SideFigures;
  readonly bare: SideFigures;
  /** Ours ÷ bare: the median of the rounds' ratios. */
  readonly ratio: number;
  /** Half the distance between the quartiles of the rounds' ratios, as a share of the ratio. */
  readonly spread: number;
  readonly target?: number;
  readonly isReached?: boolean;
  /** Statements of a request, and how often the service waits for the database. */
  readonly statements: number;
  readonly roundTrips: number;
}

export interface SideFigures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** A figure that is not a comparison with the bare server. */
export interface OtherFigure {
  readonly name: string;
  readonly title: string;
  readonly value: number;
  readonly unit: string;
  /** The value is to be at most, or at least, this. */
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly isReached?: boolean;
  readonly note?: string;
}

/** Everything that a run measured. */
export interface BenchReport {
  readonly format: 1;
  readonly measuredAt: string;
  readonly commit: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly engine: string;
  readonly version: string;
  readonly durability: string;
  readonly size: string;
  readonly people: number;
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly connections: number;
  readonly operations: readonly OperationFigures[];
  readonly figures: readonly OtherFigure[];
}

/** What is measured on, without names or places. */
export function machine(): Readonly<Record<string, string | number>> {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

export function engineOf({ engine, version, durability }: BenchServer) {
  return { engine, version, durability };
}

export function figuresOf(
  { name, title, target }: Operation,
  { ours, bare }: Rounds,
  work: { readonly statements: number; readonly roundTrips: number },
): OperationFigures {
  // On a machine that stood still for a whole round nothing can be compared in it.
  const ratios = ours.perSecond.map((rate, round) => rate / (bare.perSecond[round] ?? 0)).filter(Number.isFinite);
  const ratio = median(ratios);
  return {
    operation: name,
    title,
    ours: { perSecond: median(ours.perSecond), p50: ours.p50, p99: ours.p99 },
    bare: { perSecond: median(bare.perSecond), p50: bare.p50, p99: bare.p99 },
    ratio,
    spread: spread(ratios),
    ...(target === undefined ? {} : { target, isReached: ratio >= target }),
    ...work,
  };
}
