import { Database, type Session, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail, type EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { type CanonicalDomain, parseDomain } from '../address-codec.js';
import { TenantDomains, newDomain, vouchedFor } from '../tenant-domains.js';
import { DomainExistsError, DomainInUseError, DomainNotVerifiedError, DomainStateError } from '../domains.errors.js';
import { MailSettlement } from '../mail-settlement.js';
import { DomainCheck } from './domain-check.js';
import { causeOf, found, requirePresent } from './domain-conditions.js';
import { DomainDuties } from './domain-duties.js';
import { type DomainEvent, DomainFeed } from './domain-feed.js';
import { DomainProof } from './domain-proof.js';
import { DomainRelease } from './domain-release.js';
import { DomainRepository } from './domain.repository.js';
import { DomainTransfer } from './domain-transfer.js';
import { type DomainSettings, isOwned, type MailDomain } from './mail-domain.js';
import { WaitingMailboxes } from './waiting-mailboxes.js';

/** A domain with what waits for it. */
export interface DomainWithWaiting extends MailDomain {
  /** Mailboxes that wait for an address there. */
  readonly waitingMailboxes: number;
}

/** What may be changed of a domain; what is left out or undefined stays. */
export type DomainChange = { readonly [Setting in keyof DomainSettings]?: DomainSettings[Setting] | undefined };

interface Step {
  readonly action: string;
  readonly event: DomainEvent;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Which tenant owns which mail domain, and the life of a domain from being added to being released or handed over. One
 * tenant owns a domain at a time; every change leaves an audit entry in its own transaction.
 */
@Injectable()
export class DomainRegistry {
  constructor(
    private readonly database: Database,
    private readonly registry: TenantDomains,
    private readonly domains: DomainRepository,
    private readonly proof: DomainProof,
    private readonly check: DomainCheck,
    private readonly duties: DomainDuties,
    private readonly waiting: WaitingMailboxes,
    private readonly feed: DomainFeed,
    private readonly settlement: MailSettlement,
    private readonly releases: DomainRelease,
    private readonly transfers: DomainTransfer,
    private readonly audit: AuditTrail,
  ) {}

  /** The tenant that owns a domain, in whatever form its name is given; undefined when nobody does. */
  async ownerOf(raw: string): Promise<TenantId | undefined> {
    const name = parseDomain(raw.trim());
    return name === undefined
      ? undefined
      : this.database.read((session) => this.domains.findOwner(session, name.ascii));
  }

  /**
   * Adds a domain that the tenant says is its own: pending, until its DNS proves it or support staff vouch for it.
   * @throws InvalidDomainError, DomainExistsError; DomainInUseError when another tenant owns it, and nothing is created.
   */
  async add(
    tenant: TenantId,
    actor: Actor,
    { domain: raw, vouched = false }: { readonly domain: string; readonly vouched?: boolean | undefined },
  ): Promise<DomainWithWaiting> {
    const name = this.parse(raw);
    const cause = causeOf(actor);
    await this.database.write(async (session) => {
      await this.makeRoom(tenant, session, name);
      const pending = newDomain(name, cause.at);
      const domain = vouched ? vouchedFor(pending, cause.at) : pending;
      await this.domains.insert(tenant, session, domain);
      const event = vouched ? 'domain.verified' : 'domain.added';
      await this.tell(tenant, session, domain, actor, { action: 'domain.add', event, details: { vouched } });
    });
    return this.settled(tenant, name.ascii, cause);
  }

  /** Domains that are not released, in the order in which they came. */
  async list(
    tenant: TenantId,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly MailDomain[]> {
    return this.database.read((session) => this.domains.list(tenant, session, page));
  }

  /** @throws InvalidDomainError, DomainNotFoundError */
  async get(tenant: TenantId, raw: string): Promise<DomainWithWaiting> {
    const name = this.parse(raw);
    const domain = found(await this.database.read((session) => this.domains.find(tenant, session, name.ascii)), name);
    return { ...domain, waitingMailboxes: await this.waiting.count(tenant, name.ascii) };
  }

  /**
   * Makes the tenant the owner when the DNS proves it, or when support staff vouch for it; what waited for the domain is
   * granted then. On a domain that is verified already it looks at the DNS again.
   * @throws DomainNotVerifiedError with what was found and what to publish; DomainInUseError when somebody else was first.
   */
  async verify(
    tenant: TenantId,
    actor: Actor,
    raw: string,
    { vouched = false }: { readonly vouched?: boolean | undefined } = {},
  ): Promise<DomainWithWaiting> {
    const name = this.parse(raw);
    const cause = causeOf(actor);
    const before = await this.get(tenant, raw);
    requirePresent(before);
    if (!vouched) {
      const proof = await this.proof.look(before);
      await this.check.record(tenant, name.ascii, proof, cause);
      if (proof.outcome !== 'found') {
        throw new DomainNotVerifiedError(proof.words);
      }
    }
    await this.change(tenant, actor, name, (domain) => {
      requirePresent(domain);
      const by = vouched
        ? vouchedFor(domain, cause.at)
        : { ...vouchedFor(domain, cause.at), verifiedBy: 'dns' as const };
      const verified = isOwned(domain) ? { ...domain, verifiedBy: by.verifiedBy } : by;
      return { domain: verified, action: 'domain.verify', event: 'domain.verified', details: { vouched } };
    });
    return this.settled(tenant, name.ascii, cause);
  }

  /**
   * Looks at the DNS whether it still proves the domain, and writes that down. A lost proof alerts and changes nothing
   * else, so the answer is in `checkFailedSince`. @throws DomainStateError when the domain is released or on its way.
   */
  async recheck(tenant: TenantId, actor: Actor, raw: string): Promise<DomainWithWaiting> {
    const domain = await this.get(tenant, raw);
    requirePresent(domain);
    await this.check.record(tenant, domain.nameAscii, await this.proof.look(domain), causeOf(actor));
    return this.get(tenant, raw);
  }

  /** Gives a domain up; see {@link DomainRelease.release}. @throws DomainHasClaimsError with a remedy; DomainStateError. */
  async release(
    tenant: TenantId,
    actor: Actor,
    raw: string,
    options: { readonly includeFormer?: boolean | undefined } = {},
  ): Promise<MailDomain> {
    return this.releases.release(tenant, actor, raw, options);
  }

  /**
   * Hands a domain to another tenant, which the caller knows to be there, and answers it as its new owner has it; see
   * {@link DomainTransfer}. @throws DomainNotFoundError, DomainStateError.
   */
  async transfer(from: TenantId, actor: Actor, raw: string, to: TenantId): Promise<DomainWithWaiting> {
    const { ascii: nameAscii } = this.parse(raw);
    await this.transfers.transfer({ from, to, nameAscii }, causeOf(actor));
    return this.get(to, nameAscii);
  }

  /** Stops mail for a domain without giving it up: claims stay, gateways relay nothing. @throws DomainStateError */
  async suspend(tenant: TenantId, actor: Actor, raw: string): Promise<DomainWithWaiting> {
    await this.change(tenant, actor, this.parse(raw), (domain) => {
      requireOwned(domain, 'suspended');
      return { domain: { ...domain, status: 'suspended' }, action: 'domain.suspend', event: 'domain.suspended' };
    });
    return this.get(tenant, raw);
  }

  /** @throws DomainStateError when the domain was not suspended from being verified. */
  async resume(tenant: TenantId, actor: Actor, raw: string): Promise<DomainWithWaiting> {
    await this.change(tenant, actor, this.parse(raw), (domain) => {
      requireOwned(domain, 'resumed');
      return { domain: { ...domain, status: 'verified' }, action: 'domain.resume', event: 'domain.resumed' };
    });
    return this.get(tenant, raw);
  }

  /** @throws DomainStateError when the domain is released or on its way to another tenant. */
  async set(tenant: TenantId, actor: Actor, raw: string, change: DomainChange): Promise<DomainWithWaiting> {
    await this.change(tenant, actor, this.parse(raw), (domain) => {
      requirePresent(domain);
      const { unknownRecipientPolicy = domain.unknownRecipientPolicy, subaddressing = domain.subaddressing } = change;
      const nextHop = change.nextHop === undefined ? domain.nextHop : change.nextHop;
      const after = { ...domain, unknownRecipientPolicy, subaddressing, nextHop };
      return { domain: after, action: 'domain.set', event: 'domain.changed', details: { ...change } };
    });
    return this.get(tenant, raw);
  }

  /** A released domain's row makes room for a new one with another token: the old TXT record proves nothing any more. */
  private async makeRoom(tenant: TenantId, session: Session, name: CanonicalDomain): Promise<void> {
    if (await this.domains.isOwnedByOther(tenant, session, name.ascii)) {
      throw new DomainInUseError(name.unicode);
    }
    const existing = await this.domains.findForUpdate(tenant, session, name.ascii);
    if (existing?.status === 'released') {
      await this.domains.remove(tenant, session, existing);
    } else if (existing !== undefined) {
      throw new DomainExistsError(name.unicode, existing.status);
    }
  }

  private async change(
    tenant: TenantId,
    actor: Actor,
    name: CanonicalDomain,
    next: (domain: MailDomain) => Step & { readonly domain: MailDomain },
  ): Promise<void> {
    await this.database.write(async (session) => {
      const before = found(await this.domains.findForUpdate(tenant, session, name.ascii), name);
      const { domain, ...step } = next(before);
      if (JSON.stringify(domain) !== JSON.stringify(before)) {
        await this.domains.update(tenant, session, domain);
        await this.tell(tenant, session, domain, actor, step);
      }
    });
  }

  private async tell(
    tenant: TenantId,
    session: Session,
    domain: MailDomain,
    actor: Actor,
    { action, event, details = {} }: Step,
  ): Promise<void> {
    await this.audit.record(tenant, session, actor, {
      action,
      target: domain.nameAscii,
      details: { ...details, status: domain.status },
    });
    await this.settlement.settingsChanged(tenant, session);
    await this.feed.publish(tenant, session, domain, event, causeOf(actor));
  }

  private async settled(tenant: TenantId, nameAscii: string, cause: EventCause): Promise<DomainWithWaiting> {
    if (isOwned(await this.get(tenant, nameAscii))) {
      await this.duties.settle(tenant, nameAscii, cause);
    }
    return this.get(tenant, nameAscii);
  }

  private parse(raw: string): CanonicalDomain {
    return this.registry.parseOne(raw);
  }
}

function requireOwned(domain: MailDomain, participle: string): void {
  requirePresent(domain);
  if (!isOwned(domain)) {
    throw new DomainStateError(`The domain ${domain.name} is pending; only a verified one can be ${participle}.`);
  }
}
