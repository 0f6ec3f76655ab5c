import { type Invariant, sqlInvariant } from '@cleanmail/database';

const interval = sqlInvariant<{ readonly seat: number }>({
  name: 'seat-interval',
  sentence: 'A mailbox with a seat has an open interval in the ledger, one without a seat has none.',
  remedy: 'The bill is wrong by this seat: correct it by hand, and tell the developers.',
  over: { table: 'mailbox_account', key: 'id' },
  columns: 'r.seat',
  joins: 'LEFT JOIN seat_interval s ON s.tenant_id = r.tenant_id AND s.open_key = r.id',
  broken: '(r.seat = 1) <> (s.id IS NOT NULL)',
  problem: ({ id, seat }) =>
    seat === 1
      ? `mailbox ${id} has a seat that the ledger lacks`
      : `the ledger has a seat for mailbox ${id}, which has none`,
});

const owner = sqlInvariant<{ readonly mailbox_id: string }>({
  name: 'seat-mailbox',
  sentence: 'Every interval of the ledger is of a mailbox of its tenant.',
  remedy: 'Leave it out of the bill, and tell the developers.',
  over: { table: 'seat_interval', key: 'id' },
  columns: 'r.mailbox_id',
  joins: 'LEFT JOIN mailbox_account m ON m.tenant_id = r.tenant_id AND m.id = r.mailbox_id',
  broken: 'm.id IS NULL',
  problem: ({ id, mailbox_id: mailbox }) => `the interval ${id} is of mailbox ${mailbox}, which there is not`,
});

const used = sqlInvariant<{ readonly seats_used: number; readonly counted: number }>({
  name: 'seats-used',
  sentence: 'The number of seats in use is that of the open intervals of the ledger.',
  remedy: 'A hard limit is applied wrongly: have the developers set the counter to the number that was counted.',
  over: { table: 'tenant_mail_counter', key: 'tenant_id' },
  columns: 'r.seats_used, (SELECT COUNT(s.open_key) FROM seat_interval s WHERE s.tenant_id = r.tenant_id) AS counted',
  broken: 'r.seats_used <> (SELECT COUNT(s.open_key) FROM seat_interval s WHERE s.tenant_id = r.tenant_id)',
  problem: ({ seats_used: says, counted }) => `${says} seats are said to be in use, and the ledger has ${counted}`,
});

/** Seats, and the ledger that is billed. */
export const seatInvariants: readonly Invariant[] = [interval, owner, used];
