import { numberOf, type EntraCase } from './cases.js';

/** Why a group of cases does not run, and which cases those are. */
interface LeftOut {
  readonly reason: string;
  readonly cases: readonly string[];
}

const leftOut: readonly LeftOut[] = [
  { reason: 'TLS ends at the proxy in front', cases: ['H10'] },
  { reason: 'source addresses are the firewall’s matter', cases: ['H11'] },
];

/** Why the case does not run on any machine; `undefined` when it runs. */
export function reasonToLeaveOut(entraCase: EntraCase): string | undefined {
  return leftOut.find(({ cases }) => cases.includes(numberOf(entraCase)))?.reason;
}

/** Every case number of the list, for the test that compares it with the fixture. */
export const numbersLeftOut: readonly string[] = leftOut.flatMap(({ cases }) => cases);
