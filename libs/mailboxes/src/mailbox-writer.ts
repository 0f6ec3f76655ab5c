import type { Session, TenantId } from '@cleanmail/database';
import { type EventCause, Outbox, type OutboxEvent } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { feedVersion } from './feed-version.js';
import type { MailPolicy } from './mail-policy.js';
import { addressKey, type Mailbox, primaryAddress } from './mailbox.js';
import { mailboxEvents } from './mailbox-events.js';
import { MailboxRepository } from './mailbox.repository.js';
import { type RecipientAction, recipientsOf } from './recipients.js';

/** A mailbox before (undefined: new) and after a change. */
export interface MailboxChange {
  readonly before: Mailbox | undefined;
  readonly after: Mailbox;
}

const upsertRecipient = {
  mysql: `INSERT INTO mail_recipient (address_key, tenant_id, mailbox_id, primary_key, action, policy_profile, version, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          ON DUPLICATE KEY UPDATE tenant_id = VALUES(tenant_id), mailbox_id = VALUES(mailbox_id), primary_key = VALUES(primary_key),
            action = VALUES(action), policy_profile = VALUES(policy_profile), version = VALUES(version), changed_at = VALUES(changed_at)`,
  sqlite: `INSERT INTO mail_recipient (address_key, tenant_id, mailbox_id, primary_key, action, policy_profile, version, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (address_key) DO UPDATE SET tenant_id = excluded.tenant_id, mailbox_id = excluded.mailbox_id, primary_key = excluded.primary_key,
             action = excluded.action, policy_profile = excluded.policy_profile, version = excluded.version, changed_at = excluded.changed_at`,
} as const;

/**
 * Writes changed mailboxes with all that follows from them, in the caller's transaction: addresses, wishes, the rows
 * that gateways read, and the events. The tenant's feed version is taken last, so that its lock is held shortly.
 */
@Injectable()
export class MailboxWriter {
  constructor(
    private readonly repository: MailboxRepository,
    private readonly outbox: Outbox,
  ) {}

  async write(
    tenant: TenantId,
    session: Session,
    changes: readonly MailboxChange[],
    policy: MailPolicy,
    cause: EventCause,
  ): Promise<void> {
    const real = changes.filter(({ before, after }) => before !== after);
    for (const { before, after } of real) {
      await (before === undefined
        ? this.repository.insert(tenant, session, after, cause.at)
        : this.repository.update(tenant, session, before, after, cause.at));
    }
    const events = real.flatMap(({ before, after }) => mailboxEvents(before, after));
    const recipients = changedRecipients(real, policy);
    if (events.length + recipients.length > 0) {
      await this.publish(tenant, session, recipients, events, cause);
    }
  }

  private async publish(
    tenant: TenantId,
    session: Session,
    recipients: readonly RecipientRow[],
    events: readonly OutboxEvent[],
    cause: EventCause,
  ): Promise<void> {
    const version = await session.increment(feedVersion, tenant, 1);
    for (const { key, action, mailbox } of recipients) {
      const primary = primaryAddress(mailbox);
      await session.run(upsertRecipient[session.dialect], [
        key, tenant, mailbox.id, primary === undefined ? key : addressKey(primary), action, null, version, cause.at,
      ]); // prettier-ignore
    }
    await this.outbox.append(tenant, session, version, cause, events);
  }
}

interface RecipientRow {
  readonly key: string;
  readonly action: RecipientAction;
  readonly mailbox: Mailbox;
}

/** The rows to write: what is new or different, and `gone` for what is no longer there and nobody else has taken. */
function changedRecipients(changes: readonly MailboxChange[], policy: MailPolicy): readonly RecipientRow[] {
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
