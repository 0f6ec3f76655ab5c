import type { Session, SqlValue, TenantId, Write } from '@cleanmail/database';
import { currentFeedVersion } from './feed-version.js';
import type { MailPolicy } from './mail-policy.js';
import { addressKey, type Mailbox, primaryAddress } from './mailbox.js';
import { type RecipientAction, recipientsOf } from './recipients.js';

/** A row of the recipient read model, as it must be. */
export interface RecipientRow {
  readonly key: string;
  readonly action: RecipientAction;
  readonly mailbox: Mailbox;
}

/** A mailbox before (undefined: new) and after a change. */
export interface MailboxChange {
  readonly before: Mailbox | undefined;
  readonly after: Mailbox;
}

const columns = 'address_key, tenant_id, mailbox_id, primary_key, action, policy_profile, version, changed_at';
const row = `(?, ?, ?, ?, ?, ?, ${currentFeedVersion}, ?)`;
/** Two statement texts are enough: for the one row of most changes, and for batches. */
const rowsPerStatement = 10;

function upsert(dialect: Session['dialect'], count: number): string {
  const insert = `INSERT INTO mail_recipient (${columns}) VALUES ${Array<string>(count).fill(row).join(', ')}`;
  const changed = columns.split(', ').slice(1);
  return dialect === 'mysql'
    ? `${insert} ON DUPLICATE KEY UPDATE ${changed.map((column) => `${column} = VALUES(${column})`).join(', ')}`
    : `${insert} ON CONFLICT (address_key) DO UPDATE SET ${changed.map((column) => `${column} = excluded.${column}`).join(', ')}`;
}

const upserts = {
  mysql: { one: upsert('mysql', 1), many: upsert('mysql', rowsPerStatement) },
  sqlite: { one: upsert('sqlite', 1), many: upsert('sqlite', rowsPerStatement) },
} as const;

/** The statements that write rows of the read model, under the version that the tenant's feed then has. */
export function recipientWrites(
  tenant: TenantId,
  { dialect }: Pick<Session, 'dialect'>,
  rows: readonly RecipientRow[],
  at: number,
): readonly Write[] {
  const values = rows.map(({ key, action, mailbox }): SqlValue[] => {
    const primary = primaryAddress(mailbox);
    const primaryKey = primary === undefined ? key : addressKey(primary);
    return [key, tenant, mailbox.id, primaryKey, action, null, tenant, at];
  });
  const { one, many } = upserts[dialect];
  const batched = values.length - (values.length % rowsPerStatement);
  const writes: Write[] = [];
  for (let start = 0; start < batched; start += rowsPerStatement) {
    writes.push({ statement: many, parameters: values.slice(start, start + rowsPerStatement).flat() });
  }
  return [...writes, ...values.slice(batched).map((parameters) => ({ statement: one, parameters }))];
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
  const stored = await session.list<{ readonly address_key: string; readonly action: RecipientAction }>(
    `SELECT address_key, action FROM mail_recipient WHERE tenant_id = ? AND mailbox_id IN (${mailboxes.map(() => '?').join(', ')})`,
    [tenant, ...mailboxes.map(({ id }) => id)],
  );
  const actions = new Map(stored.map(({ address_key: key, action }) => [key, action]));
  return mailboxes.flatMap((mailbox) =>
    [...recipientsOf(mailbox, policy)]
      .filter(([key, action]) => actions.get(key) !== action)
      .map(([key, action]) => ({ key, action, mailbox })),
  );
}
