import type { LoadResult } from '../load/load-job.js';
import type { Operation, Side } from '../operations/operation.js';
import type { LoadProcess } from '../processes/processes.js';
import type { World } from '../world.js';

/** How long and how often everything is measured. */
export interface Pace {
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly warmUpSeconds: number;
  readonly openSeconds: number;
  readonly connections: number;
}

/** What requests are sent to: the two servers, and the process that sends them. */
export interface Arena {
  readonly load: LoadProcess;
  readonly origins: Readonly<Record<Side, string>>;
  readonly world: World;
  readonly pace: Pace;
  /** Brings back what an operation has used up, after each of its rounds; its requests then begin anew. */
  readonly reset: (operation: Operation) => Promise<boolean>;
}

/** The rounds of one operation on one server. */
export interface SideRounds {
  /** Requests a second of each round, closed loop. */
  readonly perSecond: readonly number[];
  /** Milliseconds from when a request was meant to be sent; open loop at a rate both servers can take. */
  readonly p50: number;
  readonly p99: number;
}

export type Rounds = Readonly<Record<Side, SideRounds>>;

const sides = ['ours', 'bare'] as const;
/** Of what the slower server can do: far from full, so that the latency is that of the work and not of a queue. */
const openShare = 0.4;
const fastestRate = 400;

/** Measures an operation on both servers in turn, so that whatever else the machine does meets both. */
export async function measureOperation(
  arena: Arena,
  operation: Operation,
  onRound: (round: number) => void = () => undefined,
): Promise<Rounds> {
  const { pace } = arena;
  const next = { ours: 0, bare: 0 };
  const run = async (side: Side, how: { readonly seconds: number; readonly rate?: number }): Promise<LoadResult> => {
    const { load, origins, world } = arena;
    const result = await load.run({
      kind: how.rate === undefined ? 'closed' : 'open',
      origin: origins[side],
      operation: operation.name,
      side,
      world,
      firstSequence: next[side],
      connections: pace.connections,
      ...how,
    });
    next[side] = (await arena.reset(operation)) ? 0 : next[side] + result.used;
    return result;
  };
  for (const side of sides) await run(side, { seconds: pace.warmUpSeconds });
  const perSecond = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round < pace.rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      perSecond[side].push((await run(side, { seconds: pace.roundSeconds })).perSecond);
    }
    onRound(round + 1);
  }
  const slowest = Math.min(...perSecond.ours, ...perSecond.bare);
  const rate = Math.max(1, Math.min(fastestRate, slowest * openShare));
  const latency = async (side: Side) => run(side, { seconds: pace.openSeconds, rate });
  const [ours, bare] = [await latency('ours'), await latency('bare')];
  return {
    ours: { perSecond: perSecond.ours, p50: ours.p50, p99: ours.p99 },
    bare: { perSecond: perSecond.bare, p50: bare.p50, p99: bare.p99 },
  };
}
