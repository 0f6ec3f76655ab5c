import type { Session, SqlValue, TenantId, Write } from '@cleanmail/database';
import { currentFeedVersion } from './feed-version.js';
import type { MailPolicy } from './mail-policy.js';
import { addressKey, type Mailbox, primaryAddress } from './mailbox.js';
import { multiRowStatement, multiRowWrites } from './multi-row-insert.js';
import { type RecipientAction, recipientsOf } from './recipients.js';

/** A row of the recipient read model, as it must be. */
export interface RecipientRow {
  readonly key: string;
  readonly action: RecipientAction;
  readonly mailbox: Mailbox;
}

interface StoredRecipient {
  readonly address_key: string;
  readonly action: RecipientAction;
  readonly primary_key: string;
}

/** A mailbox before (undefined: new) and after a change. */
export interface MailboxChange {
  readonly before: Mailbox | undefined;
  readonly after: Mailbox;
}

const columns = 'address_key, tenant_id, mailbox_id, primary_key, action, policy_profile, version, changed_at';
const row = `(?, ?, ?, ?, ?, ?, ${currentFeedVersion}, ?)`;

function upsert(dialect: Session['dialect'], rows: string): string {
  const insert = `INSERT INTO mail_recipient (${columns}) VALUES ${rows}`;
  const changed = columns.split(', ').slice(1);
  return dialect === 'mysql'
    ? `${insert} ON DUPLICATE KEY UPDATE ${changed.map((column) => `${column} = VALUES(${column})`).join(', ')}`
    : `${insert} ON CONFLICT (address_key) DO UPDATE SET ${changed.map((column) => `${column} = excluded.${column}`).join(', ')}`;
}

const upserts = {
  mysql: multiRowStatement(row, (rows) => upsert('mysql', rows)),
  sqlite: multiRowStatement(row, (rows) => upsert('sqlite', rows)),
} as const;

/** The statements that write rows of the read model, under the version that the tenant's feed then has. */
export function recipientWrites(
  tenant: TenantId,
  { dialect }: Pick<Session, 'dialect'>,
  rows: readonly RecipientRow[],
  at: number,
): readonly Write[] {
  const values = rows.map(({ key, action, mailbox }): SqlValue[] => {
    return [key, tenant, mailbox.id, mainKey(mailbox, key), action, null, tenant, at];
  });
  return multiRowWrites(upserts[dialect], values);
}

/** The rows to write: what is new or different, and `gone` for what is no longer there and nobody else has taken. */
export function changedRecipients(changes: readonly MailboxChange[], policy: MailPolicy): readonly RecipientRow[] {
  const rows = new Map<string, RecipientRow>();
  for (const { before, after } of changes) {
    const old = recipientsOf(before, policy);
    const hasNewPrimary = before === undefined || primaryAddress(before)?.id !== primaryAddress(after)?.id;
    const current = recipientsOf(after, policy);
    for (const [key, action] of current) {
      if (old.get(key) !== action || hasNewPrimary) {
        rows.set(key, { key, action, mailbox: after });
      }
    }
    for (const [key, action] of old) {
      if (!current.has(key) && action !== 'gone' && !rows.has(key)) {
        rows.set(key, { key, action: 'gone', mailbox: after });
      }
    }
  }
  return [...rows.values()];
}

/** The rows that are not as the mailboxes and the policy now have them; after a change of the policy. */
export async function outdatedRecipients(
  tenant: TenantId,
  session: Session,
  mailboxes: readonly Mailbox[],
  policy: MailPolicy,
): Promise<readonly RecipientRow[]> {
  if (mailboxes.length === 0) {
    return [];
  }
  const stored = await session.list<StoredRecipient>(
    `SELECT address_key, action, primary_key FROM mail_recipient WHERE tenant_id = ? AND mailbox_id IN (${mailboxes.map(() => '?').join(', ')})`,
    [tenant, ...mailboxes.map(({ id }) => id)],
  );
  const known = new Map(stored.map((found) => [found.address_key, found]));
  return mailboxes.flatMap((mailbox) =>
    [...recipientsOf(mailbox, policy)]
      .filter(
        ([key, action]) => known.get(key)?.action !== action || known.get(key)?.primary_key !== mainKey(mailbox, key),
      )
      .map(([key, action]) => ({ key, action, mailbox })),
  );
}

/** The main address of a mailbox, for the row of one of its addresses. */
function mainKey(mailbox: Mailbox, key: string): string {
  const primary = primaryAddress(mailbox);
  return primary === undefined ? key : addressKey(primary);
}
