import type { OutboxEvent } from '@cleanmail/journal';
import { type Mailbox, type MailboxAddress, primaryAddress } from './mailbox.js';

/** What other services must hear of a change of a mailbox. Payloads carry ids and states, no names and no addresses. */
export function mailboxEvents(before: Mailbox | undefined, after: Mailbox): readonly OutboxEvent[] {
  const event = (type: string, data: Readonly<Record<string, unknown>> = {}) => eventOf(after, type, data);
  return [
    ...(isAdopted(before, after) ? [event('mailbox.adopted')] : []),
    ...(before?.status === after.status ? [] : [event(statusEvent(before, after))]),
    ...(isNewlyHeld(before, after) ? [event('mailbox.held', { batchId: after.guardBatchId })] : []),
    ...(isErased(before, after) ? [event('mailbox.erased')] : []),
    ...(before === undefined || before.kind === after.kind
      ? []
      : [event('mailbox.kind_changed', { kind: after.kind })]),
    ...(lacksSource(after) && !(before !== undefined && lacksSource(before))
      ? [event('mailbox.address_source_missing')]
      : []),
    ...(isRenamed(before, after) ? [event('mailbox.renamed', { addressId: primaryAddress(after)?.id })] : []),
    ...changedAddresses(before, after, isHeld).map(({ id }) => event('address.granted', { addressId: id })),
    ...changedAddresses(after, before, isHeld).map(({ id }) => event('address.released', { addressId: id })),
  ];
}

/** One event about a mailbox as it is now. */
export function eventOf(mailbox: Mailbox, type: string, data: Readonly<Record<string, unknown>> = {}): OutboxEvent {
  return {
    mailboxId: mailbox.id,
    type,
    data: { userId: mailbox.scimUserId, status: mailbox.status, reason: mailbox.statusReason, ...data },
  };
}

function statusEvent(before: Mailbox | undefined, after: Mailbox): string {
  switch (after.status) {
    case 'active':
      return before?.status === 'deleted' ? 'mailbox.restored' : 'mailbox.activated';
    case 'pending':
      return 'mailbox.parked';
    case 'suspended':
    case 'deleted':
    case 'purged':
      return `mailbox.${after.status}`;
  }
}

function isAdopted(before: Mailbox | undefined, after: Mailbox): boolean {
  return before !== undefined && before.deletedAt === null && before.scimUserId === null && after.scimUserId !== null;
}

/** Whether the deprovision guard began to hold what the identity provider did, which the status does not show. */
function isNewlyHeld(before: Mailbox | undefined, after: Mailbox): boolean {
  return after.guardState === 'held' && before?.guardState !== 'held';
}

/** Whether the period after which profile data of a deactivated user ends has run out; who comes back in time keeps it. */
function isErased(before: Mailbox | undefined, after: Mailbox): boolean {
  const hadDate = (before?.eraseAfter ?? null) !== null;
  return hadDate && after.eraseAfter === null && after.scimActive === false && after.deletedAt === null;
}

/** Whether another address took the place of the primary one; losing it without a successor is told by the status. */
function isRenamed(before: Mailbox | undefined, after: Mailbox): boolean {
  const old = before === undefined ? undefined : primaryAddress(before);
  const current = primaryAddress(after);
  return old !== undefined && current !== undefined && after.deletedAt === null && current.id !== old.id;
}

/** Whether the attribute that the address is taken from has no value. */
function lacksSource({ wishes }: Mailbox): boolean {
  return wishes.some(({ reason }) => reason === 'address_source_missing');
}

function isHeld({ state }: MailboxAddress): boolean {
  return state !== 'released';
}

/** Addresses of `now` that pass the test and did not in `then`. */
function changedAddresses(
  then: Mailbox | undefined,
  now: Mailbox | undefined,
  test: (address: MailboxAddress) => boolean,
): readonly MailboxAddress[] {
  const known = new Set((then?.addresses ?? []).filter(test).map(({ id }) => id));
  return (now?.addresses ?? []).filter((address) => test(address) && !known.has(address.id));
}
