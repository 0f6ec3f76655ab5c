import { runSimulation, type SimulationReport } from '@cleanmail/cli';
import { parseDatabaseUrl } from '@cleanmail/config';
import { type Database, openDatabase } from '@cleanmail/database';
import { expect, it, jest } from '@jest/globals';
import type { Exchange } from '../conformance/client/http-exchange.js';
import { TenantClient } from '../conformance/client/tenant-client.js';
import { expectMailConsistent } from '../contract/support/mail-consistency.js';
import { query } from '../contract/support/rows.js';
import { withService } from '../support/embedded-engine.js';
import { noteForSummary } from '../support/summary-notes.js';

const people = 1000;
const concurrency = 16;
/** A fifth of the seats, by the default policy. */
const threshold = 200;
// Long enough on a small machine that is busy with other tests.
jest.setTimeout(180_000);

it(`A group unassigned by mistake: ${people} leavers in one cycle, and nobody loses anything`, async () => {
  await withService({}, async (service, databaseUrl) => {
    const client = await TenantClient.open(service, 'cleanmail');
    const own = `/tenants/${client.tenant.id}`;
    const database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [] });
    try {
      const mistake = await unassignEverybody(client);
      expect(await standings(database)).toEqual([
        ['active', 'guard_held', 'accept', people - threshold],
        ['suspended', 'scim', 'reject', threshold],
      ]);
      const { items } = (await client.admin.call('GET', `${own}/guard-batches`)).body as {
        items: readonly { id: string }[];
      };
      expect(items).toMatchObject([{ status: 'open', threshold, deactivations: people - threshold, deletions: 0 }]);
      const before = await claims(database);

      const started = performance.now();
      expectOk(await client.admin.call('POST', `${own}/guard-batches/${items[0]?.id}/reject`));
      const rejected = performance.now() - started;
      await assignEverybody(client, database);
      expect(await standings(database)).toEqual([['active', null, 'accept', people]]);
      expect(await claims(database)).toEqual(before);
      await expectMailConsistent(database);

      const cycle = mistake.phases.find(({ name }) => name === 'unassign');
      const rate = Math.round(people / ((cycle?.durationMs ?? 0) / 1000));
      noteForSummary(
        `Deprovision guard on sqlite: ${people} leavers at ${rate}/s, p99 ${Math.round(cycle?.latency.p99 ?? 0)} ms; ` +
          `${people - threshold} held mailboxes rejected in ${Math.round(rejected)} ms`,
      );
    } finally {
      await database.close();
    }
  });
});

async function unassignEverybody({ token, tenant }: TenantClient): Promise<SimulationReport> {
  const options = { tenantUrl: tenant.tenantUrl, token, users: people, concurrency, scenario: 'unassign' } as const;
  const report = await runSimulation(options);
  expect([report.unexpected.slice(0, 3), report.unexpectedCount]).toEqual([[], 0]);
  return report;
}

/** The group is assigned again, and Entra enables everybody. */
async function assignEverybody(client: TenantClient, database: Database): Promise<void> {
  const ids = (await query(database, 'SELECT id FROM scim_user')).map(({ id }) => String(id)).values();
  const enableSome = async (): Promise<void> => {
    for (const id of ids) expectOk(await client.patch(id, { op: 'Replace', path: 'active', value: 'True' }));
  };
  await Promise.all(Array.from({ length: concurrency }, enableSome));
}

/** How many addresses there are of each status, reason and word to gateways. */
async function standings(database: Database): Promise<readonly unknown[]> {
  const rows = await query(
    database,
    `SELECT m.status, m.status_reason AS reason, r.action, COUNT(*) AS n FROM mailbox_account m
       JOIN mail_recipient r ON r.mailbox_id = m.id GROUP BY m.status, m.status_reason, r.action ORDER BY m.status`,
  );
  return rows.map(({ status, reason, action, n }) => [status, reason, action, n]);
}

/** Which mailbox has which address. */
function claims(database: Database): Promise<readonly unknown[]> {
  return query(database, 'SELECT claim_key, mailbox_id FROM mailbox_address ORDER BY claim_key');
}

function expectOk({ status, text }: Exchange): void {
  expect([status, status === 200 ? '' : text]).toEqual([200, '']);
}
