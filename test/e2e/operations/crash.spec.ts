import { parseDatabaseUrl } from '@cleanmail/config';
import { openDatabase } from '@cleanmail/database';
import { beforeAll, expect, it, jest } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { ensureBuilt } from '../../support/built-command.js';
import { createMigratedDatabaseUrl, describeEachEngine, dropDatabase } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { noteForSummary } from '../../support/summary-notes.js';
import { serviceEnvironment, type ServiceProcess, startServiceProcess } from '../../support/service-process.js';

// Each test starts processes, which take their time on a machine that is busy with other tests.
jest.setTimeout(180_000);

/** What a writer was told of its user: the last acknowledged write, and the one that may or may not have happened. */
interface Account {
  readonly id: string;
  acknowledged: Write;
  attempted: Write;
}

interface Write {
  readonly version: number;
  readonly userName: string;
  readonly active: boolean;
}

const writers = 16;
const enoughAcknowledged = 200;

describeEachEngine('cleanmail serve, killed under load', (engine) => {
  beforeAll(ensureBuilt);

  it('should have every acknowledged write after kill -9, and no half of any', async () => {
    const databaseUrl = await createMigratedDatabaseUrl(engine);
    const environment = serviceEnvironment(databaseUrl);
    const first = await startServiceProcess(environment);
    const client = await TenantClient.open(first, 'cleanmail');
    // As many come and go as in a mistake, which the guard would hold.
    await client.admin.call('PATCH', `/tenants/${client.tenant.id}/mail-policy`, { guardMaxPct: 100 });
    const accounts: Account[] = [];
    const load = Array.from({ length: writers }, (_, writer) => writeUntilCut(client, writer, accounts));
    const acknowledged = () => accounts.reduce((sum, account) => sum + account.acknowledged.version, 0);
    await eventually(async () => acknowledged() >= enoughAcknowledged, Boolean, 60_000);
    first.kill('SIGKILL');
    await first.ended;
    await Promise.all(load);

    const second = await startServiceProcess({ ...environment, SCIM_PORT: new URL(first.scimUrl).port });
    const lost: Account[] = [];
    for (const account of accounts) {
      const found = await stateOf(client, account.id);
      if (![account.acknowledged, account.attempted].some((write) => isSame(write, found))) lost.push(account);
    }
    expect(lost).toEqual([]);
    noteForSummary(`kill -9 on ${engine.name}: ${acknowledged()} acknowledged writes, 0 lost`);
    await client.createUser({ userName: 'afterwards@crash.example' });
    await stopAndCheck(second, databaseUrl);
  });
});

