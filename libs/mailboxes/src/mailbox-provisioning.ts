import { type Session, StaleRowError, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { AddressClaims, type AddressHolder, type AddressInquiry, parked } from './address-claims.js';
import { readMailPolicy } from './mail-policy.js';
import { type Mailbox, type MailboxStatus, primaryAddress } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import { type MailboxChange, MailboxWriter } from './mailbox-writer.js';
import { OpenClaims } from './open-claims.js';
import {
  type Circumstances,
  endMailbox,
  followUser,
  type Grant,
  newMailbox,
  reviveMailbox,
  type UserFacts,
  withoutAddress,
} from './transitions.js';

/** What a change of a user did to the mailbox account that belongs to it. */
export interface MappingOutcome {
  readonly mailboxId: string;
  readonly status: MailboxStatus;
  readonly reason: string | null;
}

/** What the tenant's service wants of its mailboxes, beyond the mail policy. */
export interface ServiceTraits {
  readonly erasesOnDeactivation: boolean;
}

interface Settled {
  readonly grant: Grant;
  /** A mailbox without a user that already has the address and becomes this user's. */
  readonly adopted?: Mailbox;
  /** The mailbox that gave the address up. */
  readonly yielded?: MailboxChange;
}

/**
 * Lets mailbox accounts follow SCIM users, inside the transaction that writes the user. A user is never refused for
 * an address that cannot be granted: the mailbox is then pending, with the reason.
 */
@Injectable()
export class MailboxProvisioning {
  constructor(
    private readonly claims: AddressClaims,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
    private readonly openClaims: OpenClaims,
  ) {}

  /** A user was created: a new mailbox, or the one that the same person had, or one that waited for its user. */
  async userCreated(
    tenant: TenantId,
    session: Session,
    facts: UserFacts,
    traits: ServiceTraits,
    cause: EventCause,
  ): Promise<MappingOutcome> {
    const circumstances = await this.circumstances(tenant, session, traits, cause);
    const inquiry = await this.claims.inquire(tenant, session, facts.userName);
    const own = await this.formerMailbox(tenant, session, facts);
    const settled = await this.settle(tenant, session, inquiry, own?.id, cause);
    const before = own ?? settled.adopted;
    const after =
      own === undefined
        ? settled.adopted === undefined
          ? newMailbox(facts, settled.grant, circumstances)
          : followUser(settled.adopted, facts, settled.grant, circumstances)
        : reviveMailbox(own, facts, settled.grant, circumstances);
    return this.write(tenant, session, { before, after }, settled.yielded, circumstances, cause);
  }

  /** A user's name, external id or activity changed; an address that cannot be granted leaves the old one in place. */
  async userChanged(
    tenant: TenantId,
    session: Session,
    facts: UserFacts,
    traits: ServiceTraits,
    cause: EventCause,
  ): Promise<MappingOutcome> {
    const before = await this.mailboxes.findByUser(tenant, session, facts.userId);
    if (before === undefined) {
      return this.userCreated(tenant, session, facts, traits, cause);
    }
    const circumstances = await this.circumstances(tenant, session, traits, cause);
    const settled = hasAddress(before, facts.userName)
      ? undefined
      : await this.settle(
          tenant,
          session,
          await this.claims.inquire(tenant, session, facts.userName),
          before.id,
          cause,
        );
    const after = followUser(before, facts, settled?.grant, circumstances);
    return this.write(tenant, session, { before, after }, settled?.yielded, circumstances, cause);
  }

  /** A user was deleted: its mailbox ends, and its data is kept until the retention clock runs out. */
  async userDeleted(
    tenant: TenantId,
    session: Session,
    userId: string,
    traits: ServiceTraits,
    cause: EventCause,
  ): Promise<MappingOutcome | undefined> {
    const before = await this.mailboxes.findByUser(tenant, session, userId);
    if (before === undefined) {
      return undefined;
    }
    const circumstances = await this.circumstances(tenant, session, traits, cause);
    return this.write(
      tenant,
      session,
      { before, after: endMailbox(before, circumstances) },
      undefined,
      circumstances,
      cause,
    );
  }

  private async circumstances(
    tenant: TenantId,
    session: Session,
    traits: ServiceTraits,
    cause: EventCause,
  ): Promise<Circumstances> {
    return {
      now: cause.at,
      policy: await readMailPolicy(tenant, session),
      erasesOnDeactivation: traits.erasesOnDeactivation,
    };
  }

  /** The deleted mailbox of the same person: only the same external id proves that it is the same one. */
  private async formerMailbox(
    tenant: TenantId,
    session: Session,
    { externalId }: UserFacts,
  ): Promise<Mailbox | undefined> {
    if (externalId === null) {
      return undefined;
    }
    const row = await session.first<{ id: string }>(
      "SELECT id FROM mailbox_account WHERE tenant_id = ? AND external_id = ? AND status = 'deleted' ORDER BY deleted_at DESC LIMIT 1",
      [tenant, externalId],
    );
    return row === undefined ? undefined : this.mailboxes.findById(tenant, session, row.id);
  }

  /** Makes the holder of a wanted address yield where it must, and turns the grant into a wish where it need not. */
  private async settle(
    tenant: TenantId,
    session: Session,
    { grant, holder }: AddressInquiry,
    ownMailboxId: string | undefined,
    cause: EventCause,
  ): Promise<Settled> {
    if (grant.kind === 'parked' || holder === undefined || holder.mailboxId === ownMailboxId) {
      return { grant };
    }
    if (holder.tenant !== tenant) {
      return { grant: await this.settleWithOtherTenant(session, grant, holder, cause) };
    }
    const mailbox = await this.mailboxes.findById(tenant, session, holder.mailboxId);
    if (mailbox === undefined) {
      throw new StaleRowError(`mailbox ${holder.mailboxId} was purged meanwhile`);
    }
    if (mustYield(holder)) {
      return {
        grant,
        yielded: { before: mailbox, after: withoutAddress(mailbox, grant.address.key, undefined, cause.at) },
      };
    }
    return holder.isLinked || ownMailboxId !== undefined
      ? { grant: parked(grant.address, 'address_taken') }
      : { grant, adopted: mailbox };
  }

  /** The owner of a domain gets the address from a tenant that had it while nobody owned the domain. */
  private async settleWithOtherTenant(
    session: Session,
    grant: Grant & { kind: 'granted' },
    holder: AddressHolder,
    cause: EventCause,
  ): Promise<Grant> {
    if (grant.basis !== 'domain' || holder.basis !== 'open') {
      return parked(grant.address, 'address_taken');
    }
    await this.openClaims.evict(holder.tenant, session, holder.mailboxId, grant.address.domainAscii, cause);
    return grant;
  }

  private async write(
    tenant: TenantId,
    session: Session,
    change: MailboxChange,
    yielded: MailboxChange | undefined,
    { policy }: Circumstances,
    cause: EventCause,
  ): Promise<MappingOutcome> {
    const changes = yielded === undefined ? [change] : [yielded, change];
    await this.writer.write(tenant, session, changes, policy, cause);
    const { id: mailboxId, status, statusReason: reason } = change.after;
    return { mailboxId, status, reason };
  }
}

/** Whether the mailbox has just the address that the user asks for, so that nothing need be looked up. */
function hasAddress(mailbox: Mailbox, userName: string): boolean {
  const primary = primaryAddress(mailbox);
  return (
    primary !== undefined &&
    mailbox.wishes.length === 0 &&
    userName === `${primary.localDisplay}@${primary.domainAscii}`
  );
}

/** A former address, and one that is only reserved for a deleted mailbox, yield to somebody who is here now. */
function mustYield({ role, isDeleted }: AddressHolder): boolean {
  return role === 'former' || isDeleted;
}
