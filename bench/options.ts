import { parseArgs } from 'node:util';
import type { Pace } from './measure/sides.js';
import { operationNamed, operations } from './operations/index.js';
import type { Operation } from './operations/operation.js';
import type { WorldSize } from './world.js';

export type EngineName = 'mariadb' | 'mysql' | 'sqlite';

/** What a run of the benchmark does. */
export interface BenchOptions {
  readonly engine: EngineName;
  readonly sizeName: SizeName;
  readonly size: WorldSize;
  readonly pace: Pace;
  readonly operations: readonly Operation[];
  /** Also the figures that are no comparison of two servers: memory, start, Bulk, growth. */
  readonly withFigures: boolean;
  readonly nodes: number;
  readonly jsonFile?: string;
  readonly compareFile?: string;
  readonly profile?: Operation;
  readonly clean: boolean;
}

/** Thrown with one line for the terminal when an option is wrong. */
export class BenchOptionError extends Error {}

/** How large the worlds are, by the names of --size. */
export const worldSizes = {
  tiny: { people: 200, others: 2, othersPeople: 20, scratchPeople: 200 },
  '1k': { people: 1000, others: 20, othersPeople: 100, scratchPeople: 20_000 },
  '100k': { people: 100_000, others: 20, othersPeople: 500, scratchPeople: 20_000 },
  '1m': { people: 1_000_000, others: 20, othersPeople: 500, scratchPeople: 20_000 },
} as const satisfies Readonly<Record<string, WorldSize>>;

export type SizeName = keyof typeof worldSizes;

const engines: readonly EngineName[] = ['mariadb', 'mysql', 'sqlite'];
const usual: Pace = { rounds: 5, roundSeconds: 1, warmUpSeconds: 0.5, openSeconds: 1.5, connections: 8 };
const quick: Pace = { rounds: 1, roundSeconds: 0.2, warmUpSeconds: 0.1, openSeconds: 0.2, connections: 4 };

export const usage = `npm run bench [-- options]

  --engine mariadb|mysql|sqlite   the database (mariadb)
  --size tiny|1k|100k|1m          people in the tenant that is read (100k)
  --rounds N                      rounds of each operation on each server (5)
  --ops a,b                       only these operations: ${operations.map(({ name }) => name).join(', ')}
  --json FILE                     writes the figures there, too
  --compare FILE                  prints what changed since the figures in FILE
  --profile OP                    a CPU profile and the statements of one operation, with their plans
  --nodes 2                       reads on one node and on two
  --quick                         one short round of everything: whether it works, not how fast
  --clean                         deletes the databases of the engine's earlier runs

Example: npm run bench -- --size 1m --ops filter-hit,get --json figures.json
`;

/** @throws BenchOptionError */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parse(args);
  if (values.help === true) return 'help';
  const pace = values.quick === true ? quick : usual;
  const chosen = values.ops?.split(',').map((name) => known(name));
  return {
    engine: oneOf('--engine', values.engine, engines),
    sizeName: oneOf('--size', values.size, Object.keys(worldSizes) as SizeName[]),
    size: worldSizes[oneOf('--size', values.size, Object.keys(worldSizes) as SizeName[])],
    pace: values.rounds === undefined ? pace : { ...pace, rounds: count('--rounds', values.rounds) },
    operations: chosen ?? operations,
    withFigures: chosen === undefined,
    nodes: values.nodes === undefined ? 1 : count('--nodes', values.nodes),
    ...(values.json === undefined ? {} : { jsonFile: values.json }),
    ...(values.compare === undefined ? {} : { compareFile: values.compare }),
    ...(values.profile === undefined ? {} : { profile: known(values.profile) }),
    clean: values.clean === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        engine: { type: 'string', default: 'mariadb' },
        size: { type: 'string', default: '100k' },
        rounds: { type: 'string' },
        ops: { type: 'string' },
        json: { type: 'string' },
        compare: { type: 'string' },
        profile: { type: 'string' },
        nodes: { type: 'string' },
        quick: { type: 'boolean' },
        clean: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new BenchOptionError((error as Error).message);
  }
}

function known(name: string): Operation {
  try {
    return operationNamed(name);
  } catch (error) {
    throw new BenchOptionError((error as Error).message);
  }
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new BenchOptionError(`${option} is one of ${allowed.join(', ')}`);
  return found;
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new BenchOptionError(`${option} is a whole number above 0`);
  return value;
}
