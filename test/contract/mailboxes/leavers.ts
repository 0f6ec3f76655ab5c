import type { TenantId } from '@cleanmail/database';
import type { GuardBatch } from '@cleanmail/mailboxes';
import type { ProfileName } from '@cleanmail/tenants';
import type { User } from '@cleanmail/users';
import type { Libs } from '../support/libs.js';
import { query } from '../support/rows.js';
import { tenantWithDomain } from './provider.js';

/** A tenant with some users, of whom no more than `threshold` may leave within an hour. */
export async function tenantWithGuard(libs: Libs, { threshold, people, profile = 'cleanmail' }: GuardedTenant) {
  const provider = await tenantWithDomain(libs, profile);
  const { tenant, create, change, remove, domain, policy } = provider;
  await policy({ guardMaxAbs: threshold, guardMaxPct: 0 });
  const users: User[] = [];
  for (let count = 0; count < people; count += 1) {
    users.push(await create({ userName: `u${count}@${domain}`, externalId: `e${count}` }));
  }
  return {
    ...provider,
    users,
    deactivate: (some: readonly User[]) => inTurn(some, (user) => change(user, { active: false })),
    removeAll: (some: readonly User[]) => inTurn(some, remove),
    statuses: () => statusesOf(libs, tenant),
    openBatch: () => openBatchOf(libs, tenant),
    guardEvents: () => guardEventsOf(libs, tenant),
  };
}

interface GuardedTenant {
  readonly threshold: number;
  readonly people: number;
  readonly profile?: ProfileName;
}

async function inTurn<T>(items: readonly User[], work: (user: User) => Promise<T>): Promise<void> {
  for (const item of items) await work(item);
}

/** Every mailbox's status with its reason, in the order in which they were made. */
async function statusesOf(libs: Libs, tenant: TenantId): Promise<readonly string[]> {
  const mailboxes = await libs.mailboxes.list(tenant, { limit: 1000 });
  return mailboxes.map(({ status, statusReason }) => (statusReason === null ? status : `${status}(${statusReason})`));
}

async function openBatchOf(libs: Libs, tenant: TenantId): Promise<GuardBatch> {
  const [batch] = await libs.guard.list(tenant, { status: 'open', limit: 10 });
  if (batch === undefined) throw new Error('there is no open batch');
  return batch;
}

async function guardEventsOf(libs: Libs, tenant: TenantId): Promise<readonly unknown[]> {
  const sql =
    "SELECT type, data FROM outbox_event WHERE tenant_id = ? AND type LIKE 'guard.%' ORDER BY version, position";
  return (await query(libs.database, sql, [tenant])).map(({ type, data }) => [
    type,
    JSON.parse(String(data)) as unknown,
  ]);
}
