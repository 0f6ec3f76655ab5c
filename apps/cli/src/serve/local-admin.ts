import { createAdminApplication } from '@cleanmail/admin-app';
import { readCommandEnvironment, readConfiguration } from '@cleanmail/config';
import { openMigratedDatabase } from '@cleanmail/database';
import { listenerEnvironment } from '@cleanmail/listener';
import { tenantsEnvironment } from '@cleanmail/tenants';
import type { AdminAnswer, AdminRequest, LocalAdmin } from '../admin-client/transport.js';
import { CommandError, ExitCode } from '../terminal/command-error.js';
import { entities } from './entities.js';

/**
 * Runs the admin application inside this process, straight on the configured database: the command then does just
 * what the admin REST does, with the same checks and the same audit trail, and no listener need run.
 * @throws ConfigurationError naming the variable; CommandError when the database cannot be used.
 */
export async function openLocalAdmin(): Promise<LocalAdmin> {
  const configuration = readConfiguration();
  const { user } = readCommandEnvironment();
  const database = await openMigratedDatabase({ location: configuration.database, entities, poolSize: 2 }).catch(
    (error: Error) => {
      throw new CommandError(error.message, ExitCode.unavailable);
    },
  );
  const application = await createAdminApplication(
    listenerEnvironment({ ...configuration, logLevel: 'silent' }),
    tenantsEnvironment(configuration, database),
  );
  await application.init();
  const headers = { authorization: `Bearer ${configuration.adminKey}`, 'x-actor': `cli:${user}` };
  return {
    transport: async ({ method, path, body, ifMatch }: AdminRequest): Promise<AdminAnswer> => {
      const answer = await application.inject({
        method: method as 'GET',
        url: path,
        headers: ifMatch === undefined ? headers : { ...headers, 'if-match': `"${ifMatch}"` },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      const isJson = String(answer.headers['content-type'] ?? '').includes('json');
      return { status: answer.statusCode, body: isJson && answer.body !== '' ? answer.json() : undefined };
    },
    close: async () => {
      await application.close();
      await database.close();
    },
  };
}
