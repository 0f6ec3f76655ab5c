import type { Phase } from './phase.js';
import { probe } from './test-connection.js';

/**
 * A cycle in which nothing changed: the probes, and for every tenth user the same `active` again, which some jobs
 * send periodically and which must change nothing.
 */
export const incrementalCycle: Phase = {
  name: 'nothing changed',
  run: async (context) => {
    const { client, ledger, forEach } = context;
    await probe(context);
    await forEach(ledger.sample(10, 0), async (entry) => {
      await client.change(entry, { active: entry.state.active === true });
      await client.read(entry);
    });
  },
};
