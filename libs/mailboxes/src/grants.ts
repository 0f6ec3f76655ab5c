import { newId } from '@cleanmail/database';
import type { CanonicalAddress } from './address-codec.js';
import { days, type MailSettings } from './mail-policy.js';
import {
  addressKey,
  type AddressWish,
  type Mailbox,
  type MailboxAddress,
  primaryAddress,
  primaryWish,
} from './mailbox.js';

/** Whether the address that a user asks for can be had, and on what ground. */
export type Grant =
  | { readonly kind: 'granted'; readonly address: CanonicalAddress; readonly basis: MailboxAddress['basis'] }
  | { readonly kind: 'parked'; readonly wish: AddressWish };

/** A grant of one address, with the attribute that it came from. */
export interface SourcedGrant {
  readonly grant: Grant;
  readonly source: MailboxAddress['source'];
}

/** The clock, the tenant's settings, and whether its service erases the data of deactivated users. */
export interface Circumstances {
  readonly now: number;
  readonly policy: MailSettings;
  readonly erasesOnDeactivation: boolean;
}

type Moment = Pick<Circumstances, 'now' | 'policy'>;

/** The mailbox with another primary address, or with a wish for it; the old one stays as former. */
export function withPrimary(mailbox: Mailbox, { grant, source }: SourcedGrant, moment: Moment): Mailbox {
  const aliasWishes = mailbox.wishes.filter(({ role }) => role === 'alias');
  if (grant.kind === 'parked') {
    return { ...mailbox, wishes: [grant.wish, ...aliasWishes] };
  }
  const { address } = grant;
  const granted = { ...mailbox, wishes: aliasWishes.filter(({ wantedKey }) => wantedKey !== address.key) };
  const current = primaryAddress(mailbox);
  if (current !== undefined && addressKey(current) === address.key) {
    const sameKey = { ...current, localDisplay: address.localDisplay };
    return { ...granted, addresses: mailbox.addresses.map((held) => (held === current ? sameKey : held)) };
  }
  const others = mailbox.addresses
    .filter((held) => held.state === 'released' || addressKey(held) !== address.key)
    .map((held) => (held === current ? asFormer(held, moment) : held));
  const primary = asHeld(grant, 'primary', source, ownAddress(mailbox, address.key), moment.now);
  return { ...granted, addresses: [...others, primary] };
}

/**
 * The mailbox with just these aliases from the identity provider, beside those of support. An alias that is the
 * primary address is none; while there is no primary address, all of them wait with it.
 */
export function withAliases(mailbox: Mailbox, aliases: readonly SourcedGrant[], moment: Moment): Mailbox {
  const primary = primaryAddress(mailbox);
  const waitsFor = primary === undefined ? primaryWish(mailbox)?.reason : undefined;
  const wanted = aliases
    .map((alias) => (waitsFor === undefined ? alias : { ...alias, grant: waiting(alias.grant, waitsFor) }))
    .filter(({ grant }) => primary === undefined || keyOf(grant) !== addressKey(primary));
  const granted = wanted.flatMap(({ grant, source }) => (grant.kind === 'granted' ? [{ grant, source }] : []));
  const keys = new Set(granted.map(({ grant }) => grant.address.key));
  const kept: Mailbox = {
    ...mailbox,
    addresses: mailbox.addresses.map((held) =>
      isFromProvider(held) && !keys.has(addressKey(held)) ? released(held) : held,
    ),
  };
  const primaries = mailbox.wishes.filter(({ role }) => role !== 'alias');
  return {
    ...granted.reduce((current, { grant, source }) => withAlias(current, grant, source, moment.now), kept),
    wishes: [...primaries, ...aliasWishes(wanted, primaries)],
  };
}

/** The aliases that a mailbox has from its identity provider, as grants of what it has. */
export function providedAliases(mailbox: Mailbox): readonly SourcedGrant[] {
  return mailbox.addresses.filter(isFromProvider).map((held) => ({
    grant: { kind: 'granted', address: { ...held, key: addressKey(held) }, basis: held.basis },
    source: held.source,
  }));
}

/** The mailbox with one more alias; an own former address is taken up again, and what it has already stays as it is. */
export function withAlias(
  mailbox: Mailbox,
  grant: Grant & { readonly kind: 'granted' },
  source: MailboxAddress['source'],
  now: number,
): Mailbox {
  const own = ownAddress(mailbox, grant.address.key);
  if (own !== undefined && own.role !== 'former') {
    return mailbox;
  }
  const alias = asHeld(grant, 'alias', source, own, now);
  return { ...mailbox, addresses: [...mailbox.addresses.filter((held) => held !== own), alias] };
}

/** The mailbox without one of its addresses. Of a purged one not even the row is kept. */
export function withoutKey(mailbox: Mailbox, key: string): Mailbox {
  const addresses = mailbox.addresses.map((held) =>
    addressKey(held) === key && held.state !== 'released' ? released(held) : held,
  );
  const isPurged = mailbox.status === 'purged';
  return { ...mailbox, addresses: isPurged ? addresses.filter(({ state }) => state !== 'released') : addresses };
}

/** The key that a grant is about, whichever way it went. */
export function keyOf(grant: Grant): string {
  return grant.kind === 'granted' ? grant.address.key : grant.wish.wantedKey;
}

/** A wish in the place of a grant. */
export function waiting(grant: Grant, reason: AddressWish['reason']): Grant {
  return grant.kind === 'parked'
    ? grant
    : {
        kind: 'parked',
        wish: { wantedKey: grant.address.key, domainAscii: grant.address.domainAscii, reason },
      };
}

/** The address if the mailbox holds it, in whatever role. */
export function ownAddress(mailbox: Mailbox, key: string): MailboxAddress | undefined {
  return mailbox.addresses.find((held) => held.state !== 'released' && addressKey(held) === key);
}

function aliasWishes(wanted: readonly SourcedGrant[], primaries: readonly AddressWish[]): readonly AddressWish[] {
  const wishes = wanted.flatMap(({ grant }) => (grant.kind === 'parked' ? [grant.wish] : []));
  const others = wishes.filter(({ wantedKey }) => primaries.every((wish) => wish.wantedKey !== wantedKey));
  const unique = new Map(others.map((wish) => [wish.wantedKey, { ...wish, role: 'alias' } as const]));
  return [...unique.values()];
}

function isFromProvider({ role, state, source }: MailboxAddress): boolean {
  return role === 'alias' && state !== 'released' && (source === 'email' || source === 'proxy');
}

function released(address: MailboxAddress): MailboxAddress {
  return { ...address, state: 'released', validUntil: null };
}

function asFormer(address: MailboxAddress, { now, policy }: Moment): MailboxAddress {
  return { ...address, role: 'former', validUntil: now + days(policy.formerDays) };
}

/** A new address, or an own one taken up again under its id. */
function asHeld(
  { address: { localKey, localDisplay, domainAscii }, basis }: Grant & { readonly kind: 'granted' },
  role: 'primary' | 'alias',
  source: MailboxAddress['source'],
  own: MailboxAddress | undefined,
  now: number,
): MailboxAddress {
  return {
    id: own?.id ?? newId(),
    localKey,
    localDisplay,
    domainAscii,
    role,
    source,
    basis,
    state: 'live',
    createdAt: own?.createdAt ?? now,
    validUntil: null,
  };
}
