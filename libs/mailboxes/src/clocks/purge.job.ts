import { Database, databaseTime, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { MailboxPurge } from './mailbox-purge.js';

interface DueMailbox {
  readonly id: string;
  readonly tenant_id: TenantId;
  readonly purge_after: number;
}

const due =
  "SELECT id, tenant_id, purge_after FROM mailbox_account WHERE status = 'deleted' AND legal_hold = ? AND purge_after >= ? AND purge_after <= ? AND (purge_after > ? OR id > ?) ORDER BY purge_after, id LIMIT 100";
const held =
  "SELECT COUNT(*) AS n FROM mailbox_account WHERE status = 'deleted' AND purge_after <= ? AND legal_hold = ?";

/** Ends the data of deleted mailboxes when their retention is over. What a legal hold keeps is skipped and counted. */
@Injectable()
export class PurgeJob implements ClockJob {
  readonly name = 'mailbox-purge';
  readonly every = 300_000;

  constructor(
    private readonly database: Database,
    private readonly purge: MailboxPurge,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    const now = await this.database.read(databaseTime);
    const tally = await eachDue<DueMailbox>(
      pass,
      (last) =>
        this.database.read((session) => {
          const { purge_after: time = 0, id = '' } = last ?? {};
          return session.all<DueMailbox>(due, [false, time, now, time, id]);
        }),
      async ({ tenant_id: tenant, id }) =>
        (await this.database.write((session) => this.purge.purge(tenant, session, id, pass.cause)))
          ? 'done'
          : 'skipped',
    );
    const onHold = await this.database.read((session) => session.first<{ readonly n: number }>(held, [now, true]));
    return { ...tally, skipped: tally.skipped + (onHold?.n ?? 0) };
  }
}
