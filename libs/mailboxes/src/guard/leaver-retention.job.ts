import { Database, databaseTime, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';

interface DueTenant {
  readonly id: TenantId;
  /** The newest leaver that is old enough: it is kept, the hour is counted from it. */
  readonly newest: number;
  readonly oldest: number;
}

/** More than the hour that counts, so that a clock which is set back a little takes nothing away. */
const kept = 3 * 3_600_000;
const rowsPerTransaction = 500;

const due = `
  SELECT tenant_id AS id, MAX(seq) AS newest, MIN(seq) AS oldest FROM mail_leaver WHERE at < ? AND tenant_id > ?
   GROUP BY tenant_id HAVING COUNT(*) > 1 ORDER BY tenant_id LIMIT 100`;

/** Ends rows of leavers that no longer count, but for the newest one of each tenant. */
@Injectable()
export class LeaverRetentionJob implements ClockJob {
  readonly name = 'leaver-retention';
  readonly every = 3_600_000;

  constructor(private readonly database: Database) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    const before = (await this.database.read(databaseTime)) - kept;
    return eachDue<DueTenant>(
      pass,
      (last) => this.database.read((session) => session.all<DueTenant>(due, [before, last?.id ?? ''])),
      (tenant) => this.endOfTenant(pass, tenant),
    );
  }

  private async endOfTenant(pass: ClockPass, { id: tenant, newest, oldest }: DueTenant): Promise<number> {
    let ended = 0;
    for (let start = Number(oldest); start < newest; start += rowsPerTransaction) {
      const end = Math.min(start + rowsPerTransaction, Number(newest));
      ended += await this.database.write((session) =>
        session.run('DELETE FROM mail_leaver WHERE tenant_id = ? AND seq >= ? AND seq < ?', [tenant, start, end]),
      );
      if (!(await pass.goesOn())) {
        break;
      }
    }
    return ended;
  }
}
