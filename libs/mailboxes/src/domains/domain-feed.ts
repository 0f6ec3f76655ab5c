import type { Session, TenantId } from '@cleanmail/database';
import { type EventCause, Outbox } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { feedVersion } from '../feed-version.js';
import { isOwned, type MailDomain } from './mail-domain.js';
import { insertRelayDomain } from './relay-domain-rows.js';

/** What happened to a domain. */
export type DomainEvent =
  | 'domain.added'
  | 'domain.verified'
  | 'domain.changed'
  | 'domain.suspended'
  | 'domain.resumed'
  | 'domain.released'
  | 'domain.check_failed'
  | 'domain.check_passed';

/** Tells of a changed domain, in the transaction of the change: the rows that gateways read, and the event. */
@Injectable()
export class DomainFeed {
  constructor(private readonly outbox: Outbox) {}

  /** The feed's version is taken under a lock, so this belongs to the end of a transaction. */
  async publish(
    tenant: TenantId,
    session: Session,
    domain: MailDomain,
    type: DomainEvent,
    cause: EventCause,
  ): Promise<void> {
    const version = await session.increment(feedVersion, tenant, 1);
    await this.writeRelayDomain(tenant, session, domain, version);
    const data = { domainId: domain.id, domain: domain.nameAscii };
    await this.outbox.append(tenant, session, version, cause, [{ type, data }]);
  }

  /** The rows are there while the tenant owns the domain; written anew as a whole, as there are two of them at most. */
  private async writeRelayDomain(
    tenant: TenantId,
    session: Session,
    domain: MailDomain,
    version: number,
  ): Promise<void> {
    for (const name of new Set([domain.nameAscii, domain.name])) {
      await session.run('DELETE FROM mail_relay_domain WHERE name = ? AND tenant_id = ?', [name, tenant]);
    }
    if (isOwned(domain)) {
      await insertRelayDomain(tenant, session, domain, version);
    }
  }
}
