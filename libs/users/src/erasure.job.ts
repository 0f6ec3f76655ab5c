import { Database, databaseTime, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { ProfileErasure } from './profile-erasure.js';

interface DueMailbox {
  readonly id: string;
  readonly tenant_id: TenantId;
  readonly erase_after: number;
}

const due =
  'SELECT id, tenant_id, erase_after FROM mailbox_account WHERE erase_after >= ? AND erase_after <= ? AND (erase_after > ? OR id > ?) ORDER BY erase_after, id LIMIT 100';

/** Erases the profile data of users who were deactivated and did not come back in time, where the service wants that. */
@Injectable()
export class ErasureJob implements ClockJob {
  readonly name = 'profile-erasure';
  readonly every = 300_000;

  constructor(
    private readonly database: Database,
    private readonly erasure: ProfileErasure,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    const now = await this.database.read(databaseTime);
    return eachDue<DueMailbox>(
      pass,
      (last) =>
        this.database.read((session) => {
          const { erase_after: time = 0, id = '' } = last ?? {};
          return session.all<DueMailbox>(due, [time, now, time, id]);
        }),
      async ({ tenant_id: tenant, id }) =>
        (await this.database.write((session) => this.erasure.erase(tenant, session, id, pass.cause)))
          ? 'done'
          : 'skipped',
    );
  }
}
