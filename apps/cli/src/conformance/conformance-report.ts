import { levels, type Level } from './requirement.js';

/**
 * How a requirement came out: `n/a` where the server is not bound by it, `not tried` where a step on the way failed.
 */
export const outcomes = ['pass', 'fail', 'n/a', 'not tried'] as const;

/** One of `outcomes`. */
export type Outcome = (typeof outcomes)[number];

/** A requirement and how it came out. */
export interface RequirementResult {
  readonly id: string;
  readonly section: string;
  readonly level: Level;
  readonly title: string;
  readonly outcome: Outcome;
  /** Request line, status and what was wrong; for `n/a` the reason. */
  readonly evidence: string;
}

/** Numbers of results by level and outcome. */
export type Counts = Readonly<Record<Level, Readonly<Record<Outcome, number>>>>;

/** The outcome of a run. */
export interface ConformanceReport {
  readonly url: string;
  readonly section: string | undefined;
  readonly requests: number;
  readonly counts: Counts;
  readonly results: readonly RequirementResult[];
  /** Names of resources that could not be deleted. */
  readonly leftBehind: readonly string[];
}

/** Counts results. */
export function countResults(results: readonly RequirementResult[]): Counts {
  const count = (level: Level, outcome: Outcome): number =>
    results.filter((result) => result.level === level && result.outcome === outcome).length;
  const row = (level: Level): Readonly<Record<Outcome, number>> => ({
    pass: count(level, 'pass'),
    fail: count(level, 'fail'),
    'n/a': count(level, 'n/a'),
    'not tried': count(level, 'not tried'),
  });
  return { MUST: row('MUST'), SHOULD: row('SHOULD'), MAY: row('MAY') };
}

/** Whether the server keeps every obligation that binds it, as far as it could be tried. */
export function isConformant({ counts }: ConformanceReport): boolean {
  return counts.MUST.fail === 0 && counts.MUST['not tried'] === 0;
}

/** One line per level: `MUST    120 pass, 0 fail, 40 n/a`. */
export function summaryLines({ counts }: ConformanceReport): readonly string[] {
  return levels.map((level) => {
    const numbers = outcomes.filter((outcome) => outcome !== 'not tried' || counts[level][outcome] > 0);
    return `${level.padEnd(6)} ${numbers.map((outcome) => `${counts[level][outcome]} ${outcome}`).join(', ')}`;
  });
}
