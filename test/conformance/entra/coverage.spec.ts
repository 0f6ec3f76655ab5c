import { describe, expect, it } from '@jest/globals';
import type { ProfileName } from '../client/admin-client.js';
import { entraCases, numberOf, sentencesOf } from './cases.js';
import { checks, sentencesDefinedTwice } from './checks/index.js';
import { remarks } from './checks/remarks.js';
import { decidedChecks, decidedExpectations } from './design-decisions.js';
import { drives } from './drives.js';
import { numbersLeftOut, reasonToLeaveOut } from './left-out.js';
import { casesFor, casesWithOwnService } from './plan.js';
import { preconditions } from './preconditions/index.js';
import { checkFor, expectationOf } from './run-case.js';

const profiles: readonly ProfileName[] = ['cleanmail', 'alinto-protect', 'sendsafely'];
const numbers = entraCases.map(numberOf);
const planned = new Set(profiles.flatMap((profile) => casesFor(profile)));

describe('coverage of the Entra cases', () => {
  it('should read all 167 cases, each with its own number', () => {
    expect(numbers).toHaveLength(167);
    expect(new Set(numbers).size).toBe(167);
  });

  it('should plan each case, give it a service of its own, or leave it out with a reason', () => {
    const uncovered = entraCases.filter(
      (each) =>
        !planned.has(each) && !casesWithOwnService.includes(numberOf(each)) && reasonToLeaveOut(each) === undefined,
    );
    expect(uncovered.map(({ id }) => id)).toEqual([]);
  });

  it('should leave out nothing that runs', () => {
    const both = entraCases.filter((each) => reasonToLeaveOut(each) !== undefined && planned.has(each));
    expect(both.map(({ id }) => id)).toEqual([]);
  });

  it('should have an assertion for every check sentence of a planned case, or a reason why it is a remark', () => {
    const sentences = [...planned].flatMap((each) => [
      ...expectationOf(each).checks,
      ...(each.then ?? []).flatMap((followUp) => followUp.expect.checks),
    ]);
    expect(
      sentences.filter((sentence) => checkFor(sentence) === undefined && !Object.hasOwn(remarks, sentence)),
    ).toEqual([]);
  });

  it('should have no assertion, remark, set-up or exception for something the fixture does not hold', () => {
    const sentences = new Set(entraCases.flatMap(sentencesOf));
    expect([...checks.keys(), ...Object.keys(remarks)].filter((sentence) => !sentences.has(sentence))).toEqual([]);
    const decided = Object.values(decidedExpectations).flatMap((expectation) => expectation.checks);
    expect(Object.keys(decidedChecks).filter((sentence) => !decided.includes(sentence))).toEqual([]);
    const named = [preconditions, drives, decidedExpectations]
      .flatMap(Object.keys)
      .concat(numbersLeftOut, casesWithOwnService);
    expect(named.filter((number) => !numbers.includes(number))).toEqual([]);
  });

  it('should define each sentence once, as an assertion or as a remark', () => {
    expect([...sentencesDefinedTwice, ...Object.keys(remarks).filter((sentence) => checks.has(sentence))]).toEqual([]);
  });
});
