import { randomBytes } from 'node:crypto';

import { enterpriseSchema, workEmail, type UserState } from './attributes.js';
import type { PatchDialect } from './patch-dialect.js';
import type { SimulationDialect } from './simulation-options.js';

/** A simulated person: what Entra knows of them first and later, and how their job writes PATCH. */
export interface Person {
  readonly index: number;
  readonly dialect: PatchDialect;
  readonly joined: UserState;
  /** What the changes phase sets. */
  readonly changes: UserState;
  /** What the rename phase sets. */
  readonly renamed: UserState;
}

const givenNames: readonly (readonly [string, string])[] = [
  ['Jürg', 'Juerg'],
  ['Zoë', 'Zoe'],
  ['Søren', 'Soren'],
  ['Anne-Marie', 'AnneMarie'],
  ['Łukasz', 'Lukasz'],
  ['美咲', 'Misaki'],
  ['Noémie', 'Noemie'],
  ['Ahmed', 'Ahmed'],
  ['Chloe', 'Chloe'],
  ['Olivier', 'Olivier'],
];
const familyNames: readonly (readonly [string, string])[] = [
  ['Müller', 'Mueller'],
  ["O'Connor", 'OConnor'],
  ['van der Berg', 'vanderBerg'],
  ['Nuñez', 'Nunez'],
  ['Šimek', 'Simek'],
  ['Rossi', 'Rossi'],
  ['佐藤', 'Sato'],
  ['Smith-Jones', 'SmithJones'],
  ['Dupré', 'Dupre'],
];
const departments = ['Finance', 'Legal', 'Engineering', 'Support & Care'];

/**
 * The people of a run; the same seed, domain and dialect make the same people. Only the name after the rename is new
 * in each run, so that a run can be repeated on the users that an earlier one kept.
 */
export function createPeople(count: number, seed: number, domain: string, dialect: SimulationDialect): Person[] {
  const random = seededRandom(seed);
  const run = { tag: (seed >>> 0).toString(36), nonce: randomBytes(3).toString('hex'), domain };
  return Array.from({ length: count }, (_, index) => createPerson(index, run, dialectOf(index, dialect), random));
}

interface Run {
  readonly tag: string;
  readonly nonce: string;
  readonly domain: string;
}

function createPerson(index: number, run: Run, dialect: PatchDialect, random: () => number): Person {
  const [givenName, asciiGiven] = pick(givenNames, random);
  const [familyName, asciiFamily] = pick(familyNames, random);
  const [newFamilyName, asciiNewFamily] = pick(familyNames, random);
  const department = pick(departments, random);
  const address = (family: string): string => `${asciiGiven}.${family}.${run.tag}-${index}@${run.domain}`;
  const externalId = `${asciiGiven.toLowerCase()}.${run.tag}.${index}`;
  const joined: UserState = {
    userName: address(asciiFamily),
    externalId,
    active: true,
    displayName: `${givenName} ${familyName}`,
    title: 'Employee',
    'name.formatted': `${givenName} ${familyName}`,
    'name.givenName': givenName,
    'name.familyName': familyName,
    [workEmail]: address(asciiFamily),
    [`${enterpriseSchema}:employeeNumber`]: String(100_000 + index),
    [`${enterpriseSchema}:department`]: department,
  };
  const changes: UserState = {
    displayName: `${givenName} ${newFamilyName} (new)`,
    nickName: asciiGiven.slice(0, 3),
    [workEmail]: `mail.${address(asciiNewFamily)}`,
    'name.givenName': `${givenName} B.`,
    'name.familyName': newFamilyName,
    externalId: externalId.toUpperCase(),
    [`${enterpriseSchema}:employeeNumber`]: String(500_000 + index),
  };
  const renamed: UserState = { userName: `Renamed.${run.nonce}.${address(asciiNewFamily)}` };
  return { index, dialect, joined, changes, renamed };
}

function dialectOf(index: number, dialect: SimulationDialect): PatchDialect {
  if (dialect !== 'both') return dialect;
  return index % 2 === 0 ? 'default' : 'aadOptscim062020';
}

function pick<Value>(values: readonly Value[], random: () => number): Value {
  return values[Math.floor(random() * values.length)] as Value;
}

/** The mulberry32 generator: numbers from 0 up to 1. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
