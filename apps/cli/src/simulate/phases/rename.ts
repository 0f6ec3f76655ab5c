import { expectFound, expectNobody } from '../expectations.js';
import { userNameOf } from './initial-cycle.js';
import type { Phase } from './phase.js';

/** Every fifth user gets another userName: found under the new one with the same id, no longer under the old one. */
export const rename: Phase = {
  name: 'rename',
  skip: ({ userNameImmutable }) =>
    userNameImmutable ? 'userName cannot be changed on a SendSafely tenant' : undefined,
  run: ({ client, ledger, forEach }) =>
    forEach(ledger.sample(5, 0), async (entry) => {
      const before = userNameOf(entry);
      await client.change(entry, entry.person.renamed);
      if (userNameOf(entry) === before) return;
      await client.findByUserName(userNameOf(entry), expectFound(entry));
      await client.findByUserName(before, expectNobody);
    }),
};
