import { newId, type SqlValue, type TenantId } from '@cleanmail/database';
import type { User } from '@cleanmail/users';
import { actor, type Libs } from '../support/libs.js';
import { providerOf, tenantWithDomain } from '../mailboxes/provider.js';

/** A tenant with two users, whose rows are about to be broken. */
export interface Victim {
  readonly libs: Libs;
  readonly tenant: TenantId;
  readonly domain: string;
  readonly anna: User;
  readonly annasMailbox: string;
  readonly bob: User;
  run(sql: string, ...values: readonly SqlValue[]): Promise<unknown>;
}

/** An invariant, what breaks it and nothing else, and the words in which that is reported. */
export interface Break {
  readonly invariant: string;
  readonly words: RegExp;
  readonly act: (victim: Victim) => Promise<unknown>;
}

/** A tenant of its own, so that what one test breaks is nobody else's. */
export async function newVictim(libs: Libs): Promise<Victim> {
  const { tenant, domain } = await tenantWithDomain(libs);
  const provider = providerOf(libs, tenant);
  const emails = [{ value: `a.berg@${domain}`, type: 'work' }];
  const anna = await provider.create({ userName: `anna@${domain}`, externalId: 'e-1', emails });
  const bob = await provider.create({ userName: `bob@${domain}` });
  const run = (sql: string, ...values: readonly SqlValue[]) =>
    libs.database.write((session) => session.run(sql, values));
  return { libs, tenant, domain, anna, annasMailbox: (await provider.mailboxOf(anna)).id, bob, run };
}

/** Has bob's mailbox purged at once, and gives its id. */
export async function purgeBob({ libs, tenant, bob, run }: Victim): Promise<string> {
  const provider = providerOf(libs, tenant);
  const { id } = await provider.mailboxOf(bob);
  await provider.remove(bob);
  await run('UPDATE mailbox_account SET purge_after = 1 WHERE tenant_id = ? AND id = ?', tenant, id);
  await libs.clocks.run({ only: 'mailbox-purge', now: true });
  return id;
}

/** Has bob erased on request, and gives the id of the erasure. */
async function eraseBob({ libs: { erasures }, tenant, bob }: Victim): Promise<string> {
  const by = (name: string) => ({ name, requestId: 'r' });
  const { id } = await erasures.ask(tenant, by('ada'), { userId: bob.id }, 'Case 1');
  return (await erasures.confirm(tenant, by('bea'), id)).id;
}

const ofAnna = 'WHERE tenant_id = ? AND id = ?';

