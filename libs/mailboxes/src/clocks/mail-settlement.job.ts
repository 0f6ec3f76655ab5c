import { Database, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { MailSettlement } from '../mail-settlement.js';

/** Lets mailboxes follow the settings of their tenant wherever that was not done or broke off. */
@Injectable()
export class MailSettlementJob implements ClockJob {
  readonly name = 'mail-settlement';
  readonly every = 0;

  constructor(
    private readonly database: Database,
    private readonly settlement: MailSettlement,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    return eachDue<{ readonly id: TenantId }>(
      pass,
      async (last) => {
        const tenants = await this.database.read((session) => this.settlement.unsettled(session, 50, last?.id));
        return tenants.map((id) => ({ id }));
      },
      async ({ id: tenant }) => {
        await this.settlement.settle(tenant, pass.cause);
        return 'done';
      },
    );
  }
}
