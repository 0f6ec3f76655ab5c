import { type Invariant, sqlInvariant } from '@cleanmail/database';
import { deriveStatus, takesSeat } from '../derive-status.js';
import type { Mailbox } from '../mailbox.js';
import { mailboxesOfRange } from './mailboxes-of-range.js';

const over = { table: 'mailbox_account', key: 'id' } as const;

const status: Invariant = {
  name: 'mailbox-status',
  sentence: 'The status of a mailbox is the one that follows from what is known about it.',
  remedy: 'Any change derives it anew: suspend and resume the mailbox; tell the developers how it came about.',
  over,
  find: async (tenant, session, range) => {
    const { mailboxes, settings, isSettled } = await mailboxesOfRange(tenant, session, range);
    const suspensions = isSettled ? [settings.isTenantSuspended] : [true, false];
    return mailboxes.flatMap((mailbox) => {
      const allowed = suspensions.flatMap((isSuspended) => statusesOf(mailbox, isSuspended));
      const actual = inWords(mailbox.status, mailbox.statusReason);
      return allowed.includes(actual)
        ? []
        : [{ id: mailbox.id, problem: `mailbox ${mailbox.id} is ${actual} and must be ${allowed.join(' or ')}` }];
    });
  },
};

const seat: Invariant = {
  name: 'mailbox-seat',
  sentence: 'A mailbox has a seat exactly if it is one that takes a seat.',
  remedy: 'Suspend and resume the mailbox; check its interval in the ledger before the next bill.',
  over,
  find: async (tenant, session, range) => {
    const { mailboxes } = await mailboxesOfRange(tenant, session, range);
    return mailboxes
      .filter((mailbox) => mailbox.seat !== takesSeat(mailbox))
      .map(({ id, seat: has }) => ({
        id,
        problem: has ? `mailbox ${id} has a seat and must have none` : `mailbox ${id} has no seat and must have one`,
      }));
  },
};

const endings = sqlInvariant<{ readonly status: string }>({
  name: 'mailbox-end',
  sentence:
    'A deleted mailbox has no user and no wishes and a date for its purge; a purged one not even that; a living one none of it.',
  remedy: 'Nothing wrong is delivered by it; have the developers correct the row before its purge is due.',
  over,
  columns: 'r.status',
  broken:
    "(r.deleted_at IS NULL AND r.purge_after IS NOT NULL) OR (r.deleted_at IS NOT NULL AND (r.scim_user_id IS NOT NULL OR r.grace_until IS NOT NULL)) OR (r.status = 'deleted' AND r.purge_after IS NULL) " +
    "OR (r.status = 'purged' AND (r.purge_after IS NOT NULL OR r.erase_after IS NOT NULL OR r.external_id IS NOT NULL)) " +
    "OR (r.grace_until IS NOT NULL AND r.status <> 'suspended') " +
    'OR (r.deleted_at IS NOT NULL AND EXISTS (SELECT 1 FROM mailbox_address_wish w WHERE w.tenant_id = r.tenant_id AND w.mailbox_id = r.id))',
  problem: ({ id, status: is }) => `mailbox ${id} is ${is}, and its user, dates or wishes do not go with that`,
});

const certificate = sqlInvariant({
  name: 'purge-certificate',
  sentence: 'For every purged mailbox there is a certificate of its erasure.',
  remedy: 'The proof is missing, not the erasure: note it by hand from the audit log and the feed.',
  over,
  broken:
    "r.status = 'purged' AND NOT EXISTS (SELECT 1 FROM erasure_certificate e WHERE e.tenant_id = r.tenant_id AND e.mailbox_id = r.id)",
  problem: ({ id }) => `mailbox ${id} is purged without a certificate`,
});

/** What a mailbox is, and what it has because of that. */
export const statusInvariants: readonly Invariant[] = [status, seat, endings, certificate];

/** `purged` is no derived status: nothing leads back from it. */
function statusesOf(mailbox: Mailbox, isTenantSuspended: boolean): readonly string[] {
  if (mailbox.status === 'purged' && mailbox.deletedAt !== null) {
    return [inWords('purged', 'retention'), inWords('purged', 'request')];
  }
  const derived = deriveStatus(mailbox, isTenantSuspended);
  return [inWords(derived.status, derived.reason)];
}

function inWords(name: string, reason: string | null): string {
  return reason === null ? name : `${name} (${reason})`;
}
