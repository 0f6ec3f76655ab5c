import { Database, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { PendingMailboxes } from '../pending-mailboxes.js';

/** Tenants with a hard limit where a seat is free, and somebody waits for one. */
const due = `
  SELECT p.tenant_id AS id FROM tenant_mail_policy p JOIN tenant_mail_counter c ON c.tenant_id = p.tenant_id
   WHERE p.tenant_id > ? AND p.seat_policy = 'hard' AND c.seats_used < p.seat_limit
     AND EXISTS (SELECT 1 FROM mailbox_address_wish w WHERE w.tenant_id = p.tenant_id AND w.reason = 'seat_limit' AND w.role = 'primary')
   ORDER BY p.tenant_id LIMIT 50`;

/** Gives seats that became free to the mailboxes that wait for one, those that waited longest first. */
@Injectable()
export class FreeSeatsJob implements ClockJob {
  readonly name = 'free-seats';
  readonly every = 0;

  constructor(
    private readonly database: Database,
    private readonly pending: PendingMailboxes,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    return eachDue<{ readonly id: TenantId }>(
      pass,
      (last) => this.database.read((session) => session.all<{ readonly id: TenantId }>(due, [last?.id ?? ''])),
      async ({ id: tenant }) => ((await this.pending.settleSeats(tenant, pass.cause)) > 0 ? 'done' : 'skipped'),
    );
  }
}
