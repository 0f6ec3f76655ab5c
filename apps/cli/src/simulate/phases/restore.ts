import type { Phase } from './phase.js';

/** Every second leaver comes back: the same id is enabled again, nothing is created. */
export const restore: Phase = {
  name: 'restore',
  run: ({ client, ledger, forEach }) =>
    forEach(
      ledger
        .linked()
        .filter((entry) => entry.state.active === false)
        .filter((_, position) => position % 2 === 0),
      async (entry) => {
        await client.change(entry, { active: true });
        await client.read(entry);
      },
    ),
};
