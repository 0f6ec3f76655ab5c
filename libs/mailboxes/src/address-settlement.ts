import { type Session, StaleRowError, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { AddressClaims, type AddressHolder, type AddressInquiry, parked } from './address-claims.js';
import { type Mailbox, primaryWish } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import type { MailboxChange } from './mailbox-writer.js';
import { isHeldDeletion } from './guard/guard-state.js';
import { OpenClaims } from './open-claims.js';
import { type Grant, keyOf } from './grants.js';
import { isSeatFree } from './seat-settlement.js';
import type { MailSettings } from './mail-policy.js';
import { withoutAddress } from './transitions.js';

/** What came of the wish for an address. */
export interface Settlement {
  readonly grant: Grant;
  /** A mailbox without a user that already has the address and becomes this user's; never one of a role. */
  readonly adopted?: Mailbox;
  /** The mailbox that gave the address up; still to be written. */
  readonly yielded?: MailboxChange;
}

/** Who asks for an address. */
export interface Asker {
  /** The mailbox that asks; a user who has none yet may adopt one that waits for its user. */
  readonly mailboxId: string | undefined;
  readonly externalId: string | null;
  readonly policy: MailSettings;
  readonly cause: EventCause;
}

const waiting = `
  SELECT w.mailbox_id FROM mailbox_address_wish w JOIN mailbox_account m ON m.tenant_id = w.tenant_id AND m.id = w.mailbox_id
   WHERE w.tenant_id = ? AND w.wanted_key = ? AND w.role = 'primary' AND m.scim_user_id IS NULL AND m.deleted_at IS NULL AND m.kind <> 'role'
   ORDER BY w.first_seen, w.mailbox_id LIMIT 1`;

/** Settles who gets an address: makes the holder yield where it must, and leaves a wish where it need not. */
@Injectable()
export class AddressSettlement {
  constructor(
    private readonly claims: AddressClaims,
    private readonly mailboxes: MailboxRepository,
    private readonly openClaims: OpenClaims,
  ) {}

  /** Looks an address up and settles it for the asker. */
  async settle(tenant: TenantId, session: Session, address: string, asker: Asker): Promise<Settlement> {
    return this.settleInquiry(tenant, session, await this.claims.inquire(tenant, session, address), asker);
  }

  /** Settles an address that was looked up in this unit of work. */
  async settleInquiry(
    tenant: TenantId,
    session: Session,
    { grant, holder }: AddressInquiry,
    { mailboxId, externalId, policy, cause }: Asker,
  ): Promise<Settlement> {
    if (mailboxId === undefined && (grant.kind === 'parked' || (holder === undefined && !isSeatFree(policy)))) {
      const adopted = await this.findWaiting(tenant, session, keyOf(grant), externalId);
      return { grant, ...(adopted === undefined ? {} : { adopted }) };
    }
    if (grant.kind === 'parked' || holder === undefined || holder.mailboxId === mailboxId) {
      return { grant };
    }
    if (holder.tenant !== tenant) {
      return { grant: await this.settleWithOtherTenant(session, grant, holder, cause) };
    }
    const mailbox = await this.mailboxes.findById(tenant, session, holder.mailboxId);
    if (mailbox === undefined || !isAsSeen(mailbox, holder)) {
      throw new StaleRowError(`mailbox ${holder.mailboxId} was changed meanwhile`);
    }
    if (mustYield(holder)) {
      const after = withoutAddress(mailbox, grant.address.key, undefined, { now: cause.at, policy });
      return { grant, yielded: { before: mailbox, after } };
    }
    const isWaiting = !holder.isLinked && mailbox.kind !== 'role' && isSamePerson(mailbox, externalId);
    return mailboxId === undefined && isWaiting
      ? { grant, adopted: mailbox }
      : { grant: parked(grant.address, 'address_taken') };
  }

  /** A mailbox without a user that waits for the address as its primary one: who comes with it waits with it, not behind it. */
  private async findWaiting(
    tenant: TenantId,
    session: Session,
    key: string,
    externalId: string | null,
  ): Promise<Mailbox | undefined> {
    const row = await session.first<{ readonly mailbox_id: string }>(waiting, [tenant, key]);
    const mailbox = row === undefined ? undefined : await this.mailboxes.findById(tenant, session, row.mailbox_id);
    const isFree = mailbox?.scimUserId === null && primaryWish(mailbox)?.wantedKey === key;
    return isFree && isSamePerson(mailbox, externalId) ? mailbox : undefined;
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

/** Whether the holder, now that it is locked, still is what it was when the address was looked up. */
function isAsSeen(mailbox: Mailbox, { addressId, role, state, isLinked, isDeleted, isHeld }: AddressHolder): boolean {
  const address = mailbox.addresses.find(({ id }) => id === addressId);
  return (
    address?.role === role &&
    address.state === state &&
    isLinked === (mailbox.scimUserId !== null) &&
    isDeleted === (mailbox.deletedAt !== null) &&
    isHeld === isHeldDeletion(mailbox)
  );
}

/**
 * A mailbox that support imported belongs to whoever has its address; one that was given back after its user was
 * deleted only to the person it had: nobody else must see what is kept there.
 */
function isSamePerson(waiting: Mailbox, externalId: string | null): boolean {
  return waiting.externalId === null || waiting.externalId === externalId;
}

/** A former address, and one that is only kept for the mailbox of a deleted user, yield to somebody who is here now. */
export function mustYield({ role, isDeleted, isHeld }: AddressHolder): boolean {
  return role === 'former' || isDeleted || isHeld;
}
