import { type Invariant, sqlInvariant } from '@cleanmail/database';

const overlapping =
  'EXISTS (SELECT 1 FROM seat_interval s WHERE s.tenant_id = r.tenant_id AND s.mailbox_id = r.id AND s.to_at > r.seat_since)';

const time = sqlInvariant<{ readonly seat: number; readonly seat_since: number | null }>({
  name: 'seat-time',
  sentence:
    'A mailbox with a seat says since when, after the end of those that it had before; one without a seat does not.',
  remedy: 'The bill is wrong by this seat: correct it by hand, and tell the developers.',
  over: { table: 'mailbox_account', key: 'id' },
  columns: 'r.seat, r.seat_since',
  broken: `(r.seat = 1) <> (r.seat_since IS NOT NULL) OR ${overlapping}`,
  problem: ({ id, seat, seat_since: since }) => {
    if (since === null) {
      return `mailbox ${id} has a seat, and nothing says since when`;
    }
    return seat === 1
      ? `mailbox ${id} has a seat from a time on at which the ledger has it already`
      : `mailbox ${id} has no seat, but a time since when`;
  },
});

const owner = sqlInvariant({
  name: 'seat-mailbox',
  sentence: 'Every interval of the ledger is of a mailbox of its tenant.',
  remedy: 'Leave it out of the bill, and tell the developers.',
  over: { table: 'seat_interval', key: 'mailbox_id' },
  joins: 'LEFT JOIN mailbox_account m ON m.tenant_id = r.tenant_id AND m.id = r.mailbox_id',
  broken: 'm.id IS NULL',
  problem: ({ id }) => `an interval of the ledger is of mailbox ${id}, which there is not`,
});

const seated = '(SELECT COUNT(*) FROM mailbox_account m WHERE m.tenant_id = r.tenant_id AND m.seat = 1)';

const used = sqlInvariant<{ readonly seats_used: number; readonly counted: number }>({
  name: 'seats-used',
  sentence: 'The number of seats in use is that of the mailboxes with a seat.',
  remedy: 'A hard limit is applied wrongly: have the developers set the counter to the number that was counted.',
  over: { table: 'tenant_mail_counter', key: 'tenant_id' },
  columns: `r.seats_used, ${seated} AS counted`,
  broken: `r.seats_used <> ${seated}`,
  problem: ({ seats_used: says, counted }) => `${says} seats are said to be in use, and ${counted} mailboxes have one`,
});

/** Seats, and the ledger that is billed. */
export const seatInvariants: readonly Invariant[] = [time, owner, used];
