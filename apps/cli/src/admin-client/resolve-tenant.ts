import { CommandError, ExitCode, usageError } from '../terminal/command-error.js';
import { printable } from '../terminal/printable.js';
import type { AdminClient } from './admin-client.js';
import type { Tenant } from './admin-types.js';

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Finds a tenant by id or by its exact name. A name that several tenants bear is a usage error listing their ids;
 * decommissioned tenants only count when no other bears the name.
 */
export async function resolveTenant(client: AdminClient, idOrName: string): Promise<Tenant> {
  if (uuid.test(idOrName)) return client.tenant(idOrName);
  const named: Tenant[] = [];
  for await (const tenant of client.tenants()) {
    if (tenant.name === idOrName) named.push(tenant);
  }
  const living = named.filter((tenant) => tenant.status !== 'deleted');
  const candidates = living.length > 0 ? living : named;
  const [tenant] = candidates;
  if (tenant === undefined) {
    throw new CommandError(
      `no tenant is named "${printable(idOrName)}": "cleanmail tenant list" shows them`,
      ExitCode.notFound,
    );
  }
  if (candidates.length > 1) {
    const ids = candidates.map((candidate) => candidate.id).join(', ');
    throw usageError(
      `${candidates.length} tenants are named "${printable(idOrName)}": give one of their ids instead: ${ids}`,
    );
  }
  return tenant;
}
