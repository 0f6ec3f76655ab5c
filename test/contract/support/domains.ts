import { newId, type TenantId } from '@cleanmail/database';
import { addressKey, type DomainWithWaiting, type Mailbox } from '@cleanmail/mailboxes';
import type { User } from '@cleanmail/users';
import { command } from './commands.js';
import type { Libs } from './libs.js';
import { query, type Row } from './rows.js';

/** A domain that no other test has. */
export function newDomainName(): string {
  return `d-${newId()}.example`;
}

/** What tests of domains and clocks ask of the libs, again and again. */
export function domainTools(libs: () => Libs) {
  const { read } = { read: (sql: string, values: readonly (string | number)[]) => query(libs().database, sql, values) };
  return {
    create: (tenant: TenantId, userName: string, more: Readonly<Record<string, unknown>> = {}): Promise<User> =>
      libs().users.create(tenant, command(), { userName, ...more }),
    mailboxOf: async (tenant: TenantId, user: User): Promise<Mailbox> => {
      const mailbox = await libs().mailboxes.byUser(tenant, user.id);
      if (mailbox === undefined) throw new Error('the user has no mailbox');
      return mailbox;
    },
    /** `address role state` of each address that is not released. */
    held: ({ addresses }: Mailbox): readonly string[] =>
      addresses
        .filter(({ state }) => state !== 'released')
        .map((address) => `${addressKey(address)} ${address.role} ${address.state}`)
        .sort(),
    recipient: async (key: string): Promise<Row | undefined> =>
      (await read('SELECT tenant_id, mailbox_id, action FROM mail_recipient WHERE address_key = ?', [key]))[0],
    relayDomains: (tenant: TenantId): Promise<Row[]> =>
      read(
        'SELECT name, next_hop, unknown_recipient_policy, active, version FROM mail_relay_domain WHERE tenant_id = ? ORDER BY name',
        [tenant],
      ),
    /** Types of the tenant's events in their order, with the ids of their mailboxes. */
    events: (tenant: TenantId): Promise<Row[]> =>
      read('SELECT type, mailbox_id FROM outbox_event WHERE tenant_id = ? ORDER BY version, position', [tenant]),
    feedVersion: async (tenant: TenantId): Promise<number> =>
      Number(
        (await read('SELECT feed_version FROM tenant_mail_counter WHERE tenant_id = ?', [tenant]))[0]?.['feed_version'],
      ),
  };
}

/** What the owner of the domain has to publish, for a DNS server of a test. */
export function proofOf({ nameAscii, verifyToken }: DomainWithWaiting): readonly [string, { readonly txt: string[] }] {
  return [`_cleanmail.${nameAscii}`, { txt: [`cleanmail-verification=${verifyToken}`] }];
}
