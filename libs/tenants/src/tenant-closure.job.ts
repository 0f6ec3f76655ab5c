import { Database, databaseTime, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { TenantClosure } from './tenant-closure.js';
import { TenantRepository } from './tenant.repository.js';

/** Ends the mail of closed tenants when their notice period is over, or where a close broke off. */
@Injectable()
export class TenantClosureJob implements ClockJob {
  readonly name = 'tenant-closures';
  readonly every = 0;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantRepository,
    private readonly closure: TenantClosure,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    const now = await this.database.read(databaseTime);
    return eachDue<{ readonly id: TenantId }>(
      pass,
      (last) => this.database.read((session) => this.tenants.dueMailEnds(session, now, last?.id ?? '')),
      async ({ id }) => {
        await this.closure.finish(id, pass.cause);
        return 'done';
      },
    );
  }
}
