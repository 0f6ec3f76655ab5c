import type { Configuration } from '@cleanmail/config';
import { openMigratedDatabase } from '@cleanmail/database';
import { listenerEnvironment, openListeners, type OpenListeners } from '@cleanmail/listener';
import { tenantsEnvironment } from '@cleanmail/tenants';
import { createScimApplication } from './create-scim-application.js';

/**
 * Migrates the database and serves the SCIM surface alone.
 * @throws ConfigurationError naming the variable when the database or the port cannot be had.
 */
export async function startScim(configuration: Configuration): Promise<OpenListeners> {
  const environment = listenerEnvironment(configuration);
  const database = await openMigratedDatabase({
    location: configuration.database,
    entities: [],
    poolSize: configuration.databasePoolSize,
  });
  return openListeners(configuration, environment, {
    create: async () => {
      const application = await createScimApplication(environment, tenantsEnvironment(configuration, database));
      return [{ application, variable: 'SCIM_PORT', port: configuration.scimPort }];
    },
    release: () => database.close(),
  });
}
