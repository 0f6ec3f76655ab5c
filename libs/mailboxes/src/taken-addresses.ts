import { Database, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { PendingMailboxes } from './pending-mailboxes.js';

interface WishPlace {
  readonly first_seen: number;
  readonly mailbox_id: string;
  readonly wanted_key: string;
}

const wishesPerPage = 50;

/**
 * Wishes for an address that somebody else had, and that can be had by now: nobody claims it, or its holder in the same
 * tenant would yield it to whoever asked just now. An alias waits with the primary address of its mailbox.
 */
const free = `
  FROM mailbox_address_wish w
  JOIN mailbox_account q ON q.tenant_id = w.tenant_id AND q.id = w.mailbox_id
  LEFT JOIN mailbox_address a ON a.claim_key = w.wanted_key
  LEFT JOIN mailbox_account m ON m.tenant_id = a.tenant_id AND m.id = a.mailbox_id
 WHERE w.reason = 'address_taken' AND (w.role = 'primary' OR q.status <> 'pending')
   AND (a.id IS NULL OR (a.tenant_id = w.tenant_id AND (a.role = 'former' OR m.deleted_at IS NOT NULL)))`;
const dueTenants = `
  SELECT c.tenant_id FROM tenant_mail_counter c
   WHERE c.tenant_id > ? AND EXISTS (SELECT 1 ${free} AND w.tenant_id = c.tenant_id)
   ORDER BY c.tenant_id LIMIT 50`;
const nextWishes = `
  SELECT w.first_seen, w.mailbox_id, w.wanted_key ${free} AND w.tenant_id = ?
     AND (w.first_seen > ? OR (w.first_seen = ? AND (w.mailbox_id > ? OR (w.mailbox_id = ? AND w.wanted_key > ?))))`;
const inOrder = `ORDER BY w.first_seen, w.mailbox_id, w.wanted_key LIMIT ${wishesPerPage}`;

/** Addresses that somebody else had when they were asked for: granted when the holder lets go. */
@Injectable()
export class TakenAddresses {
  constructor(
    private readonly database: Database,
    private readonly pending: PendingMailboxes,
  ) {}

  /** Tenants where such an address can be had by now, those that follow `after`. */
  async due(session: Session, after = ''): Promise<readonly TenantId[]> {
    const rows = await session.all<{ readonly tenant_id: TenantId }>(dueTenants, [after]);
    return rows.map(({ tenant_id: tenant }) => tenant);
  }

  /**
   * Asks again for what can be had by now, or only for the address of that key; who asked first comes first, each in a
   * transaction of its own. Answers how many wishes came true. May be repeated, and run by several nodes at once.
   */
  async settle(
    tenant: TenantId,
    cause: EventCause,
    { key, goesOn = async () => true }: { readonly key?: string; readonly goesOn?: () => Promise<boolean> } = {},
  ): Promise<number> {
    let granted = 0;
    let last: WishPlace | undefined = { first_seen: -1, mailbox_id: '', wanted_key: '' };
    while (last !== undefined && (await goesOn())) {
      const wishes: readonly WishPlace[] = await this.next(tenant, last, key);
      const answers = await this.database.writeEach(wishes, (session, wish) =>
        this.grant(tenant, session, wish, cause),
      );
      granted += answers.filter(Boolean).length;
      last = wishes.length < wishesPerPage ? undefined : wishes.at(-1);
    }
    return granted;
  }

  private async next(
    tenant: TenantId,
    { first_seen: at, mailbox_id: id, wanted_key: wanted }: WishPlace,
    key: string | undefined,
  ): Promise<readonly WishPlace[]> {
    const ofKey = key === undefined ? '' : ' AND w.wanted_key = ?';
    const values: SqlValue[] = [tenant, at, at, id, id, wanted, ...(key === undefined ? [] : [key])];
    return this.database.read((session) => session.all<WishPlace>(`${nextWishes}${ofKey} ${inOrder}`, values));
  }

  /** Somebody else, or a mailbox that asked earlier, may have got it meanwhile: the wish then stays. */
  private async grant(
    tenant: TenantId,
    session: Session,
    { mailbox_id: id, wanted_key: key }: WishPlace,
    cause: EventCause,
  ): Promise<boolean> {
    const after = await this.pending.retry(tenant, session, id, cause);
    return after !== undefined && after.wishes.every(({ wantedKey }) => wantedKey !== key);
  }
}
