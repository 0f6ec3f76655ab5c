import type { Configuration } from '@cleanmail/config';
import { openMigratedDatabase } from '@cleanmail/database';
import { listenerEnvironment, openListeners, type OpenListeners } from '@cleanmail/listener';
import { tenantsEnvironment } from '@cleanmail/tenants';
import { ClockTimer } from './clocks/clock-timer.js';
import { createAdminApplication } from './create-admin-application.js';
import { RelayTimer } from './events/relay-timer.js';

/**
 * Migrates the database and serves the admin surface alone; SCIM is served elsewhere, at PUBLIC_SCIM_URL.
 * @throws ConfigurationError naming the variable when the database or the port cannot be had.
 */
export async function startAdmin(configuration: Configuration): Promise<OpenListeners> {
  const environment = listenerEnvironment(configuration);
  const database = await openMigratedDatabase({
    location: configuration.database,
    entities: [],
    poolSize: configuration.databasePoolSize,
  });
  return openListeners(configuration, environment, {
    create: async () => {
      const application = await createAdminApplication(environment, tenantsEnvironment(configuration, database));
      application.get(ClockTimer).start();
      application.get(RelayTimer).start();
      return [{ application, variable: 'ADMIN_PORT', port: configuration.adminPort }];
    },
    release: () => database.close(),
  });
}
