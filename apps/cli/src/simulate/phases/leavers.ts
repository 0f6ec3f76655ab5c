import { expectFound } from '../expectations.js';
import { userNameOf } from './initial-cycle.js';
import type { Phase } from './phase.js';

/** Every fourth user is unassigned: disabled, but still there by id and by filter. */
export const leavers: Phase = {
  name: 'leavers',
  run: ({ client, ledger, forEach }) =>
    forEach(ledger.sample(4, 1), async (entry) => {
      await client.change(entry, { active: false });
      await client.read(entry);
      await client.findByUserName(userNameOf(entry), expectFound(entry));
    }),
};
