import { Database, type Session, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import type { CanonicalDomain } from '../address-codec.js';
import { TenantDomains } from '../tenant-domains.js';
import { DomainHasClaimsError } from '../domains.errors.js';
import { MailSettlement } from '../mail-settlement.js';
import { DomainClaims } from './domain-claims.js';
import { causeOf, found, requirePresent } from './domain-conditions.js';
import { DomainFeed } from './domain-feed.js';
import { DomainRepository } from './domain.repository.js';
import { isOwned, type MailDomain } from './mail-domain.js';
import { RoleMailboxes } from './role-mailboxes.js';

const mailboxesPerTransaction = 25;

/** The end of a tenant's domain: nobody owns it afterwards. */
@Injectable()
export class DomainRelease {
  constructor(
    private readonly database: Database,
    private readonly registry: TenantDomains,
    private readonly domains: DomainRepository,
    private readonly claims: DomainClaims,
    private readonly roles: RoleMailboxes,
    private readonly feed: DomainFeed,
    private readonly settlement: MailSettlement,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Releases a domain on which no address rests; its role mailboxes end with it. With `includeFormer`, former and
   * reserved addresses there are given up first, a few mailboxes a transaction.
   * @throws DomainHasClaimsError with a remedy; DomainStateError.
   */
  async release(
    tenant: TenantId,
    actor: Actor,
    raw: string,
    { includeFormer = false }: { readonly includeFormer?: boolean | undefined } = {},
  ): Promise<MailDomain> {
    const name = this.registry.parseOne(raw);
    const cause = causeOf(actor);
    if (includeFormer) {
      await this.endFormer(tenant, actor, name);
    }
    return this.database.write(async (session) => {
      const before = found(await this.domains.findForUpdate(tenant, session, name.ascii), name);
      requirePresent(before);
      const count = await this.claims.count(tenant, session, name.ascii);
      if (isOwned(before) && count.live + count.former > 0) {
        throw new DomainHasClaimsError(before.name, count);
      }
      await this.roles.end(tenant, session, name.ascii, cause);
      const released: MailDomain = { ...before, status: 'released' };
      await this.domains.update(tenant, session, released);
      const details = { status: before.status, includeFormer };
      await this.audit.record(tenant, session, actor, { action: 'domain.release', target: name.ascii, details });
      await this.settlement.settingsChanged(tenant, session);
      await this.feed.publish(tenant, session, released, 'domain.released', cause);
      return released;
    });
  }

  /** Nothing is given up while live addresses would keep the domain from being released anyway. */
  private async endFormer(tenant: TenantId, actor: Actor, name: CanonicalDomain): Promise<void> {
    const cause = causeOf(actor);
    const endSome = async (session: Session): Promise<number> => {
      const domain = found(await this.domains.find(tenant, session, name.ascii), name);
      requirePresent(domain);
      const count = await this.claims.count(tenant, session, name.ascii);
      if (count.live > 0) {
        throw new DomainHasClaimsError(domain.name, count);
      }
      const which = { which: 'former', limit: mailboxesPerTransaction, cause } as const;
      return this.claims.endSome(tenant, session, name.ascii, which);
    };
    for await (const ended of this.database.writeInBatches(endSome)) {
      if (ended < mailboxesPerTransaction) {
        break;
      }
    }
  }
}
