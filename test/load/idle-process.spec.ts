import { readFileSync } from 'node:fs';
import { beforeAll, expect, it, jest } from '@jest/globals';
import { exchange } from '../conformance/client/http-exchange.js';
import { ensureBuilt } from '../support/built-command.js';
import { createMigratedDatabaseUrl, describeEachEngine, dropDatabase } from '../support/engines/index.js';
import { serviceEnvironment, startServiceProcess } from '../support/service-process.js';
import { noteForSummary } from '../support/summary-notes.js';

jest.setTimeout(180_000);

describeEachEngine('An idle service process', (engine) => {
  beforeAll(ensureBuilt);

  it('should be ready on a migrated database; its memory and the time it took are noted', async () => {
    const databaseUrl = await createMigratedDatabaseUrl(engine);
    const environment = serviceEnvironment(databaseUrl);
    const service = await startServiceProcess(environment);
    const ready = await exchange({ method: 'GET', origin: service.adminUrl, path: '/health/ready' });
    const metrics = await exchange({ method: 'GET', origin: service.adminUrl, path: '/metrics' });
    const megabytes = Math.round(residentBytes(service.pid, metrics.text) / 1024 / 1024);
    await service.stop();
    await dropDatabase(databaseUrl);

    expect(ready.body).toMatchObject({ status: 'ok' });
    expect(megabytes).toBeGreaterThan(0);
    noteForSummary(
      `Idle on ${engine.name}: ready ${Math.round(service.readyAfterMs)} ms after spawn, ${megabytes} MB resident`,
    );
  });
});

/** As the system counts it where it does, else as the process says of itself. */
function residentBytes(pid: number, metrics: string): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  } catch {
    return Number(/^process_resident_memory_bytes (\d+)$/m.exec(metrics)?.[1]);
  }
}
