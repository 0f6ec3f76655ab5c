import { takesSeat, withDerivedStatus } from './derive-status.js';
import type { Circumstances } from './grants.js';
import type { MailSettings } from './mail-policy.js';
import { addressKey, type AddressWish, type Mailbox, type MailboxAddress, primaryAddress } from './mailbox.js';

type Moment = Pick<Circumstances, 'now' | 'policy'>;

/**
 * The last step of every transition: the status is derived, and a mailbox that now takes a seat gets one, or waits for
 * it. `before` is the mailbox before any address was granted in this step: one that had none claims none while it
 * waits; one that had addresses keeps them, so that nobody else takes them meanwhile.
 */
export function settleSeat(before: Mailbox, after: Mailbox, moment: Moment): Mailbox {
  const unbound = withoutSeatWish(after);
  const derived = withDerivedStatus(unbound, moment);
  const takes = takesSeat(derived);
  const address = primaryAddress(derived);
  if (!takes || address === undefined || before.seat || isSeatFree(moment.policy)) {
    return { ...derived, seat: takes };
  }
  const waits = primaryAddress(before) === undefined ? withoutNewAddresses(before, unbound) : unbound;
  const others = waits.wishes.filter(({ wantedKey, role }) => role === 'alias' && wantedKey !== addressKey(address));
  return { ...withDerivedStatus({ ...waits, wishes: [seatWish(address), ...others] }, moment), seat: false };
}

/** Whether one more seat can be taken. Under a soft limit it always can. */
export function isSeatFree({ seatPolicy, seatLimit, seatsUsed }: MailSettings): boolean {
  return seatPolicy === 'soft' || seatLimit === null || seatsUsed < seatLimit;
}

/** A mailbox that has its address need not have the wish that stands for the missing seat; whether it waits is settled anew. */
function withoutSeatWish(mailbox: Mailbox): Mailbox {
  return primaryAddress(mailbox) === undefined
    ? mailbox
    : { ...mailbox, wishes: mailbox.wishes.filter(({ reason, role }) => role === 'alias' || reason !== 'seat_limit') };
}

/** Addresses that were about to be claimed are wished for instead. */
function withoutNewAddresses(before: Mailbox, after: Mailbox): Mailbox {
  const known = new Set(before.addresses.map(({ id }) => id));
  const claimed = after.addresses.filter(({ id, state }) => !known.has(id) && state !== 'released');
  const aliases = claimed
    .filter(({ role }) => role === 'alias')
    .map((alias) => ({ ...seatWish(alias), role: 'alias' }) as const);
  return { ...after, addresses: before.addresses, wishes: [...after.wishes, ...aliases] };
}

function seatWish(address: MailboxAddress): AddressWish {
  return { wantedKey: addressKey(address), domainAscii: address.domainAscii, reason: 'seat_limit' };
}
