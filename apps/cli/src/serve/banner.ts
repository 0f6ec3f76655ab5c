import { relative } from 'node:path';
import type { Configuration } from '@cleanmail/config';
import { serviceProfiles } from '@cleanmail/tenants';
import type { RunningService } from './service.js';

/** What a person sees when the service is ready: where it answers, where the admin key is, and three commands to try. */
export function banner(configuration: Configuration, { scimUrl, adminUrl }: RunningService): string {
  const { cleanmail, sendsafely } = serviceProfiles;
  return `
Cleanmail Provisioning is ready.

  SCIM       ${scimUrl}${cleanmail.basePath}   (SendSafely: ${scimUrl}${sendsafely.basePath})
  Admin      ${adminUrl}/admin/v1   (OpenAPI: ${adminUrl}/admin/docs)
  Admin key  ${adminKeySource(configuration)}
  Database   ${databaseName(configuration)}

Try it in a second terminal, in this folder${sameEnvironment(configuration)}:

  npx cleanmail tenant create Demo --profile cleanmail
  TOKEN=$(npx cleanmail token issue Demo --quiet)
  CLEANMAIL_TOKEN=$TOKEN npx cleanmail simulate --tenant-url ${scimUrl}${cleanmail.basePath} --users 100

Ctrl-C stops the service.

`;
}

/** The command works straight on the database, so it must be told of one that is not the default. */
function sameEnvironment({ database }: Configuration): string {
  return database.kind === 'mysql' ? ', with the same DATABASE_URL and TOKEN_PEPPER' : '';
}

function adminKeySource({ adminKeyFile }: Configuration): string {
  if (adminKeyFile === undefined) {
    return 'from ADMIN_KEY';
  }
  return `in ${relative(process.cwd(), adminKeyFile.path)}${adminKeyFile.created ? ' (just made; keep it)' : ''}`;
}

function databaseName({ database }: Configuration): string {
  return database.kind === 'sqlite'
    ? `embedded, ${relative(process.cwd(), database.path)}`
    : `${database.database} on ${database.host}:${database.port}`;
}
