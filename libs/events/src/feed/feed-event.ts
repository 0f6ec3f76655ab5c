import type { TenantId } from '@cleanmail/database';

/** An event as it leaves the house: ids, states and codes, no names and no addresses. */
export interface FeedEvent {
  /** Stays the same however often the event is sent. */
  readonly id: string;
  readonly type: string;
  readonly tenantId: TenantId;
  /** Grows within a tenant; a receiver that has seen a higher one of the same mailbox may pass this one over. */
  readonly version: number;
  readonly position: number;
  readonly mailboxId: string | null;
  readonly userId: string | null;
  readonly requestId: string | null;
  /** When it was asked for: milliseconds since 1970, UTC. */
  readonly at: number;
  /** Further ids and codes. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A row of the outbox. */
export interface OutboxRow {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly position: number;
  readonly mailbox_id: string | null;
  readonly request_id: string | null;
  readonly data: string;
  readonly at: number;
}

/** The columns of {@link OutboxRow}. */
export const outboxColumns = 'id, type, version, position, mailbox_id, request_id, data, at';

/** An event out of its row; of its data only what is known to name nobody. */
export function toFeedEvent(tenant: TenantId, row: OutboxRow): FeedEvent {
  const data = JSON.parse(row.data) as Readonly<Record<string, unknown>>;
  const userId = data['userId'];
  return {
    ...{ id: row.id, type: row.type, tenantId: tenant, version: Number(row.version), position: row.position },
    mailboxId: row.mailbox_id,
    userId: typeof userId === 'string' ? userId : null,
    requestId: row.request_id,
    at: Number(row.at),
    data: Object.fromEntries(Object.entries(data).filter(([name, value]) => isHarmless(name, value))),
  };
}

/** Events of one key are delivered in their order: those of a mailbox, and those of a tenant that have none. */
export function orderKey({ mailboxId }: Pick<FeedEvent, 'mailboxId'>): string {
  return mailboxId ?? '';
}

const codes = new Set(['status', 'reason', 'kind']);

function isHarmless(name: string, value: unknown): boolean {
  return (codes.has(name) || name.endsWith('Id')) && name !== 'userId' && (value === null || typeof value !== 'object');
}
