import { newId, type TenantId } from '@cleanmail/database';
import { addressKey, type Mailbox } from '@cleanmail/mailboxes';
import type { ProfileName } from '@cleanmail/tenants';
import type { User } from '@cleanmail/users';
import { command, replacing } from '../support/commands.js';
import { actor, createTenant, type Libs } from '../support/libs.js';
import { query } from '../support/rows.js';

/** A tenant with one domain of its own, what its identity provider does there, and what can be seen of it. */
export async function tenantWithDomain(libs: Libs, profile: ProfileName = 'cleanmail') {
  const domain = `d-${newId()}.example`;
  const tenant = await createTenant(libs, { profile, domains: [domain] });
  return { ...providerOf(libs, tenant, profile), domain };
}

/** What the identity provider of a tenant does, and what can be seen of it. */
export function providerOf(libs: Libs, tenant: TenantId, profile: ProfileName = 'cleanmail') {
  const { users, mailboxes } = libs;
  return {
    tenant,
    create: (body: Readonly<Record<string, unknown>>): Promise<User> =>
      users.create(tenant, command({ profile }), body),
    change: (user: User, values: Readonly<Record<string, unknown>>): Promise<User> =>
      users.modify(tenant, command({ profile }), user.id, replacing(values)),
    remove: (user: User): Promise<void> => users.delete(tenant, command({ profile }), user.id),
    mailboxOf: async (user: User): Promise<Mailbox> => known(await mailboxes.byUser(tenant, user.id)),
    byId: async (id: string): Promise<Mailbox> => known(await mailboxes.byId(tenant, id)),
    byAddress: (address: string): Promise<readonly Mailbox[]> => mailboxes.list(tenant, { address, limit: 10 }),
    policy: (change: Parameters<Libs['policies']['change']>[2]) => libs.policies.change(tenant, actor, change),
    action: (key: string): Promise<unknown> => actionOf(libs, key),
    events: (mailbox: Mailbox): Promise<readonly unknown[]> => eventTypes(libs, mailbox),
  };
}

/** Every address as one word: key, role and state, in the order of their keys. */
export function held(mailbox: Mailbox): readonly string[] {
  return mailbox.addresses.map((address) => `${addressKey(address)} ${address.role} ${address.state}`).sort();
}

/** What gateways do with mail for an address; undefined when they know nothing of it. */
async function actionOf({ database }: Libs, key: string): Promise<unknown> {
  const [row] = await query(database, 'SELECT action FROM mail_recipient WHERE address_key = ?', [key]);
  return row?.['action'];
}

async function eventTypes({ database }: Libs, { id }: Mailbox): Promise<readonly unknown[]> {
  const sql = 'SELECT type FROM outbox_event WHERE mailbox_id = ? ORDER BY version, position';
  return (await query(database, sql, [id])).map(({ type }) => type);
}

function known(mailbox: Mailbox | undefined): Mailbox {
  if (mailbox === undefined) throw new Error('there is no such mailbox');
  return mailbox;
}
