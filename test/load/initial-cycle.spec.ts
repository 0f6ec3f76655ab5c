import { runSimulation, type SimulationReport } from '@cleanmail/cli';
import { beforeAll, expect, it, jest } from '@jest/globals';
import { TenantClient } from '../conformance/client/tenant-client.js';
import { ensureBuilt } from '../support/built-command.js';
import { createMigratedDatabaseUrl, describeEachEngine, dropDatabase } from '../support/engines/index.js';
import { serviceEnvironment, startServiceProcess } from '../support/service-process.js';
import { noteForSummary } from '../support/summary-notes.js';

const concurrency = 16;
/** The whole job on the engines that the numbers of the product name, a shorter one on any other. */
const users = { sqlite: 300, mariadb: 200, mysql: 150 } as const;
// Long enough on a small machine that is busy with other tests.
jest.setTimeout(300_000);

describeEachEngine('A simulated Entra job', (engine) => {
  beforeAll(ensureBuilt);

  const simulate = (client: TenantClient, count: number, seed: number): Promise<SimulationReport> =>
    runSimulation({
      tenantUrl: client.tenant.tenantUrl,
      token: client.token,
      users: count,
      concurrency,
      dialect: 'both',
      seed,
    });

  it(`should provision ${users[engine.name]} users, ${concurrency} requests at once, without an unexpected answer`, async () => {
    const [report] = await onService(async (open) => [await simulate(await open(), users[engine.name], 1)]);
    noteFor(`${users[engine.name]} users at ${concurrency} at once`, report);
  });

  it('should serve two tenants at once without an unexpected answer', async () => {
    const reports = await onService(async (open) => {
      const clients = [await open(), await open()];
      // The same people on both sides: whatever crossed between the tenants would be an answer that Entra did not expect.
      return Promise.all(clients.map((client) => simulate(client, 50, 2)));
    });
    reports.forEach((report, index) => noteFor(`tenant ${index + 1} of 2 at once, 50 users`, report));
  });

  async function onService(
    use: (open: () => Promise<TenantClient>) => Promise<readonly SimulationReport[]>,
  ): Promise<readonly SimulationReport[]> {
    const databaseUrl = await createMigratedDatabaseUrl(engine);
    const service = await startServiceProcess(serviceEnvironment(databaseUrl));
    try {
      const reports = await use(() => TenantClient.open(service, 'cleanmail'));
      for (const { unexpected, unexpectedCount, statusCounts, throttled } of reports) {
        expect([unexpected.slice(0, 3), unexpectedCount, throttled]).toEqual([[], 0, 0]);
        expect(Object.keys(statusCounts).filter((status) => status === '0' || status >= '500')).toEqual([]);
      }
      return reports;
    } finally {
      await service.stop();
      await dropDatabase(databaseUrl);
    }
  }

  function noteFor(what: string, report: SimulationReport | undefined): void {
    if (report === undefined) throw new Error('no report');
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
