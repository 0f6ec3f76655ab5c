import { databaseTime, type Session, type TenantId } from '@cleanmail/database';
import { ErasureCertificates, type EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { purgeMailbox } from './clocks/endings.js';
import { MailboxHistory } from './history/mailbox-history.js';
import { readMailPolicy } from './mail-policy.js';
import type { Mailbox } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import { MailboxWriter } from './mailbox-writer.js';
import { endMailbox } from './transitions.js';

/** What an erasure takes from a mailbox; its id stays, and the keys of its addresses until their reservation ends. */
const fields = ['scimUserId', 'externalId', 'addresses.localPart', 'wishes', 'history'];

/** The end of mailboxes on request: of living ones too, and without waiting for the end of their retention. */
@Injectable()
export class MailboxErasure {
  constructor(
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
    private readonly history: MailboxHistory,
    private readonly certificates: ErasureCertificates,
  ) {}

  /** Ids of deleted mailboxes that were of the same person: only the same external id proves that. */
  async formerOnes(tenant: TenantId, session: Session, externalIds: readonly string[]): Promise<readonly string[]> {
    if (externalIds.length === 0) {
      return [];
    }
    const rows = await session.list<{ readonly id: string }>(
      `SELECT id FROM mailbox_account WHERE tenant_id = ? AND external_id IN (${externalIds.map(() => '?').join(', ')}) AND scim_user_id IS NULL AND status <> 'purged' ORDER BY id LIMIT 25`,
      [tenant, ...externalIds],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Purges mailboxes, which the caller has locked in this transaction and found not to be on legal hold; each leaves a
   * certificate. The tenant's counter is taken, so this belongs to the end of a transaction.
   */
  async purge(
    tenant: TenantId,
    session: Session,
    mailboxes: readonly Mailbox[],
    cause: EventCause,
    proof: Readonly<Record<string, unknown>>,
  ): Promise<number> {
    const living = mailboxes.filter(({ status }) => status !== 'purged');
    const now = await databaseTime(session);
    const policy = await readMailPolicy(tenant, session);
    const circumstances = { now, policy, erasesOnDeactivation: false };
    const changes = living.map((before) => {
      const ended = before.deletedAt === null ? endMailbox(before, circumstances) : before;
      return { before, after: { ...purgeMailbox(ended, now, policy), statusReason: 'request' } };
    });
    for (const { id, scimUserId } of living) {
      const erasure = { userId: scimUserId, mailboxId: id, reason: 'request', fields, proof } as const;
      await this.certificates.issue(tenant, session, erasure, { ...cause, at: now });
    }
    await this.writer.write(tenant, session, changes, policy, { ...cause, at: now });
    for (const { id } of living) {
      await this.history.redact(tenant, session, id);
    }
    return living.length;
  }

  /** Ids of the users that the mailboxes had, as their events tell. */
  async formerUsers(tenant: TenantId, session: Session, mailboxIds: readonly string[]): Promise<readonly string[]> {
    if (mailboxIds.length === 0) {
      return [];
    }
    const rows = await session.list<{ readonly data: string }>(
      `SELECT data FROM outbox_event WHERE tenant_id = ? AND mailbox_id IN (${mailboxIds.map(() => '?').join(', ')}) ORDER BY version DESC LIMIT 500`,
      [tenant, ...mailboxIds],
    );
    const ids = rows.map(({ data }) => (JSON.parse(data) as { readonly userId?: string | null }).userId ?? null);
    return [...new Set(ids.filter((id) => id !== null))];
  }

  /** Those of some keys that other mailboxes hold: an address that has passed on is no longer the person's. */
  async heldByOthers(
    tenant: TenantId,
    session: Session,
    keys: readonly string[],
    mailboxIds: readonly string[],
  ): Promise<readonly string[]> {
    if (keys.length === 0) {
      return [];
    }
    const rows = await session.list<{ readonly claim_key: string; readonly mailbox_id: string }>(
      `SELECT claim_key, mailbox_id FROM mailbox_address WHERE tenant_id = ? AND claim_key IN (${keys.map(() => '?').join(', ')})`,
      [tenant, ...keys],
    );
    return rows.filter(({ mailbox_id: id }) => !mailboxIds.includes(id)).map(({ claim_key: key }) => key);
  }

  /** Mailboxes with their addresses and wishes, locked in the order of their ids. */
  async lock(tenant: TenantId, session: Session, ids: readonly string[]): Promise<readonly Mailbox[]> {
    return this.mailboxes.findMany(tenant, session, ids);
  }
}
