import { Database, type Session, type TenantId } from '@cleanmail/database';
import { type EventCause, Outbox, type OutboxEvent } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import type { CanonicalDomain } from './address-codec.js';
import { TenantDomains } from './tenant-domains.js';
import { feedVersion } from './feed-version.js';
import { GuardBatchRepository } from './guard/guard-batch.repository.js';
import { readMailPolicy } from './mail-policy.js';
import { MailSettlement } from './mail-settlement.js';
import type { Mailbox } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import { MailboxWriter } from './mailbox-writer.js';
import { OpenClaims } from './open-claims.js';
import { endMailbox } from './transitions.js';

const mailboxesPerTransaction = 25;

/** The beginning and the end of a tenant's mail: its counter and domains, and the release of everything it held. */
@Injectable()
export class TenantMail {
  constructor(
    private readonly database: Database,
    private readonly domains: TenantDomains,
    private readonly openClaims: OpenClaims,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
    private readonly outbox: Outbox,
    private readonly settlement: MailSettlement,
    private readonly batches: GuardBatchRepository,
  ) {}

  /** Sets a new tenant up, in the transaction that creates it. @throws DomainInUseError */
  async open(tenant: TenantId, session: Session, domains: readonly CanonicalDomain[], now: number): Promise<void> {
    await session.run('INSERT INTO tenant_mail_counter (tenant_id, feed_version) VALUES (?, 0)', [tenant]);
    await this.domains.claim(tenant, session, domains, now);
  }

  /** Appends events that concern the tenant itself to its feed, in the caller's transaction, under a version of their own. */
  async announce(tenant: TenantId, session: Session, cause: EventCause, events: readonly OutboxEvent[]): Promise<void> {
    const version = await session.increment(feedVersion, tenant, 1);
    await this.outbox.append(tenant, session, version, cause, events);
  }

  /** After a tenant became owner of domains: takes addresses there from tenants that had them while nobody did. */
  async settleOwnership(domains: readonly CanonicalDomain[], cause: EventCause): Promise<void> {
    for (const { ascii } of domains) {
      await this.openClaims.evictAll(ascii, cause);
    }
  }

  /** Suspends or resumes the mail of a tenant, in the transaction that does so with the tenant; {@link settle} follows. */
  async setSuspended(tenant: TenantId, session: Session, isSuspended: boolean): Promise<void> {
    await session.run(
      'UPDATE tenant_mail_counter SET is_suspended = ?, settings_version = settings_version + 1 WHERE tenant_id = ? AND is_suspended <> ?',
      [isSuspended, tenant, isSuspended],
    );
  }

  /** Lets all mailboxes follow the tenant's suspension or its end, some in a transaction; may be repeated after a crash. */
  async settle(tenant: TenantId, cause: EventCause): Promise<void> {
    await this.settlement.settle(tenant, cause);
  }

  /** Ends all mailboxes of a closed tenant and gives up its addresses and domains; may be repeated after a crash. */
  async close(tenant: TenantId, cause: EventCause): Promise<void> {
    for await (const ended of this.database.writeInBatches((session) => this.endSome(tenant, session, cause))) {
      if (ended < mailboxesPerTransaction) {
        break;
      }
    }
    await this.database.write(async (session) => {
      await this.batches.close(tenant, session, { at: cause.at, by: cause.actor });
      await this.endDomains(tenant, session, cause);
    });
  }

  /** Under a version of the feed: gateways relay for a domain until they hear that it has no owner. */
  private async endDomains(tenant: TenantId, session: Session, cause: EventCause): Promise<void> {
    const released = await this.domains.releaseAll(tenant, session);
    if (released.length > 0) {
      const events = released.map(({ id, name_ascii: domain }) => ({
        type: 'domain.released',
        data: { domainId: id, domain },
      }));
      await this.announce(tenant, session, cause, events);
    }
  }

  private async endSome(tenant: TenantId, session: Session, cause: EventCause): Promise<number> {
    const rows = await session.all<{ readonly mailbox_id: string }>(
      `SELECT DISTINCT m.id AS mailbox_id FROM mailbox_account m LEFT JOIN mailbox_address a ON a.tenant_id = m.tenant_id AND a.mailbox_id = m.id AND a.state <> 'released' WHERE m.tenant_id = ? AND (m.deleted_at IS NULL OR a.id IS NOT NULL) LIMIT ${mailboxesPerTransaction}`,
      [tenant],
    );
    const ids = rows.map(({ mailbox_id: id }) => id);
    const policy = await readMailPolicy(tenant, session);
    const circumstances = { now: cause.at, policy, erasesOnDeactivation: false };
    const changes = (await this.mailboxes.findMany(tenant, session, ids)).map((before) => ({
      before,
      after:
        before.status === 'purged' ? { ...before, addresses: [] } : withoutAddresses(endMailbox(before, circumstances)),
    }));
    await this.writer.write(tenant, session, changes, policy, cause);
    return rows.length;
  }
}

/** Of a purged mailbox not even the rows of its addresses are kept. */
function withoutAddresses(mailbox: Mailbox): Mailbox {
  const addresses = mailbox.status === 'purged' ? [] : mailbox.addresses;
  return {
    ...mailbox,
    addresses: addresses.map((address) => ({ ...address, state: 'released', validUntil: null })),
  };
}
