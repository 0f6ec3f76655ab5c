import { databaseTime, type Session, type TenantId } from '@cleanmail/database';
import { ErasureCertificates, type EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { MailboxHistory } from '../history/mailbox-history.js';
import { readMailPolicy } from '../mail-policy.js';
import type { Mailbox } from '../mailbox.js';
import { MailboxRepository } from '../mailbox.repository.js';
import { MailboxWriter } from '../mailbox-writer.js';
import { purgeMailbox } from './endings.js';

/** The end of a deleted mailbox's data. Only time leads here, never a SCIM request. */
@Injectable()
export class MailboxPurge {
  constructor(
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
    private readonly history: MailboxHistory,
    private readonly certificates: ErasureCertificates,
  ) {}

  /**
   * Purges a mailbox in the caller's transaction if that is due now, on the database's clock. False when it is not: it
   * was revived, purged already, or put on legal hold since it was looked up.
   */
  async purge(tenant: TenantId, session: Session, id: string, cause: EventCause): Promise<boolean> {
    const before = await this.mailboxes.findById(tenant, session, id);
    const now = await databaseTime(session);
    if (before === undefined || !isDue(before, now)) {
      return false;
    }
    const policy = await readMailPolicy(tenant, session);
    const after = purgeMailbox(before, now, policy);
    await this.writer.write(tenant, session, [{ before, after }], policy, cause);
    await this.history.redact(tenant, session, id);
    const fields = ['externalId', 'addresses.localPart', 'wishes', 'history'];
    const erasure = { userId: null, mailboxId: id, reason: 'retention', fields } as const;
    await this.certificates.issue(tenant, session, erasure, { ...cause, at: now });
    return true;
  }
}

function isDue({ status, legalHold, purgeAfter }: Mailbox, now: number): boolean {
  return status === 'deleted' && !legalHold && purgeAfter !== null && purgeAfter <= now;
}
