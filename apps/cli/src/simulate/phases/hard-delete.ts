import { expectNobody } from '../expectations.js';
import { userNameOf } from './initial-cycle.js';
import type { Phase } from './phase.js';

/** Every user is deleted: 404 by id and nobody by filter from then on. */
export const hardDelete: Phase = {
  name: 'hard delete',
  skip: ({ keep }) => (keep ? 'the users are kept' : undefined),
  run: ({ client, ledger, forEach }) =>
    forEach(ledger.linked(), async (entry) => {
      await client.remove(entry);
      if (entry.presence === 'absent') await client.findByUserName(userNameOf(entry), expectNobody);
    }),
};
