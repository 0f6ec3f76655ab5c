import { afterAll, beforeAll } from '@jest/globals';
import { createMigratedDatabaseUrl, dropDatabase, type TestEngine } from '../../support/engines/index.js';
import { startService } from '../../support/service.js';
import type { RunningService } from '../client/running-service.js';

/** Runs one service for the surrounding `describe`; the returned function gives it once it is up. */
export function serviceForGuide(engine: TestEngine): () => RunningService {
  let databaseUrl: string | undefined;
  let service: RunningService | undefined;
  beforeAll(async () => {
    databaseUrl = await createMigratedDatabaseUrl(engine);
    service = await startService({ databaseUrl });
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
