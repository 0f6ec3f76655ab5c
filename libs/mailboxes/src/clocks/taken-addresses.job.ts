import { Database, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { TakenAddresses } from '../taken-addresses.js';

/** Gives addresses whose holder let go to the mailboxes that wait for them, those that waited longest first. */
@Injectable()
export class TakenAddressesJob implements ClockJob {
  readonly name = 'taken-addresses';
  readonly every = 0;

  constructor(
    private readonly database: Database,
    private readonly addresses: TakenAddresses,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    return eachDue<{ readonly id: TenantId }>(
      pass,
      async (last) => {
        const tenants = await this.database.read((session) => this.addresses.due(session, last?.id));
        return tenants.map((id) => ({ id }));
      },
      ({ id: tenant }) => this.addresses.settle(tenant, pass.cause, { goesOn: () => pass.goesOn() }),
    );
  }
}
