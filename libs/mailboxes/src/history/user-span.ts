import type { Session, TenantId } from '@cleanmail/database';
import { historyColumns, historyRecord, type HistoryRow } from './history-rows.js';

/** The versions of a mailbox that belong to the history of a user: from `first` on, before `end`. */
export interface UserSpan {
  readonly mailboxId: string;
  readonly first: number;
  readonly end: number;
  /** Whether the mailbox was made for the user. */
  readonly hasCreation: boolean;
}

const noEnd = 0x7fff_ffff;
const changedOnes =
  'SELECT mailbox_id, MIN(version) AS first, MAX(version) AS last FROM mailbox_history WHERE tenant_id = ? AND user_id = ? GROUP BY mailbox_id';
const linked = 'SELECT id FROM mailbox_account WHERE tenant_id = ? AND scim_user_id = ?';
const nextUser =
  'SELECT MIN(version) AS next FROM mailbox_history WHERE tenant_id = ? AND mailbox_id = ? AND version > ? AND user_id IS NOT NULL';
const oneVersion = `SELECT ${historyColumns} FROM mailbox_history WHERE tenant_id = ? AND mailbox_id = ? AND version = ?`;

/** The mailboxes that a user has or had. What becomes of one after its user belongs to that user until there is another. */
export async function spanOfUser(tenant: TenantId, session: Session, userId: string): Promise<readonly UserSpan[]> {
  const rows = await session.all<{ readonly mailbox_id: string; readonly first: number; readonly last: number }>(
    changedOnes,
    [tenant, userId],
  );
  const spans: UserSpan[] = [];
  for (const { mailbox_id: mailboxId, first, last } of rows) {
    const next = await session.first<{ readonly next: number | null }>(nextUser, [tenant, mailboxId, last]);
    const row = await session.first<HistoryRow>(oneVersion, [tenant, mailboxId, first]);
    const link = row === undefined ? undefined : historyRecord(row).changes.mailbox?.['scimUserId'];
    spans.push({ mailboxId, first, end: next?.next ?? noEnd, hasCreation: link?.[1] !== userId });
  }
  // One that never changed since it was made has no rows.
  const now = await session.first<{ readonly id: string }>(linked, [tenant, userId]);
  const isKnown = spans.some(({ mailboxId }) => mailboxId === now?.id);
  return now === undefined || isKnown
    ? spans
    : [...spans, { mailboxId: now.id, first: noEnd, end: noEnd, hasCreation: true }];
}
