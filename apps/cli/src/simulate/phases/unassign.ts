import type { Phase } from './phase.js';

/** The mistake of an administrator: the one group that is in scope is unassigned, and everybody is disabled in one cycle. */
export const unassign: Phase = {
  name: 'unassign',
  run: ({ client, ledger, forEach }) =>
    forEach(ledger.linked(), async (entry) => {
      await client.change(entry, { active: false });
    }),
};
