import { type Session, StaleRowError, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { AddressClaims, type AddressHolder, parked } from './address-claims.js';
import type { Mailbox } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import type { MailboxChange } from './mailbox-writer.js';
import { OpenClaims } from './open-claims.js';
import { type Grant, withoutAddress } from './transitions.js';

/** What came of the wish for an address. */
export interface Settlement {
  readonly grant: Grant;
  /** A mailbox without a user that already has the address and becomes this user's. */
  readonly adopted?: Mailbox;
  /** The mailbox that gave the address up; still to be written. */
  readonly yielded?: MailboxChange;
}

/** Settles who gets an address: makes the holder yield where it must, and leaves a wish where it need not. */
@Injectable()
export class AddressSettlement {
  constructor(
    private readonly claims: AddressClaims,
    private readonly mailboxes: MailboxRepository,
    private readonly openClaims: OpenClaims,
  ) {}

  /** `ownMailboxId` is the mailbox that asks; a user who has none yet may adopt one that waits for its user. */
  async settle(
    tenant: TenantId,
    session: Session,
    address: string,
    ownMailboxId: string | undefined,
    cause: EventCause,
  ): Promise<Settlement> {
    const { grant, holder } = await this.claims.inquire(tenant, session, address);
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
      const after = withoutAddress(mailbox, grant.address.key, undefined, cause.at);
      return { grant, yielded: { before: mailbox, after } };
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
}

/** A former address, and one that is only reserved for a deleted mailbox, yield to somebody who is here now. */
function mustYield({ role, isDeleted }: AddressHolder): boolean {
  return role === 'former' || isDeleted;
}
