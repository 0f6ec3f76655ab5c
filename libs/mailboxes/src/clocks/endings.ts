import { days, type MailPolicy, type MailSettings } from '../mail-policy.js';
import { addressKey, type Mailbox, type MailboxAddress } from '../mailbox.js';
import { withoutAddress } from '../transitions.js';

/**
 * A deleted mailbox without what it knew about its person. Its id stays, and so do the addresses that are reserved: a
 * stranger must not get mail that is still sent to them.
 */
export function purgeMailbox(mailbox: Mailbox, now: number, policy: Pick<MailPolicy, 'reserveDays'>): Mailbox {
  const reservedUntil = now + days(policy.reserveDays);
  return {
    ...mailbox,
    status: 'purged',
    statusReason: 'retention',
    statusSince: now,
    externalId: null,
    purgeAfter: null,
    eraseAfter: null,
    wishes: [],
    addresses: mailbox.addresses
      .filter(({ state }) => state !== 'released')
      .map((address) => ({
        ...address,
        localDisplay: address.localKey,
        validUntil: Math.max(address.validUntil ?? 0, reservedUntil),
      })),
  };
}

/** The addresses of a mailbox whose time is over: former ones, and those reserved for a purged mailbox. */
export function expiredAddresses({ status, addresses }: Mailbox, now: number): readonly MailboxAddress[] {
  return addresses.filter(
    ({ role, state, validUntil }) =>
      validUntil !== null &&
      validUntil <= now &&
      (state === 'live' ? role === 'former' : state === 'reserved' && status === 'purged'),
  );
}

/** The mailbox without addresses that have expired. */
export function withoutExpired(
  mailbox: Mailbox,
  expired: readonly MailboxAddress[],
  moment: { readonly now: number; readonly policy: MailSettings },
): Mailbox {
  return expired.reduce((current, address) => withoutAddress(current, addressKey(address), undefined, moment), mailbox);
}

/** A mailbox without the profile data of its deactivated user, and without a date for that. */
export function eraseMailbox(mailbox: Mailbox): Mailbox {
  return {
    ...mailbox,
    eraseAfter: null,
    addresses: mailbox.addresses.map((address) => ({ ...address, localDisplay: address.localKey })),
  };
}