/** Creates users and changes each three times, one request at a time, until the service is gone. */
async function writeUntilCut(client: TenantClient, writer: number, accounts: Account[]): Promise<void> {
  const isActive = (version: number) => version !== 2;
  try {
    for (let number = 1; ; number += 1) {
      const name = (version: number) => `w${writer}.n${number}.v${version >= 3 ? 3 : 1}@crash.example`;
      const write = (version: number): Write => ({ version, userName: name(version), active: isActive(version) });
      const { id } = await client.createUser({ userName: name(1), externalId: `w${writer}-${number}` });
      const account: Account = { id, acknowledged: write(1), attempted: write(1) };
      accounts.push(account);
      for (let version = 2; version <= 3; version += 1) {
        account.attempted = write(version);
        const { status } = await client.patch(
          id,
          { op: 'replace', path: 'active', value: isActive(version) },
          { op: 'replace', path: 'userName', value: name(version) },
        );
        expect(status).toBe(200);
        account.acknowledged = account.attempted;
      }
    }
  } catch (error) {
    // The connection of the request in flight is reset; anything else is a finding.
    if (!['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function stateOf(client: TenantClient, id: string): Promise<Write> {
  const { userName, active, meta } = await client.readUser(id);
  return { userName, active: active === true, version: Number(/\d+/.exec(meta.version ?? '')?.[0]) };
}

function isSame(one: Write, other: Write): boolean {
  return one.userName === other.userName && one.active === other.active && one.version === other.version;
}

/** Statements that find what a transaction would have left half done; each must find nothing. */
const halves: Readonly<Record<string, string>> = {
  'user without mailbox': `SELECT u.id FROM scim_user u LEFT JOIN mailbox_account m ON m.tenant_id = u.tenant_id AND m.scim_user_id = u.id WHERE m.id IS NULL`,
  'mailbox without user': `SELECT m.id FROM mailbox_account m LEFT JOIN scim_user u ON u.tenant_id = m.tenant_id AND u.id = m.scim_user_id WHERE u.id IS NULL`,
  'mailbox whose status is not its user’s': `SELECT m.id FROM mailbox_account m JOIN scim_user u ON u.tenant_id = m.tenant_id AND u.id = m.scim_user_id WHERE (m.status = 'active') <> u.active`,
  'mailbox without the address of its user': `SELECT u.id FROM scim_user u JOIN mailbox_account m ON m.tenant_id = u.tenant_id AND m.scim_user_id = u.id LEFT JOIN mailbox_address a ON a.tenant_id = m.tenant_id AND a.mailbox_id = m.id AND a.role = 'primary' AND a.claim_key = u.user_name_key WHERE a.id IS NULL`,
  'address without recipient': `SELECT a.id FROM mailbox_address a LEFT JOIN mail_recipient r ON r.address_key = a.claim_key AND r.mailbox_id = a.mailbox_id WHERE a.state <> 'released' AND r.address_key IS NULL`,
  'user whose versions are not its log entries': `SELECT u.id FROM scim_user u LEFT JOIN provisioning_log l ON l.tenant_id = u.tenant_id AND l.resource_id = u.id AND l.outcome = 'success' AND l.operation IN ('create', 'modify') GROUP BY u.tenant_id, u.id, u.version HAVING COUNT(l.id) <> u.version`,
  'log entry of a creation without user': `SELECT l.id FROM provisioning_log l LEFT JOIN scim_user u ON u.tenant_id = l.tenant_id AND u.id = l.resource_id WHERE l.operation = 'create' AND l.outcome = 'success' AND u.id IS NULL`,
  'mailbox without event of its making': `SELECT m.id FROM mailbox_account m LEFT JOIN outbox_event e ON e.tenant_id = m.tenant_id AND e.mailbox_id = m.id AND e.type = 'mailbox.activated' WHERE e.id IS NULL`,
  'event without mailbox': `SELECT e.id FROM outbox_event e LEFT JOIN mailbox_account m ON m.tenant_id = e.tenant_id AND m.id = e.mailbox_id WHERE m.id IS NULL`,
  'suspended mailbox without event': `SELECT m.id FROM mailbox_account m LEFT JOIN outbox_event e ON e.tenant_id = m.tenant_id AND e.mailbox_id = m.id AND e.type = 'mailbox.suspended' WHERE m.status = 'suspended' AND e.id IS NULL`,
  'total that is not the number of users': `SELECT u.tenant_id FROM scim_user u GROUP BY u.tenant_id HAVING COUNT(*) <> (SELECT COALESCE(SUM(b.live), 0) FROM scim_page_block b WHERE b.tenant_id = u.tenant_id AND b.resource_type = 'User')`,
  'event beyond the feed': `SELECT e.id FROM outbox_event e JOIN tenant_mail_counter c ON c.tenant_id = e.tenant_id WHERE e.version > c.feed_version`,
};

async function stopAndCheck(service: ServiceProcess, databaseUrl: string): Promise<void> {
  await service.stop();
  const database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [] });
  try {
    const users = await database.read((session) => session.all<{ id: string }>('SELECT id FROM scim_user'));
    expect(users.length).toBeGreaterThan(writers);
    for (const [half, statement] of Object.entries(halves)) {
      expect([half, await database.read((session) => session.all(statement))]).toEqual([half, []]);
    }
  } finally {
    await database.close();
    await dropDatabase(databaseUrl);
  }
}
