import type { Session, TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { readMailPolicy } from './mail-policy.js';
import { MailboxRepository } from './mailbox.repository.js';
import { MailboxWriter } from './mailbox-writer.js';

/** A mailbox whose time of grace is over. */
export interface DueGrace {
  readonly tenant: TenantId;
  readonly mailboxId: string;
  readonly graceUntil: number;
}

/** The end of the time in which mail of an inactive mailbox is still accepted, for a clock to carry out. */
@Injectable()
export class InactiveGrace {
  constructor(
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
  ) {}

  /** Mailboxes whose grace ended by `now`, the earliest first, those that follow `after`; an index serves it, so that nothing due costs nothing. */
  async dueGrace(session: Session, now: number, limit: number, after?: DueGrace): Promise<readonly DueGrace[]> {
    const { graceUntil = 0, mailboxId = '' } = after ?? {};
    const rows = await session.all<{ readonly tenant_id: TenantId; readonly id: string; readonly grace_until: number }>(
      `SELECT tenant_id, id, grace_until FROM mailbox_account WHERE grace_until <= ? AND grace_until >= ? AND (grace_until > ? OR id > ?) ORDER BY grace_until, id LIMIT ${Math.trunc(limit)}`,
      [now, graceUntil, graceUntil, mailboxId],
    );
    return rows.map((row) => ({ tenant: row.tenant_id, mailboxId: row.id, graceUntil: row.grace_until }));
  }

  /**
   * Ends the grace of mailboxes, in the caller's transaction: their mail goes by the policy from now on. `cause.at` is
   * the time that counts. One that somebody else ended, or that is active again, is left as it is.
   */
  async settleGrace(
    tenant: TenantId,
    session: Session,
    mailboxIds: readonly string[],
    cause: EventCause,
  ): Promise<number> {
    const policy = await readMailPolicy(tenant, session);
    const mailboxes = await this.mailboxes.findMany(tenant, session, mailboxIds);
    const changes = mailboxes
      .filter(({ graceUntil }) => graceUntil !== null && graceUntil <= cause.at)
      .map((before) => ({ before, after: { ...before, graceUntil: null } }));
    await this.writer.write(tenant, session, changes, policy, cause);
    return changes.length;
  }
}