/** One break an invariant at least. */
export const breaks: readonly Break[] = [
  {
    invariant: 'tenant-mail',
    words: /the tenant is suspended, and its mail is not/,
    act: ({ tenant, run }) => run("UPDATE tenant SET status = 'suspended' WHERE id = ?", tenant),
  },
  {
    invariant: 'user-mailbox',
    words: /^user \S+ has no mailbox$/,
    act: ({ tenant, annasMailbox, run }) =>
      run(`UPDATE mailbox_account SET scim_user_id = NULL ${ofAnna}`, tenant, annasMailbox),
  },
  {
    invariant: 'user-mapping',
    words: /is not as active as its user \S+, or has another external id/,
    act: ({ tenant, annasMailbox, run }) =>
      run(`UPDATE mailbox_account SET external_id = 'e-2' ${ofAnna}`, tenant, annasMailbox),
  },
  {
    invariant: 'user-log',
    words: /the provisioning log does not know how user \S+ came about/,
    act: async ({ tenant, bob, run }) => {
      await run('UPDATE scim_user SET created_at = created_at + 10 WHERE tenant_id = ? AND id = ?', tenant, bob.id);
      await run('DELETE FROM provisioning_log WHERE tenant_id = ? AND resource_id = ?', tenant, bob.id);
    },
  },
  {
    invariant: 'user-keys',
    words: /is not found by its userName or displayName/,
    act: ({ tenant, anna, run }) => run(`UPDATE scim_user SET user_name_key = 'x' ${ofAnna}`, tenant, anna.id),
  },
  {
    invariant: 'user-keys',
    words: /is not found by its e-mail addresses/,
    act: ({ tenant, anna, run }) =>
      run('DELETE FROM scim_user_email WHERE tenant_id = ? AND user_id = ?', tenant, anna.id),
  },
  {
    invariant: 'mailbox-user',
    words: /names a user whom there is not/,
    act: async ({ libs, tenant, domain, run }) => {
      const wanted = { address: `info@${domain}`, kind: 'shared', origin: 'manual', aliases: [] } as const;
      const id = await libs.support.create(tenant, actor, wanted);
      await run('UPDATE mailbox_account SET scim_user_id = ? WHERE tenant_id = ? AND id = ?', newId(), tenant, id);
    },
  },
  {
    invariant: 'email-user',
    words: /an e-mail address leads to user \S+, whom there is not/,
    act: ({ tenant, run }) =>
      run(
        'INSERT INTO scim_user_email (tenant_id, value_key, user_id) VALUES (?, ?, ?)',
        tenant,
        'x@y.example',
        newId(),
      ),
  },
  {
    invariant: 'group-member',
    words: /is a member of group \S+, which there is not/,
    act: ({ tenant, anna, run }) => run(insertMember, tenant, newId(), anna.id),
  },
  {
    invariant: 'page-directory',
    words: /says 3, has 2/,
    act: ({ tenant, run }) =>
      run("UPDATE scim_page_block SET live = 3 WHERE tenant_id = ? AND resource_type = 'User'", tenant),
  },
  {
    invariant: 'mailbox-status',
    words: /is active \(admin\) and must be active$/,
    act: ({ tenant, annasMailbox, run }) =>
      run(`UPDATE mailbox_account SET status_reason = 'admin' ${ofAnna}`, tenant, annasMailbox),
  },
  {
    invariant: 'mailbox-seat',
    words: /has no seat and must have one/,
    act: async ({ tenant, annasMailbox, run }) => {
      await run(`UPDATE mailbox_account SET seat = 0, seat_since = NULL ${ofAnna}`, tenant, annasMailbox);
      await run('UPDATE tenant_mail_counter SET seats_used = seats_used - 1 WHERE tenant_id = ?', tenant);
    },
  },
  {
    invariant: 'mailbox-end',
    words: /is active, and its user, dates or wishes do not go with that/,
    act: ({ tenant, annasMailbox, run }) =>
      run(`UPDATE mailbox_account SET purge_after = 1 ${ofAnna}`, tenant, annasMailbox),
  },
  {
    invariant: 'purge-certificate',
    words: /is purged without a certificate/,
    act: async (victim) => {
      const id = await purgeBob(victim);
      await victim.run('DELETE FROM erasure_certificate WHERE tenant_id = ? AND mailbox_id = ?', victim.tenant, id);
    },
  },
  {
    invariant: 'address-state',
    words: /is live, and the mailbox is deleted/,
    act: async ({ libs, tenant, bob, run }) => {
      const provider = providerOf(libs, tenant);
      const { id } = await provider.mailboxOf(bob);
      await provider.remove(bob);
      await run(
        "UPDATE mailbox_address SET state = 'live', valid_until = NULL WHERE tenant_id = ? AND mailbox_id = ?",
        tenant,
        id,
      );
    },
  },
  {
    invariant: 'address-end',
    words: /is live, and its date does not go with that/,
    act: ({ tenant, annasMailbox, run }) =>
      run('UPDATE mailbox_address SET valid_until = 5 WHERE tenant_id = ? AND mailbox_id = ?', tenant, annasMailbox),
  },
  {
    invariant: 'address-domain',
    words: /stands on nobody owning d-\S+\.example, which has an owner/,
    act: async ({ tenant, annasMailbox, run }) => {
      await run('UPDATE mail_domain SET settled_at = 1 WHERE tenant_id = ?', tenant);
      await run(
        "UPDATE mailbox_address SET basis = 'open' WHERE tenant_id = ? AND mailbox_id = ?",
        tenant,
        annasMailbox,
      );
    },
  },
  {
    invariant: 'recipient-rows',
    words: /gateways do not know anna@\S+ as an address of mailbox/,
    act: ({ tenant, annasMailbox, run }) =>
      run('DELETE FROM mail_recipient WHERE tenant_id = ? AND mailbox_id = ?', tenant, annasMailbox),
  },
  {
    invariant: 'recipient-rows',
    words: /gateways reject mail for anna@\S+ of mailbox \S+; it must be accept/,
    act: ({ tenant, annasMailbox, run }) =>
      run("UPDATE mail_recipient SET action = 'reject' WHERE tenant_id = ? AND mailbox_id = ?", tenant, annasMailbox),
  },
  {
    invariant: 'recipient-claims',
    words: /gateways accept mail for eve@\S+ as mailbox \S+, which does not hold it/,
    act: ({ tenant, domain, annasMailbox, run }) =>
      run(insertRecipient, `eve@${domain}`, tenant, annasMailbox, `eve@${domain}`),
  },
  {
    invariant: 'recipient-version',
    words: /has the version 99, which the feed never had/,
    act: ({ tenant, annasMailbox, run }) =>
      run('UPDATE mail_recipient SET version = 99 WHERE tenant_id = ? AND mailbox_id = ?', tenant, annasMailbox),
  },
  {
    invariant: 'seat-time',
    words: /has a seat, and nothing says since when/,
    act: ({ tenant, annasMailbox, run }) =>
      run(`UPDATE mailbox_account SET seat_since = NULL ${ofAnna}`, tenant, annasMailbox),
  },
  {
    invariant: 'seat-time',
    words: /from a time on at which the ledger has it already/,
    act: ({ tenant, annasMailbox, run }) =>
      run(`UPDATE mailbox_account SET seat_since = 1 ${ofAnna}`, tenant, annasMailbox).then(() =>
        run(insertInterval, tenant, annasMailbox),
      ),
  },
  {
    invariant: 'seat-mailbox',
    words: /is of mailbox \S+, which there is not/,
    act: ({ tenant, run }) => run(insertInterval, tenant, newId()),
  },
  {
    invariant: 'seats-used',
    words: /^7 seats are said to be in use, and 2 mailboxes have one$/,
    act: ({ tenant, run }) => run('UPDATE tenant_mail_counter SET seats_used = 7 WHERE tenant_id = ?', tenant),
  },
  {
    invariant: 'domain-relay-rows',
    words: /is verified, and what gateways read of it is something else/,
    act: ({ tenant, run }) => run("UPDATE mail_relay_domain SET next_hop = 'x' WHERE tenant_id = ?", tenant),
  },
  {
    invariant: 'relay-domain-owner',
    words: /which the tenant does not own/,
    act: ({ tenant, run }) => run(insertRelayDomain, `${newId()}.example`, tenant),
  },
  {
    invariant: 'feed-holes',
    words: /the feed has version 2, and not the one before/,
    act: ({ tenant, run }) => run('DELETE FROM outbox_event WHERE tenant_id = ? AND version = 1', tenant),
  },
  {
    invariant: 'feed-positions',
    words: /version 2 of the feed has an event 1, and not the one before/,
    act: ({ tenant, run }) =>
      run('DELETE FROM outbox_event WHERE tenant_id = ? AND version = 2 AND position = 0', tenant),
  },
  {
    invariant: 'feed-version',
    words: /the feed is said to be at version 9, and its last event has 2/,
    act: ({ tenant, run }) => run('UPDATE tenant_mail_counter SET feed_version = 9 WHERE tenant_id = ?', tenant),
  },
  {
    invariant: 'feed-status',
    words: /is active, and its last event says pending/,
    act: ({ tenant, annasMailbox, run }) =>
      run(
        `UPDATE outbox_event SET data = '{"status":"pending"}' WHERE tenant_id = ? AND mailbox_id = ?`,
        tenant,
        annasMailbox,
      ),
  },
  {
    invariant: 'erasure-proof',
    words: /is over, and its certificate is missing or its user is there/,
    act: async (victim) => {
      const { tenant, run } = victim;
      await run('DELETE FROM erasure_certificate WHERE tenant_id = ? AND id = ?', tenant, await eraseBob(victim));
    },
  },
  {
    invariant: 'erasure-actors',
    words: /was not confirmed by a second person/,
    act: async (victim) => {
      const { tenant, run } = victim;
      const id = await eraseBob(victim);
      await run('UPDATE erasure_request SET confirmed_by = requested_by WHERE tenant_id = ? AND id = ?', tenant, id);
    },
  },
];

const insertMember =
  "INSERT INTO scim_group_member (tenant_id, group_id, member_id, member_type, added_at) VALUES (?, ?, ?, 'User', 1)";
const insertRecipient =
  "INSERT INTO mail_recipient (address_key, tenant_id, mailbox_id, primary_key, action, version, changed_at) VALUES (?, ?, ?, ?, 'accept', 1, 1)";
/** One that is over. */
export const insertInterval = 'INSERT INTO seat_interval (tenant_id, mailbox_id, from_at, to_at) VALUES (?, ?, 1, 2)';
const insertRelayDomain =
  "INSERT INTO mail_relay_domain (name, tenant_id, unknown_recipient_policy, active, version) VALUES (?, ?, 'defer', 1, 1)";
