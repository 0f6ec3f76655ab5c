import { afterAll, beforeAll } from '@jest/globals';
import { createMigratedDatabaseUrl, dropDatabase, type TestEngine } from './engines/index.js';
import { startService, type ServiceUnderTest } from './service.js';

/** Runs one service on an empty database for the surrounding `describe`; the returned function gives it once it is up. */
export function serviceForSuite(
  engine: TestEngine,
  environment: Readonly<Record<string, string>> = {},
): () => ServiceUnderTest {
  let databaseUrl: string | undefined;
  let service: ServiceUnderTest | undefined;
  beforeAll(async () => {
    databaseUrl = await createMigratedDatabaseUrl(engine);
    service = await startService({ databaseUrl, environment });
  });
  afterAll(async () => {
    await service?.stop();
    if (databaseUrl !== undefined) await dropDatabase(databaseUrl);
  });
  return () => {
    if (service === undefined) throw new Error('the service did not start');
    return service;
  };
}
