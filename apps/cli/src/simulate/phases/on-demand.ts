import { expectFound } from '../expectations.js';
import { userNameOf } from './initial-cycle.js';
import type { Phase } from './phase.js';
import { probe } from './test-connection.js';

/** "Provision on demand" of one user: test connection, match, read, change, read; always in the default dialect. */
export const onDemand: Phase = {
  name: 'on demand',
  run: async (context) => {
    const { client, ledger, forEach } = context;
    await probe(context);
    const enabled = ledger.linked().filter((entry) => entry.state.active === true);
    await forEach(enabled.slice(-1), async (entry) => {
      await client.findByUserName(userNameOf(entry), expectFound(entry));
      await client.read(entry);
      await client.change(entry, { title: 'Provisioned on demand', 'name.formatted': 'On Demand' }, 'default');
      await client.read(entry);
    });
  },
};
