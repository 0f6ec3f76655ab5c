import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createMigratedDatabaseUrl,
  describeEachEngine,
  dropDatabase,
  type TestEngine,
} from '../../support/engines/index.js';
import { startService } from '../../support/service.js';
import { noteForSummary } from '../../support/summary-notes.js';
import type { ProfileName } from '../client/admin-client.js';
import type { RunningService } from '../client/running-service.js';
import { caseNumbered } from './cases.js';
import { expectOutageSurvived } from './outage.js';
import { casesFor } from './plan.js';
import { runCase } from './run-case.js';
import { Tally } from './tally.js';
import { expectThrottledPerTenant, LOWEST_RATE_LIMIT } from './throttling.js';
import { World } from './world.js';

/** `alinto-protect` differs from `cleanmail` by its name only, so that one engine will do. */
const profilesOn: Readonly<Record<TestEngine['name'], readonly ProfileName[]>> = {
  sqlite: ['cleanmail', 'alinto-protect', 'sendsafely'],
  mariadb: ['cleanmail', 'sendsafely'],
  mysql: ['cleanmail', 'sendsafely'],
};

describeEachEngine('Entra cases', (engine) => {
  const embedded = engine.name === 'sqlite';
  const tally = new Tally(engine.name, embedded ? { H08: 'the embedded database cannot go away' } : {});
  let databaseUrl: string;
  let service: RunningService;

  beforeAll(async () => {
    databaseUrl = await createMigratedDatabaseUrl(engine);
    service = await startService({ databaseUrl });
  });
  afterAll(async () => {
    await service?.stop();
    if (databaseUrl !== undefined) await dropDatabase(databaseUrl);
    noteForSummary(tally.line);
    noteForSummary(
      `Entra cases on ${engine.name}: C24 as the design decides (201, mailbox pending), H07 as 25 requests/s for 5 s`,
    );
  });

  describe.each(profilesOn[engine.name])('of a tenant with the profile %s', (profile) => {
    it.each(casesFor(profile).map((entraCase) => [entraCase.id, entraCase] as const))('%s', async (_id, entraCase) => {
      tally.note(entraCase);
      await runCase(await World.open(service, profile), entraCase);
    });
  });

  describe('with a service of their own', () => {
    it('H06-throttle', async () => {
      tally.note(caseNumbered('H06'));
      await withOwnService(engine, LOWEST_RATE_LIMIT, expectThrottledPerTenant);
    });

    if (!embedded) {
      it('H08-server-error', async () => {
        tally.note(caseNumbered('H08'));
        await expectOutageSurvived(engine);
      });
    }
  });

  it('should have run every case that is not left out with a reason', () => {
    expect(tally.forgotten).toEqual([]);
  });
});

async function withOwnService(
  engine: TestEngine,
  environment: Record<string, string>,
  use: (service: RunningService) => Promise<void>,
): Promise<void> {
  const databaseUrl = await createMigratedDatabaseUrl(engine);
  const service = await startService({ databaseUrl, environment });
  try {
    await use(service);
  } finally {
    await service.stop();
    await dropDatabase(databaseUrl);
  }
}
