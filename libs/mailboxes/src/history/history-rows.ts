import { runAll, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import type { MailboxChange } from '../recipient-rows.js';
import { multiRowInsert, multiRowWrites } from '../multi-row-insert.js';
import { deltaOf, type RecordedDelta } from './mailbox-delta.js';

/** What is kept of one change; `version` is the mailbox's after it. */
export interface HistoryRecord extends RecordedDelta {
  readonly mailboxId: string;
  readonly version: number;
  readonly at: number;
  readonly actor: string;
  readonly requestId: string | null;
  readonly userId: string | null;
}

/** A change as the driver reads it. */
export interface HistoryRow {
  readonly mailbox_id: string;
  readonly version: number;
  readonly at: number;
  readonly actor: string;
  readonly request_id: string | null;
  readonly user_id: string | null;
  readonly changes: string;
  readonly personal: string | null;
}

const columns = ['mailbox_id', 'version', 'at', 'actor', 'request_id', 'user_id', 'changes', 'personal'] as const;

/** The columns of {@link HistoryRow}. */
export const historyColumns = columns.join(', ');

const insertRows = multiRowInsert('mailbox_history', ['tenant_id', ...columns]);

/** Writes down what a unit of work changes of mailboxes. A new one costs nothing here: its account says who made it. */
export async function writeHistory(
  tenant: TenantId,
  session: Session,
  changes: readonly MailboxChange[],
  cause: EventCause,
): Promise<void> {
  const rows = changes.flatMap((change) => rowOf(tenant, change, cause));
  await runAll(session, multiRowWrites(insertRows, rows));
}

/** Reads what was written down. */
export function historyRecord(row: HistoryRow): HistoryRecord {
  return {
    mailboxId: row.mailbox_id,
    version: row.version,
    at: row.at,
    actor: row.actor,
    requestId: row.request_id,
    userId: row.user_id,
    changes: JSON.parse(row.changes) as RecordedDelta['changes'],
    personal: row.personal === null ? null : (JSON.parse(row.personal) as RecordedDelta['personal']),
  };
}

function rowOf(
  tenant: TenantId,
  { before, after }: MailboxChange,
  { actor, requestId, at }: EventCause,
): readonly SqlValue[][] {
  if (before === undefined) {
    return [];
  }
  const { changes, personal } = deltaOf(before, after);
  // Of a purged mailbox nothing personal is written down any more, also not which address its clock releases at last.
  const kept = after.status === 'purged' ? null : personal;
  return [
    [
      ...[tenant, after.id, before.rowVersion + 1, at, actor.slice(0, 160), requestId.slice(0, 64)],
      ...[after.scimUserId ?? before.scimUserId, JSON.stringify(changes), kept && JSON.stringify(kept)],
    ],
  ];
}
