import { Database, type Session, type TenantId } from '@cleanmail/database';
import { AuditTrail, type EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { newDomain, vouchedFor } from '../tenant-domains.js';
import { DomainNotFoundError, DomainStateError } from '../domains.errors.js';
import { MailSettlement } from '../mail-settlement.js';
import { DomainClaims } from './domain-claims.js';
import { DomainDuties } from './domain-duties.js';
import { DomainFeed } from './domain-feed.js';
import { DomainRepository } from './domain.repository.js';
import { isOwned, type MailDomain } from './mail-domain.js';
import { RoleMailboxes } from './role-mailboxes.js';

/** A domain on its way from its owner to another tenant. */
export interface Transfer {
  readonly from: TenantId;
  readonly to: TenantId;
  readonly nameAscii: string;
}

/** What fits into one transaction; a tenant with fewer mailboxes there gives its domain away in a single one. */
const mailboxesPerTransaction = 25;

/**
 * Hands a domain from one tenant to another. While a large tenant's addresses are given up in batches, nobody can claim
 * one there; the last batch, the release and the new ownership are one transaction. An address is a single row for the
 * gateways, so that at no moment two tenants accept mail for it. Whoever repeats a transfer goes on where it stopped.
 */
@Injectable()
export class DomainTransfer {
  constructor(
    private readonly database: Database,
    private readonly domains: DomainRepository,
    private readonly claims: DomainClaims,
    private readonly roles: RoleMailboxes,
    private readonly duties: DomainDuties,
    private readonly feed: DomainFeed,
    private readonly settlement: MailSettlement,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws DomainNotFoundError; DomainStateError when the domain is not owned, or on its way to somebody else. */
  async transfer(
    transfer: Transfer,
    cause: EventCause,
    goesOn: () => Promise<boolean> = async () => true,
  ): Promise<void> {
    for await (const isDone of this.database.writeInBatches((session) => this.step(transfer, session, cause))) {
      if (isDone) {
        return this.duties.settle(transfer.to, transfer.nameAscii, cause, goesOn);
      }
      if (!(await goesOn())) {
        return;
      }
    }
  }

  /**
   * Stops a transfer whose receiver is gone; what was given up so far comes back as waiting mailboxes are granted. One
   * that goes to somebody else by now is left alone.
   */
  async cancel({ from, to, nameAscii }: Transfer): Promise<void> {
    await this.database.write(async (session) => {
      const stopped = await session.run(
        'UPDATE mail_domain SET transfer_to = NULL, settled_at = NULL WHERE tenant_id = ? AND name_ascii = ? AND transfer_to = ?',
        [from, nameAscii, to],
      );
      if (stopped > 0) {
        await this.settlement.settingsChanged(from, session);
      }
    });
  }

  private async step({ from, to, nameAscii }: Transfer, session: Session, cause: EventCause): Promise<boolean> {
    const domain = await this.domains.findForUpdate(from, session, nameAscii);
    requireMovable(domain, { from, to, nameAscii });
    const ended = await this.claims.endSome(from, session, nameAscii, {
      which: 'all',
      limit: mailboxesPerTransaction,
      cause,
    });
    if (ended === mailboxesPerTransaction) {
      if (domain.transferTo === null) {
        await this.domains.update(from, session, { ...domain, transferTo: to });
        await this.settlement.settingsChanged(from, session);
        await this.note(from, session, domain, { action: 'domain.transfer_begun', to }, cause);
      }
      return false;
    }
    await this.roles.end(from, session, nameAscii, cause);
    await this.handOver(domain, { from, to, nameAscii }, session, cause);
    return true;
  }

  private async handOver(
    domain: MailDomain,
    { from, to, nameAscii }: Transfer,
    session: Session,
    cause: EventCause,
  ): Promise<void> {
    const released: MailDomain = { ...domain, status: 'released', transferTo: null };
    await this.domains.update(from, session, released);
    await this.note(from, session, released, { action: 'domain.transfer', to }, cause);
    await this.settlement.settingsChanged(from, session);
    await this.feed.publish(from, session, released, 'domain.released', cause);
    const waiting = await this.domains.findForUpdate(to, session, nameAscii);
    if (waiting !== undefined) {
      await this.domains.remove(to, session, waiting);
    }
    const { unknownRecipientPolicy, subaddressing, nextHop } = domain;
    const fresh = newDomain({ ascii: nameAscii, unicode: domain.name }, cause.at);
    // Mail goes where it went: a change of hands on our side moves no mail server.
    const owned = { ...vouchedFor(fresh, cause.at), unknownRecipientPolicy, subaddressing, nextHop };
    await this.domains.insert(to, session, owned);
    await this.note(to, session, owned, { action: 'domain.receive', from }, cause);
    await this.settlement.settingsChanged(to, session);
    await this.feed.publish(to, session, owned, 'domain.verified', cause);
  }

  private async note(
    tenant: TenantId,
    session: Session,
    { nameAscii: target }: MailDomain,
    { action, ...details }: { readonly action: string; readonly from?: TenantId; readonly to?: TenantId },
    { actor: name, requestId }: EventCause,
  ): Promise<void> {
    await this.audit.record(tenant, session, { name, requestId }, { action, target, details });
  }
}

function requireMovable(
  domain: MailDomain | undefined,
  { from, to, nameAscii }: Transfer,
): asserts domain is MailDomain {
  if (domain === undefined) {
    throw new DomainNotFoundError(nameAscii);
  }
  const { name, transferTo } = domain;
  if (from === to) {
    throw new DomainStateError(`The tenant has the domain ${name} already.`);
  }
  if (!isOwned(domain)) {
    throw new DomainStateError(`The domain ${name} is ${domain.status}; only its owner can hand it over.`);
  }
  if (transferTo !== null && transferTo !== to) {
    throw new DomainStateError(`The domain ${name} is on its way to the tenant ${transferTo} already.`);
  }
}
