import { runSimulation, type SimulationReport } from '@cleanmail/cli';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { TenantClient } from '../conformance/client/tenant-client.js';
import { ensureBuilt } from '../support/built-command.js';
import { createMigratedDatabaseUrl, describeEachEngine, dropDatabase } from '../support/engines/index.js';
import { serviceEnvironment, type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { noteForSummary } from '../support/summary-notes.js';

const concurrency = 16;
/** The whole job on the engines that the numbers of the product name, a shorter one on any other. */
const users = { sqlite: 300, mariadb: 150, mysql: 150 } as const;
// Long enough on a small machine that is busy with other tests.
jest.setTimeout(300_000);

describeEachEngine('A simulated Entra job', (engine) => {
  const simulate = (client: TenantClient, count: number, seed: number): Promise<SimulationReport> =>
    runSimulation({
      tenantUrl: client.tenant.tenantUrl,
      token: client.token,
      users: count,
      concurrency,
      dialect: 'both',
      seed,
    });

  let databaseUrl: string;
  let service: ServiceProcess;
  beforeAll(async () => {
    await ensureBuilt();
    databaseUrl = await createMigratedDatabaseUrl(engine);
    service = await startServiceProcess(serviceEnvironment(databaseUrl));
  });
  afterAll(async () => {
    await service.stop();
    await dropDatabase(databaseUrl);
  });

  it(`should provision ${users[engine.name]} users, ${concurrency} requests at once, without an unexpected answer`, async () => {
    const report = await simulate(await TenantClient.open(service, 'cleanmail'), users[engine.name], 1);
    expectExpected(report);
    noteFor(`${users[engine.name]} users at ${concurrency} at once`, report);
  });

  it('should serve two tenants at once without an unexpected answer', async () => {
    const clients = [await TenantClient.open(service, 'cleanmail'), await TenantClient.open(service, 'cleanmail')];
    // The same people on both sides: whatever crossed between the tenants would be an answer that Entra did not expect.
    const reports = await Promise.all(clients.map((client) => simulate(client, 30, 2)));
    reports.forEach(expectExpected);
    reports.forEach((report, index) => noteFor(`tenant ${index + 1} of 2 at once, 30 users`, report));
  });

  function expectExpected({ unexpected, unexpectedCount, statusCounts, throttled }: SimulationReport): void {
    expect([unexpected.slice(0, 3), unexpectedCount, throttled]).toEqual([[], 0, 0]);
    expect(Object.keys(statusCounts).filter((status) => status === '0' || status >= '500')).toEqual([]);
  }

  function noteFor(what: string, report: SimulationReport): void {
    const cycle = report.phases.find(({ name }) => name.startsWith('initial'));
    const rate =
      cycle === undefined
        ? ''
        : `; initial cycle ${perSecond(cycle.requests, cycle.durationMs)} requests/s, p50 ${Math.round(cycle.latency.p50)} ms, p99 ${Math.round(cycle.latency.p99)} ms`;
    noteForSummary(
      `Load on ${engine.name}, ${what}: ${report.requests} requests, ${Math.round(report.requestsPerSecond)} requests/s, ` +
        `p50 ${Math.round(report.latency.p50)} ms, p99 ${Math.round(report.latency.p99)} ms${rate}`,
    );
  }
});

function perSecond(requests: number, durationMs: number): number {
  return Math.round((requests * 1000) / durationMs);
}
