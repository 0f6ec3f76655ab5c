import { parseDatabaseUrl } from '@cleanmail/config';
import { openDatabase } from '@cleanmail/database';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { startService } from '../../support/service.js';
import { measurePages, type PageTiming } from './measure-pages.js';
import { seedUsers } from './seed-users.js';

/** A user as Entra's default mapping makes one. */
const typicalUser = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  externalId: 'a-user-of-the-benchmark',
  userName: 'ana.example@load.example',
  active: true,
  displayName: 'Ana Example',
  title: 'Engineer',
  preferredLanguage: 'de-CH',
  name: { givenName: 'Ana', familyName: 'Example', formatted: 'Ana Example' },
  emails: [{ type: 'work', value: 'ana.example@load.example', primary: true }],
  phoneNumbers: [{ type: 'work', value: '+41 44 123 45 67' }],
  addresses: [{ type: 'work', streetAddress: 'Weg 1', locality: 'Zürich', postalCode: '8000', country: 'CH' }],
};

/** Fills a database that exists and is empty with one tenant of `users` users, and measures pages on the real service. */
export async function benchEngine(
  databaseUrl: string,
  {
    users,
    rounds,
    onProgress,
  }: {
    readonly users: number;
    readonly rounds: number;
    readonly onProgress?: (done: number) => void;
  },
): Promise<readonly PageTiming[]> {
  const service = await startService({ databaseUrl, environment: { RATE_LIMIT_PER_SECOND: '1000000' } });
  const database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [], poolSize: 2 });
  try {
    const client = await TenantClient.open(service, 'cleanmail');
    await client.createUser(typicalUser);
    const ids = await seedUsers(database, client.tenant.id, users, onProgress);
    // The service has closed the kept connection if seeding took longer than it waits for idle ones.
    await client.send('GET', '/Users?count=0').catch(() => undefined);
    return await measurePages({ database, client, ids }, rounds);
  } finally {
    await database.close();
    await service.stop();
  }
}
