import { databaseTime, Database, type Session, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { DomainFeed } from './domain-feed.js';
import type { Proof } from './domain-proof.js';
import { DomainRepository } from './domain.repository.js';
import type { MailDomain } from './mail-domain.js';

/** Writes down what a look at the DNS has shown about a domain that is verified. The loss of a proof only alerts. */
@Injectable()
export class DomainCheck {
  constructor(
    private readonly database: Database,
    private readonly domains: DomainRepository,
    private readonly feed: DomainFeed,
  ) {}

  async record(tenant: TenantId, nameAscii: string, proof: Proof, cause: EventCause): Promise<void> {
    await this.database.write(async (session) => {
      const before = await this.domains.findForUpdate(tenant, session, nameAscii);
      if (before !== undefined && before.status !== 'released') {
        await this.write(tenant, session, before, afterCheck(before, proof, await databaseTime(session)), cause);
      }
    });
  }

  private async write(
    tenant: TenantId,
    session: Session,
    before: MailDomain,
    after: MailDomain,
    cause: EventCause,
  ): Promise<void> {
    await this.domains.update(tenant, session, after);
    if ((before.checkFailedSince === null) !== (after.checkFailedSince === null)) {
      const type = after.checkFailedSince === null ? 'domain.check_passed' : 'domain.check_failed';
      await this.feed.publish(tenant, session, after, type, cause);
    }
  }
}

const twoWeeks = 14 * 86_400_000;

/**
 * The domain after a look at the DNS. A DNS that does not answer says nothing about the domain, until it has been
 * silent for two weeks.
 */
export function afterCheck(domain: MailDomain, { outcome }: Proof, now: number): MailDomain {
  if (outcome === 'found') {
    return { ...domain, lastCheckAt: now, checkFailedSince: null };
  }
  if (outcome === 'unknown' && (domain.lastCheckAt ?? now) > now - twoWeeks) {
    return domain;
  }
  const checked = { ...domain, lastCheckAt: now };
  return domain.verifiedBy === 'dns' ? { ...checked, checkFailedSince: domain.checkFailedSince ?? now } : checked;
}
