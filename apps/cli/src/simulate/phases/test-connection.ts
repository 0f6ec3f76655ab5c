import { randomUUID } from 'node:crypto';

import { encodeFilter } from '../entra-client.js';
import { expectNobody } from '../expectations.js';
import type { Phase, PhaseContext } from './phase.js';

/** The portal's Test Connection button: a random GUID must be found nowhere. */
export const testConnection: Phase = { name: 'test connection', run: probe };

/**
 * The probes, which also precede every cycle: the filter with blanks as `+` and as `%20`, with the dialect flag in
 * the query, and `GET /Groups`, whose 404 would put the whole job into quarantine.
 */
export async function probe({ client, settings }: PhaseContext): Promise<void> {
  const filter = encodeFilter(`userName eq "${randomUUID()}"`);
  await client.get(`/Users?${filter}`, expectNobody);
  await client.get(`/Users?${filter.replaceAll('+', '%20')}`, expectNobody);
  if (settings.dialect !== 'default') await client.get(`/Users?aadOptscim062020&${filter}`, expectNobody);
  if (settings.groupsProbe) {
    const group = encodeFilter(`displayName eq "${randomUUID()}"`);
    await client.get(`/Groups?excludedAttributes=members&${group}`, expectNobody);
  }
}
