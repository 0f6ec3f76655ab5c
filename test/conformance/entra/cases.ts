import { readFileSync } from 'node:fs';

/** A follow-up request of a case; it carries the case's token. */
export interface FollowUp {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly expect: Expectation;
}

/** Acceptable status codes and, in prose, what else must hold. */
export interface Expectation {
  readonly status: readonly number[];
  readonly checks: readonly string[];
}

/** One recorded or documented request of Entra, its validators or its neighbours, with the answer it needs. */
export interface EntraCase {
  readonly id: string;
  readonly evidence: 'documented' | 'recorded' | 'reported' | 'inferred';
  readonly tags: readonly string[];
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly precondition: string;
  readonly expect: Expectation;
  readonly then?: readonly FollowUp[];
}

const file = new URL('../../fixtures/entra/cases.json', import.meta.url);

/** Every case of the fixture, in file order. */
export const entraCases: readonly EntraCase[] = JSON.parse(readFileSync(file, 'utf8')) as EntraCase[];

/** The case whose id starts with the given letter and number, for example `C03`. */
export function caseNumbered(number: string): EntraCase {
  const found = entraCases.find((entraCase) => numberOf(entraCase) === number);
  if (found === undefined) throw new Error(`the fixture has no case ${number}`);
  return found;
}

/** `U04b` of `U04b-disable-recorded-order`. */
export function numberOf(entraCase: EntraCase): string {
  return entraCase.id.slice(0, entraCase.id.indexOf('-'));
}

/** Every check sentence of a case, those of its follow-ups included. */
export function sentencesOf(entraCase: EntraCase): readonly string[] {
  return [entraCase.expect, ...(entraCase.then ?? []).map((followUp) => followUp.expect)].flatMap(
    ({ checks }) => checks,
  );
}
