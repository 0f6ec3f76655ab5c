import { databaseTime, type Session, type TenantId } from '@cleanmail/database';
import { ErasureCertificates, type EventCause } from '@cleanmail/journal';
import {
  eraseMailbox,
  type Mailbox,
  MailboxHistory,
  MailboxRepository,
  MailboxWriter,
  readMailPolicy,
} from '@cleanmail/mailboxes';
import { type ScimResource, userResourceType } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { nextVersion } from './stored-resource.js';
import { isActive, type User } from './user.js';
import { UserRepository } from './user.repository.js';

/** What an erased user keeps: by these its identity provider finds it, and can end it or bring it back. */
const kept = new Set(['userName', 'externalId', 'active']);

/** Erases what a deactivated user's profile holds beyond what its identity provider needs to go on managing it. */
@Injectable()
export class ProfileErasure {
  constructor(
    private readonly users: UserRepository,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
    private readonly history: MailboxHistory,
    private readonly certificates: ErasureCertificates,
  ) {}

  /**
   * Erases in the caller's transaction if that is due now, on the database's clock, and leaves a certificate. False when
   * it is not: the user came back or was deleted, or a legal hold keeps the data.
   */
  async erase(tenant: TenantId, session: Session, mailboxId: string, cause: EventCause): Promise<boolean> {
    const linked = await session.first<{ readonly scim_user_id: string | null }>(
      'SELECT scim_user_id FROM mailbox_account WHERE tenant_id = ? AND id = ?',
      [tenant, mailboxId],
    );
    // The user before the mailbox, as in every request: two that lock in another order would wait for each other.
    const userId = linked?.scim_user_id ?? null;
    const user = userId === null ? undefined : await this.users.findForUpdate(tenant, session, userId);
    const before = await this.mailboxes.findById(tenant, session, mailboxId);
    const now = await databaseTime(session);
    if (before === undefined || before.scimUserId !== userId || !isDue(before, user, now)) {
      return false;
    }
    const fields = user === undefined ? [] : await this.eraseUser(tenant, session, user, now);
    const policy = await readMailPolicy(tenant, session);
    await this.writer.write(tenant, session, [{ before, after: eraseMailbox(before) }], policy, cause);
    await this.history.redact(tenant, session, mailboxId);
    if (user !== undefined) {
      const erasure = { userId, mailboxId, reason: 'deactivated', fields: [...fields, 'addresses.localPart'] } as const;
      await this.certificates.issue(tenant, session, erasure, { ...cause, at: now });
    }
    return user !== undefined;
  }

  private async eraseUser(tenant: TenantId, session: Session, user: User, now: number): Promise<readonly string[]> {
    const isKept = ([name]: readonly [string, unknown]) => kept.has(name);
    const entries = Object.entries(user.resource);
    const resource: ScimResource = Object.fromEntries(entries.filter(isKept));
    const fields = entries.filter((entry) => !isKept(entry)).map(([name]) => name);
    if (fields.length > 0) {
      await this.users.update(tenant, session, user, nextVersion(user, resource, now), userResourceType);
    }
    return fields;
  }
}

/** The mailbox of a deleted user has nothing to erase that its retention does not end: only its date goes. */
function isDue({ eraseAfter, legalHold, scimActive }: Mailbox, user: User | undefined, now: number): boolean {
  const isBack = scimActive !== false || (user !== undefined && isActive(user));
  return eraseAfter !== null && eraseAfter <= now && !legalHold && !isBack;
}
