import type { LoadResult } from '../load/load-job.js';
import { LoadProcess, type ServerProcess, startOurs } from '../processes/processes.js';
import type { OtherFigure } from '../report/report.js';
import type { World } from '../world.js';
import { figure } from './figures.js';
import type { Pace } from './sides.js';
import { median } from './statistics.js';

/** Reads a second of several nodes on one database ÷ of one of them, with as many connections to each. */
export async function nodesFigure(world: World, pace: Pace, count: number): Promise<OtherFigure> {
  const nodes: { readonly server: ServerProcess; readonly load: LoadProcess }[] = [];
  for (let index = 0; index < count; index += 1) {
    nodes.push({ server: await startOurs(world.databaseUrl), load: LoadProcess.start() });
  }
  const ratios: number[] = [];
  let next = 0;
  const run = async (on: typeof nodes): Promise<number> => {
    const firstSequence = (next += 1_000_000);
    const results = await Promise.all(
      on.map(({ server, load }): Promise<LoadResult> =>
        load.run({
          kind: 'closed',
          origin: server.origin,
          operation: 'get',
          side: 'ours',
          world,
          firstSequence,
          seconds: pace.roundSeconds,
          connections: pace.connections,
        }),
      ),
    );
    return results.reduce((total, { perSecond }) => total + perSecond, 0);
  };
  try {
    await run(nodes);
    for (let round = 0; round < pace.rounds; round += 1) {
      const one = await run(nodes.slice(0, 1));
      ratios.push((await run(nodes)) / one);
    }
  } finally {
    await Promise.all(nodes.flatMap(({ server, load }) => [server.stop(), load.stop()]));
  }
  return figure({
    name: `nodes-${count}`,
    title: `${count} nodes ÷ 1 node, GET by id a second`,
    value: median(ratios),
    unit: '',
    note: 'all nodes, their clients and the database share the cores of one machine',
  });
}
