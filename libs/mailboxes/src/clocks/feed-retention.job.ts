import { Database, forUpdate, type Session, type TenantId } from '@cleanmail/database';
import {
  type ClockJob,
  type ClockPass,
  type ClockTally,
  cutoff,
  defaultRetention,
  eachDue,
  RETENTION,
  type Retention,
} from '@cleanmail/journal';
import { Inject, Injectable, Optional } from '@nestjs/common';

interface DueTenant {
  readonly id: TenantId;
}

const eventsPerTransaction = 200;
const tenantsPerPage = 100;

/**
 * Ends events that are past their horizon, from the oldest on, and the rows of recipients that were gone by then. What
 * was ended is written down as the feed's horizon: a reader that is behind it knows that it must start anew.
 */
@Injectable()
export class FeedRetentionJob implements ClockJob {
  readonly name = 'feed-retention';
  readonly every = 3_600_000;

  constructor(
    private readonly database: Database,
    @Optional() @Inject(RETENTION) private readonly retention: Retention = defaultRetention,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    const before = cutoff(this.retention.outboxDays, pass.cause.at);
    if (before === undefined) {
      return { done: 0, skipped: 0, failed: 0 };
    }
    return eachDue<DueTenant>(
      pass,
      (last) => this.dueTenants(before, last),
      ({ id }) => this.endOfTenant(pass, id, before),
    );
  }

  /** Asks for the oldest event of each tenant, which every engine finds at the beginning of the tenant's keys. */
  private async dueTenants(before: number, last: DueTenant | undefined): Promise<readonly DueTenant[]> {
    return this.database.read((session) =>
      session.all<DueTenant>(
        `SELECT c.tenant_id AS id FROM tenant_mail_counter c WHERE c.tenant_id > ? AND (SELECT e.at FROM outbox_event e WHERE e.tenant_id = c.tenant_id ORDER BY e.version, e.position LIMIT 1) < ? ORDER BY c.tenant_id LIMIT ${tenantsPerPage}`,
        [last?.id ?? '', before],
      ),
    );
  }

  private async endOfTenant(pass: ClockPass, tenant: TenantId, before: number): Promise<number> {
    let ended = 0;
    let deleted: number;
    do {
      deleted = await this.database.write((session) => this.endSome(tenant, session, before));
      ended += deleted;
    } while (deleted > 0 && (await pass.goesOn()));
    return ended;
  }

  private async endSome(tenant: TenantId, session: Session, before: number): Promise<number> {
    const horizon = await this.nextHorizon(tenant, session, before);
    const counter = await session.first<{ readonly feed_horizon: number }>(
      `SELECT feed_horizon FROM tenant_mail_counter WHERE tenant_id = ?${forUpdate(session)}`,
      [tenant],
    );
    if (horizon === undefined || counter === undefined) {
      return 0;
    }
    // Each row is looked at once, when the horizon passes it; one that is reserved then goes when its reservation ends.
    await session.run(
      "DELETE FROM mail_recipient WHERE tenant_id = ? AND version > ? AND version <= ? AND action = 'gone' AND NOT EXISTS (SELECT 1 FROM mailbox_address a WHERE a.claim_key = mail_recipient.address_key)",
      [tenant, counter.feed_horizon, horizon],
    );
    await session.run('UPDATE tenant_mail_counter SET feed_horizon = ? WHERE tenant_id = ? AND feed_horizon < ?', [
      horizon,
      tenant,
      horizon,
    ]);
    return session.run('DELETE FROM outbox_event WHERE tenant_id = ? AND version <= ?', [tenant, horizon]);
  }

  /** The last of the oldest versions before which, and in which, nothing is young enough to be kept. */
  private async nextHorizon(tenant: TenantId, session: Session, before: number): Promise<number | undefined> {
    const oldest = await session.all<{ readonly version: number; readonly at: number }>(
      `SELECT version, at FROM outbox_event WHERE tenant_id = ? ORDER BY version, position LIMIT ${eventsPerTransaction}`,
      [tenant],
    );
    const firstKept = oldest.find(({ at }) => at >= before);
    return oldest.filter(({ version }) => firstKept === undefined || version < firstKept.version).at(-1)?.version;
  }
}
