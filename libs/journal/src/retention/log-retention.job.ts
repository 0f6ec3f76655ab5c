import { Database, type TenantId } from '@cleanmail/database';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { ClockJob, ClockPass, ClockTally } from '../clocks/clock-job.js';
import { eachDue } from '../clocks/each-due.js';
import { cutoff, defaultRetention, leastIdOf, RETENTION, type Retention } from './retention.js';

interface DueTenant {
  readonly id: TenantId;
}

const entriesPerTransaction = 500;
const tenantsPerPage = 100;

/** Ends entries of the provisioning log and of the audit trail that are older than they are to be kept. */
@Injectable()
export class LogRetentionJob implements ClockJob {
  readonly name = 'log-retention';
  readonly every = 3_600_000;

  constructor(
    private readonly database: Database,
    @Optional() @Inject(RETENTION) private readonly retention: Retention = defaultRetention,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    const { provisioningLogDays, auditLogDays } = this.retention;
    const provisioning = await this.end(pass, 'provisioning_log', provisioningLogDays);
    const audit = await this.end(pass, 'audit_entry', auditLogDays);
    return {
      done: provisioning.done + audit.done,
      skipped: 0,
      failed: provisioning.failed + audit.failed,
    };
  }

  private async end(pass: ClockPass, table: 'provisioning_log' | 'audit_entry', days: number): Promise<ClockTally> {
    const end = cutoff(days, pass.cause.at);
    if (end === undefined) {
      return { done: 0, skipped: 0, failed: 0 };
    }
    const before = leastIdOf(end);
    return eachDue<DueTenant>(
      pass,
      (last) => this.dueTenants(table, before, last),
      ({ id }) => this.endOfTenant(pass, table, id, before),
    );
  }

  /** Asks for the oldest entry of each tenant, which every engine finds at the beginning of the tenant's keys. */
  private async dueTenants(table: string, before: string, last: DueTenant | undefined): Promise<readonly DueTenant[]> {
    return this.database.read((session) =>
      session.all<DueTenant>(
        `SELECT t.id FROM tenant t WHERE t.id > ? AND (SELECT MIN(e.id) FROM ${table} e WHERE e.tenant_id = t.id) < ? ORDER BY t.id LIMIT ${tenantsPerPage}`,
        [last?.id ?? '', before],
      ),
    );
  }

  private async endOfTenant(pass: ClockPass, table: string, tenant: TenantId, before: string): Promise<number> {
    let ended = 0;
    let deleted: number;
    do {
      deleted = await this.database.write(async (session) => {
        const row = await session.first<{ readonly last: string | null }>(
          `SELECT MAX(id) AS last FROM (SELECT id FROM ${table} WHERE tenant_id = ? AND id < ? ORDER BY id LIMIT ${entriesPerTransaction}) AS oldest`,
          [tenant, before],
        );
        const last = row?.last ?? null;
        return last === null ? 0 : session.run(`DELETE FROM ${table} WHERE tenant_id = ? AND id <= ?`, [tenant, last]);
      });
      ended += deleted;
    } while (deleted > 0 && (await pass.goesOn()));
    return ended;
  }
}
