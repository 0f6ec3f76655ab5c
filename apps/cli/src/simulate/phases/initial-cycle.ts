import { toCreateBody } from '../attributes.js';
import { matchOf, type EntraClient } from '../entra-client.js';
import { expectConflict, expectFound } from '../expectations.js';
import type { LedgerEntry } from '../ledger.js';
import type { Phase } from './phase.js';

/** Every user is matched by filter, created when there is none, and read back; then every call goes by the cached id. */
export const initialCycle: Phase = {
  name: 'initial cycle',
  run: async ({ client, ledger, forEach }) => {
    await forEach(ledger.entries, (entry) => provision(client, entry));
    const first = ledger.linked()[0];
    if (first !== undefined) await checkMatching(client, first);
  },
};

async function provision(client: EntraClient, entry: LedgerEntry): Promise<void> {
  const userName = userNameOf(entry);
  const match = matchOf(await client.findByUserName(userName), userName);
  if (match === undefined) {
    await client.create(entry);
  } else {
    entry.adopt(match);
    await client.change(entry, entry.state);
  }
  if (entry.presence === 'present') await client.read(entry);
}

/** The matching attribute ignores case, and a second POST of it (a retry after a slow answer) is a conflict. */
async function checkMatching(client: EntraClient, entry: LedgerEntry): Promise<void> {
  const userName = userNameOf(entry);
  await client.findByUserName(userName.toUpperCase(), expectFound(entry));
  await client.post(toCreateBody({ ...entry.state, userName: userName.toLowerCase() }), expectConflict);
}

/** The acknowledged userName of a user. */
export function userNameOf(entry: LedgerEntry): string {
  return String(entry.state.userName);
}
