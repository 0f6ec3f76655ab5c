import { Database, databaseTime } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { type DueGrace, InactiveGrace } from '../inactive-grace.js';

type DueItem = DueGrace & { readonly id: string };

/** Ends the time in which mail of an inactive mailbox is still accepted; it goes by the tenant's policy afterwards. */
@Injectable()
export class InactiveGraceJob implements ClockJob {
  readonly name = 'inactive-grace';
  readonly every = 0;

  constructor(
    private readonly database: Database,
    private readonly grace: InactiveGrace,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    const now = await this.database.read(databaseTime);
    return eachDue<DueItem>(
      pass,
      async (last) => {
        const due = await this.database.read((session) => this.grace.dueGrace(session, now, 100, last));
        return due.map((each) => ({ ...each, id: each.mailboxId }));
      },
      async ({ tenant, mailboxId }) =>
        (await this.database.write((session) =>
          this.grace.settleGrace(tenant, session, [mailboxId], { ...pass.cause, at: now }),
        )) > 0
          ? 'done'
          : 'skipped',
    );
  }
}
