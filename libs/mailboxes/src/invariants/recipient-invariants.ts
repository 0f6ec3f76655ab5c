import { type Finding, type Invariant, type SqlValue, sqlInvariant } from '@cleanmail/database';
import { addressKey, type Mailbox, primaryAddress } from '../mailbox.js';
import { recipientsOf } from '../recipients.js';
import { byMailbox, mailboxesOfRange, type MailboxesOfRange } from './mailboxes-of-range.js';

interface RecipientRow {
  readonly mailbox_id: string;
  readonly address_key: string;
  readonly primary_key: string;
  readonly action: string;
}

const between =
  'SELECT mailbox_id, address_key, primary_key, action FROM mail_recipient WHERE tenant_id = ? AND mailbox_id >= ? AND mailbox_id <= ?';

const claimed: Invariant = {
  name: 'recipient-rows',
  sentence: 'For every address that a mailbox holds gateways read what follows from the mailbox and the policy.',
  remedy:
    'Change the mail policy of the tenant and change it back, which writes what differs; look at the mail of this address meanwhile.',
  over: { table: 'mailbox_account', key: 'id' },
  find: async (tenant, session, range) => {
    const known = await mailboxesOfRange(tenant, session, range);
    const values: readonly SqlValue[] = [tenant, range.first, range.last];
    const rows = byMailbox(await session.all<RecipientRow>(between, values));
    return known.mailboxes.flatMap((mailbox) => differences(mailbox, rows.get(mailbox.id) ?? [], known));
  },
};

const unclaimed = sqlInvariant<{ readonly address_key: string; readonly action: string }>({
  name: 'recipient-claims',
  sentence: 'Gateways know no address as anything but gone unless the mailbox that they read with it holds it.',
  remedy: 'Mail for it goes to the wrong mailbox: have the developers set the row to gone at once.',
  over: { table: 'mail_recipient', key: 'mailbox_id' },
  columns: 'r.address_key, r.action',
  broken:
    "r.action <> 'gone' AND NOT EXISTS (SELECT 1 FROM mailbox_address a WHERE a.claim_key = r.address_key AND a.tenant_id = r.tenant_id AND a.mailbox_id = r.mailbox_id)",
  problem: ({ id, address_key: key, action }) =>
    `gateways ${action} mail for ${key} as mailbox ${id}, which does not hold it`,
});

const version = sqlInvariant<{ readonly address_key: string; readonly version: number }>({
  name: 'recipient-version',
  sentence: 'Every row of the recipients has a version that the feed of its tenant has reached.',
  remedy: 'Readers of the feed may have missed it: have them start anew, and tell the developers.',
  over: { table: 'mail_recipient', key: 'mailbox_id' },
  columns: 'r.address_key, r.version',
  joins: 'LEFT JOIN tenant_mail_counter c ON c.tenant_id = r.tenant_id',
  broken: 'c.tenant_id IS NULL OR r.version < 1 OR r.version > c.feed_version',
  problem: ({ address_key: key, version: is }) =>
    `the recipient ${key} has the version ${is}, which the feed never had`,
});

/** What gateways read of the mailboxes of a range that does not follow from them. */
export const recipientFindings = claimed.find;

/** What gateways read, and what was granted. */
export const recipientInvariants: readonly Invariant[] = [claimed, unclaimed, version];

function differences(
  mailbox: Mailbox,
  rows: readonly RecipientRow[],
  { settings, isSettled }: MailboxesOfRange,
): readonly Finding[] {
  const byKey = new Map(rows.map((row) => [row.address_key, row]));
  const primary = primaryAddress(mailbox);
  const { id } = mailbox;
  return [...recipientsOf(mailbox, settings)].flatMap(([key, action]): readonly Finding[] => {
    const row = byKey.get(key);
    const wanted = primary === undefined ? key : addressKey(primary);
    if (row === undefined) {
      return [{ id, problem: `gateways do not know ${key} as an address of mailbox ${id}` }];
    }
    if (isSettled && row.action !== action) {
      return [{ id, problem: `gateways ${row.action} mail for ${key} of mailbox ${id}; it must be ${action}` }];
    }
    return row.primary_key === wanted
      ? []
      : [{ id, problem: `gateways take ${row.primary_key} for the main address of ${key}; it is ${wanted}` }];
  });
}
