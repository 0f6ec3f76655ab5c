import { Database, type Session, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { graceEnd } from './derive-status.js';
import { type MailSettings, readMailPolicy } from './mail-policy.js';
import type { Mailbox, MailboxStatus } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import { MailboxWriter } from './mailbox-writer.js';
import { PendingMailboxes } from './pending-mailboxes.js';
import { settleSeat } from './seat-settlement.js';

const mailboxesPerTransaction = 50;

/** Brings the mailboxes of a tenant in line with its settings after those were changed. */
@Injectable()
export class MailSettlement {
  constructor(
    private readonly database: Database,
    private readonly mailboxes: MailboxRepository,
    private readonly pending: PendingMailboxes,
    private readonly writer: MailboxWriter,
  ) {}

  /** Moves the version of a tenant's settings, in the transaction that changes them: whoever saw older ones starts again. */
  async settingsChanged(tenant: TenantId, session: Session): Promise<void> {
    await session.run('UPDATE tenant_mail_counter SET settings_version = settings_version + 1 WHERE tenant_id = ?', [
      tenant,
    ]);
  }

  /** Tenants whose mailboxes do not all follow their settings yet: a change was interrupted, or is being carried out; those that follow `after`. */
  async unsettled(session: Session, limit: number, after = ''): Promise<readonly TenantId[]> {
    const rows = await session.all<{ readonly tenant_id: TenantId }>(
      `SELECT tenant_id FROM tenant_mail_counter WHERE settled_version <> settings_version AND tenant_id > ? ORDER BY tenant_id LIMIT ${Math.trunc(limit)}`,
      [after],
    );
    return rows.map(({ tenant_id: tenant }) => tenant);
  }

  /**
   * Lets every mailbox follow the settings, some in a transaction: the suspension of the tenant, the policy for inactive
   * mailboxes, the seats. Does nothing where nothing is to be done, so it may be repeated and interrupted at any point.
   */
  async settle(tenant: TenantId, cause: EventCause): Promise<void> {
    const { version, isTenantSuspended } = await this.database.read((session) => readMailPolicy(tenant, session));
    const statuses: readonly MailboxStatus[] = isTenantSuspended ? ['suspended', 'active'] : ['suspended'];
    for (const status of statuses) {
      let after = '';
      const settleSome = (session: Session) => this.settleSome(tenant, session, { status, after }, cause);
      for await (const last of this.database.writeInBatches(settleSome)) {
        if (last === undefined) {
          break;
        }
        after = last;
      }
    }
    await this.pending.settleSeats(tenant, cause);
    await this.database.write((session) =>
      session.run('UPDATE tenant_mail_counter SET settled_version = ? WHERE tenant_id = ? AND settings_version = ?', [
        version,
        tenant,
        version,
      ]),
    );
  }

  private async settleSome(
    tenant: TenantId,
    session: Session,
    { status, after }: { readonly status: MailboxStatus; readonly after: string },
    cause: EventCause,
  ): Promise<string | undefined> {
    const rows = await session.all<{ readonly id: string }>(
      `SELECT id FROM mailbox_account WHERE tenant_id = ? AND status = ? AND id > ? ORDER BY id LIMIT ${mailboxesPerTransaction}`,
      [tenant, status, after],
    );
    const ids = rows.map(({ id }) => id);
    const policy = await readMailPolicy(tenant, session);
    const mailboxes = await this.mailboxes.findMany(tenant, session, ids);
    const changes = mailboxes.map((before) => ({ before, after: resettled(before, policy, cause.at) }));
    await this.writer.writeAnew(tenant, session, changes, policy, cause);
    return ids.at(-1);
  }
}

/** The mailbox under the settings as they now are; a grace that the policy made longer or shorter is measured again. */
function resettled(mailbox: Mailbox, policy: MailSettings, now: number): Mailbox {
  const after = settleSeat(mailbox, mailbox, { now, policy });
  const isSameSuspension = after.status === 'suspended' && after.statusReason === mailbox.statusReason;
  return isSameSuspension ? { ...after, graceUntil: graceEnd(after.statusSince, { now, policy }) } : after;
}
