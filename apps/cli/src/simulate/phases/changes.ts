import type { Phase } from './phase.js';

/** Every user changes: names, work address, externalId, an attribute that was empty, the enterprise extension. */
export const changes: Phase = {
  name: 'changes',
  run: ({ client, ledger, forEach }) => forEach(ledger.linked(), (entry) => client.change(entry, entry.person.changes)),
};
