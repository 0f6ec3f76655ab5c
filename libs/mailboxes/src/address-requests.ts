import type { Session, TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { AddressRefusedError } from './addresses.errors.js';
import type { AddressInquiry } from './address-claims.js';
import { AddressSettlement, type Asker, type Settlement } from './address-settlement.js';
import type { Grant, SourcedGrant } from './grants.js';
import { keyOf, ownAddress, withoutKey } from './grants.js';
import { addressKey, type Mailbox, primaryAddress, type WishReason } from './mailbox.js';
import type { MailboxChange } from './mailbox-writer.js';
import type { AddressGrants } from './transitions.js';
import { isSoftDeletedName, sourceAttributes, wantedAddresses, type WantedAddresses } from './wanted-addresses.js';
import type { UserFacts } from './user-facts.js';

/** What came of all addresses that a user wants. */
export interface AddressAnswer {
  readonly grants: AddressGrants;
  readonly adopted?: Mailbox;
  /** The mailboxes that gave addresses up, each once. */
  readonly yielded: readonly MailboxChange[];
}

/** Reasons for which a tenant may rather have no user than one whose mailbox waits. */
const refusable: ReadonlySet<WishReason> = new Set(['domain_not_owned', 'invalid_syntax', 'unsupported_utf8']);

/** Asks for all addresses that a user's mailbox should have by its tenant's policy. */
@Injectable()
export class AddressRequests {
  constructor(private readonly settlement: AddressSettlement) {}

  /**
   * `own` is the mailbox that the user has or had; `inquiry` the look-up of the userName, where it was made already.
   * @throws AddressRefusedError when the policy refuses users whose address is not at a domain of the tenant.
   */
  async ask(
    tenant: TenantId,
    session: Session,
    facts: UserFacts,
    {
      own,
      inquiry,
      ...asker
    }: Omit<Asker, 'mailboxId'> & {
      readonly own: Mailbox | undefined;
      readonly inquiry?: AddressInquiry | undefined;
    },
  ): Promise<AddressAnswer> {
    const wanted = wantedAddresses(facts, asker.policy);
    const { settled, grant } = await this.askPrimary(tenant, session, facts, { wanted, own, inquiry, asker });
    if (grant?.grant.kind === 'parked') {
      refuseIfUnwanted(grant.grant, own, asker);
    }
    const mailbox = settled?.adopted ?? own;
    const asked = await this.askAliases(tenant, session, wanted, { ...asker, mailboxId: mailbox?.id ?? '' });
    return {
      grants: {
        ...(grant === undefined ? {} : { primary: grant }),
        ...(asked === undefined && !hasAliases(mailbox) ? {} : { aliases: asked?.grants ?? [] }),
      },
      ...(settled?.adopted === undefined ? {} : { adopted: settled.adopted }),
      yielded: mergeYields([settled, ...(asked?.settlements ?? [])]),
    };
  }

  private async askPrimary(
    tenant: TenantId,
    session: Session,
    facts: UserFacts,
    {
      wanted,
      own,
      inquiry,
      asker,
    }: {
      readonly wanted: WantedAddresses;
      readonly own: Mailbox | undefined;
      readonly inquiry: AddressInquiry | undefined;
      readonly asker: Omit<Asker, 'mailboxId'>;
    },
  ): Promise<{ readonly settled?: Settlement; readonly grant?: SourcedGrant }> {
    const { primary } = wanted;
    if (primary === undefined) {
      return { grant: sourceMissing(sourceAttributes[asker.policy.addressSource]) };
    }
    const isUnchanged = own !== undefined && hasAddress(own, primary.raw);
    if (isUnchanged || (own !== undefined && primary.source === 'userName' && isSoftDeletedName(facts))) {
      return {};
    }
    const full = { ...asker, mailboxId: own?.id };
    const settled =
      inquiry !== undefined && primary.source === 'userName'
        ? await this.settlement.settleInquiry(tenant, session, inquiry, full)
        : await this.settlement.settle(tenant, session, primary.raw, full);
    return { settled, grant: { grant: settled.grant, source: primary.source } };
  }

  /** Undefined when there is nothing to ask for. */
  private async askAliases(
    tenant: TenantId,
    session: Session,
    { aliases }: WantedAddresses,
    asker: Asker,
  ): Promise<{ readonly grants: readonly SourcedGrant[]; readonly settlements: readonly Settlement[] } | undefined> {
    const grants: SourcedGrant[] = [];
    const settlements: Settlement[] = [];
    for (const { raw, source } of aliases) {
      const settled = await this.settlement.settle(tenant, session, raw, asker);
      settlements.push(settled);
      grants.push({ grant: settled.grant, source });
    }
    return aliases.length === 0 ? undefined : { grants, settlements };
  }
}

/** What other mailboxes give up for a mailbox; an address that it did not get in the end stays where it is. */
export function yieldsTo(mailbox: Mailbox, yielded: readonly MailboxChange[]): readonly MailboxChange[] {
  return yielded.filter(({ before, after }) =>
    lostKeys({ before, after }).some((key) => ownAddress(mailbox, key) !== undefined),
  );
}

function lostKeys({ before, after }: MailboxChange): readonly string[] {
  return (before?.addresses ?? []).map(addressKey).filter((key) => ownAddress(after, key) === undefined);
}

/** A mailbox that gave up several addresses is written once. */
export function mergeYields(settlements: readonly (Settlement | undefined)[]): readonly MailboxChange[] {
  const merged = new Map<string, MailboxChange>();
  for (const settled of settlements) {
    if (settled?.yielded !== undefined) {
      const { yielded, grant } = settled;
      const known = merged.get(yielded.after.id);
      const after = known === undefined ? yielded.after : withoutKey(known.after, keyOf(grant));
      merged.set(yielded.after.id, { before: yielded.before, after });
    }
  }
  return [...merged.values()];
}

function sourceMissing(attribute: string): SourcedGrant {
  const wish = { wantedKey: attribute, domainAscii: null, reason: 'address_source_missing' } as const;
  return { grant: { kind: 'parked', wish }, source: 'email' };
}

/** A user who waits already is not refused afterwards: it must stay possible to deactivate it. */
function refuseIfUnwanted(
  { wish }: Extract<Grant, { kind: 'parked' }>,
  own: Mailbox | undefined,
  { policy }: Pick<Asker, 'policy'>,
): void {
  const isKnown = own?.wishes.some(({ wantedKey }) => wantedKey === wish.wantedKey) === true;
  if (policy.unownedDomainPolicy === 'reject' && refusable.has(wish.reason) && !isKnown) {
    throw new AddressRefusedError(wish.wantedKey, wish.reason);
  }
}

/** Whether aliases of the identity provider are there or waited for, so that they may have to go. */
function hasAliases(mailbox: Mailbox | undefined): boolean {
  return (
    mailbox !== undefined &&
    (mailbox.wishes.some(({ role }) => role === 'alias') ||
      mailbox.addresses.some(
        ({ role, state, source }) =>
          role === 'alias' && state !== 'released' && source !== 'admin' && source !== 'import',
      ))
  );
}

/** Whether the mailbox has just the address that the user asks for, so that nothing need be looked up. */
function hasAddress(mailbox: Mailbox, raw: string): boolean {
  const primary = primaryAddress(mailbox);
  return (
    primary !== undefined &&
    mailbox.wishes.every(({ role }) => role === 'alias') &&
    raw === `${primary.localDisplay}@${primary.domainAscii}`
  );
}
