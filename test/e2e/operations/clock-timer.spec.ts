import { describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '@cleanmail/config';
import { openDatabase } from '@cleanmail/database';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { exchange } from '../../conformance/client/http-exchange.js';
import { withService } from '../../support/embedded-engine.js';
import { eventually } from '../../support/eventually.js';
import type { ServiceUnderTest } from '../../support/service.js';

const patience = 30_000;

interface Statuses {
  readonly items: readonly { readonly name: string; readonly startedAt: string | null; readonly outcome: string }[];
}

async function clocks({ adminUrl: origin, adminKey }: ServiceUnderTest): Promise<Statuses['items']> {
  const headers = { Authorization: `Bearer ${adminKey}` };
  return ((await exchange({ method: 'GET', origin, path: '/admin/v1/clocks', headers })).body as Statuses).items;
}

describe('the clocks of a running service', () => {
  it('should run by themselves, tell how that went, and do what is due', async () => {
    await withService({ environment: { CLOCK_INTERVAL_SECONDS: '1' } }, async (service) => {
      const client = await TenantClient.open(service, 'cleanmail', ['clocks.example']);
      const roles = () => client.admin.call('GET', `/tenants/${client.tenant.id}/mailboxes?kind=role`);
      const hasRoles = ({ body }: { readonly body: unknown }) =>
        (body as { readonly items: object[] }).items.length === 2;
      await eventually(roles, hasRoles, patience);
      const { answer } = await eventually(
        () => clocks(service),
        (jobs) => jobs.every(({ outcome }) => outcome === 'done'),
        patience,
      );
      expect(answer.length).toBeGreaterThanOrEqual(8);
      const metrics = await exchange({ method: 'GET', origin: service.adminUrl, path: '/metrics', headers: {} });
      expect(metrics.text).toMatch(/cleanmail_clock_items_total\{job="domain-duties",outcome="done"\} [1-9]/);
      expect(metrics.text).toMatch(
        /cleanmail_clock_last_run_timestamp_seconds\{job="mailbox-purge",outcome="done"\} 1\d{9}/,
      );
    });
  });

  it('should not run where they are switched off', async () => {
    await withService({ environment: { CLOCK_INTERVAL_SECONDS: '0' } }, async (service) => {
      const client = await TenantClient.open(service, 'cleanmail', ['off.example']);
      await client.createUser({ userName: 'a@off.example' });
      expect((await clocks(service)).map(({ startedAt }) => startedAt)).toEqual(
        (await clocks(service)).map(() => null),
      );
    });
  });

  it('should be drained when the service stops: no job is left as if it were running', async () => {
    await withService({ environment: { CLOCK_INTERVAL_SECONDS: '1' } }, async (service, databaseUrl) => {
      await eventually(
        () => clocks(service),
        (jobs) => jobs.some(({ startedAt }) => startedAt !== null),
        patience,
      );
      await service.stop();
      const database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [] });
      try {
        const left = await database.read((session) =>
          session.list('SELECT name FROM clock_job WHERE holder IS NOT NULL'),
        );
        expect(left).toEqual([]);
      } finally {
        await database.close();
      }
    });
  });
});
