import { ClockTimer, createAdminApplication, RelayTimer } from '@cleanmail/admin-app';
import type { Configuration } from '@cleanmail/config';
import { openMigratedDatabase } from '@cleanmail/database';
import { type Binding, listenerEnvironment, openListeners } from '@cleanmail/listener';
import { createScimApplication } from '@cleanmail/scim-app';
import { tenantsEnvironment } from '@cleanmail/tenants';
import { entities } from './entities.js';

/** Both listeners of a process, on one database. */
export interface RunningService {
  /** Where the SCIM listener answers: scheme, host and port. */
  readonly scimUrl: string;
  /** Where the admin listener answers. */
  readonly adminUrl: string;
  /** Lets what is in flight end, then closes listeners and database. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/**
 * Migrates the database and serves both surfaces.
 * @throws ConfigurationError naming the variable when the database or a port cannot be had.
 */
export async function startService(configuration: Configuration): Promise<RunningService> {
  const { scimPort, adminPort } = configuration;
  const environment = listenerEnvironment(configuration);
  const database = await openMigratedDatabase({
    location: configuration.database,
    entities,
    poolSize: configuration.databasePoolSize,
  });
  const providers = tenantsEnvironment(configuration, database);
  const create = async (): Promise<readonly Binding[]> => {
    const scim = await createScimApplication(environment, providers);
    const admin = await createAdminApplication(environment, providers);
    admin.get(ClockTimer).start();
    admin.get(RelayTimer).start();
    return [
      { application: scim, variable: 'SCIM_PORT', port: scimPort },
      { application: admin, variable: 'ADMIN_PORT', port: adminPort },
    ];
  };
  const { urls, stop } = await openListeners(configuration, environment, { create, release: () => database.close() });
  const [scimUrl = '', adminUrl = ''] = urls;
  return { scimUrl, adminUrl, stop };
}
