import { Database, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { DomainTransfer } from './domain-transfer.js';

interface MovingDomain {
  readonly id: string;
  readonly tenant_id: TenantId;
  readonly name_ascii: string;
  readonly transfer_to: TenantId;
  readonly receiver_status: string | null;
}

const moving = `
  SELECT d.id, d.tenant_id, d.name_ascii, d.transfer_to, t.status AS receiver_status
    FROM mail_domain d LEFT JOIN tenant t ON t.id = d.transfer_to
   WHERE d.transfer_to IS NOT NULL AND d.status IN ('verified', 'suspended') AND d.id > ? ORDER BY d.id LIMIT 50`;

/** Goes on with transfers that broke off; one whose receiver was closed meanwhile is called off. */
@Injectable()
export class DomainTransferJob implements ClockJob {
  readonly name = 'domain-transfers';
  readonly every = 0;

  constructor(
    private readonly database: Database,
    private readonly transfers: DomainTransfer,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    return eachDue<MovingDomain>(
      pass,
      (last) => this.database.read((session) => session.all<MovingDomain>(moving, [last?.id ?? ''])),
      async ({ tenant_id: from, transfer_to: to, name_ascii: nameAscii, receiver_status: receiver }) => {
        const transfer = { from, to, nameAscii };
        if (receiver === null || receiver === 'closed') {
          await this.transfers.cancel(transfer);
          return 'skipped';
        }
        await this.transfers.transfer(transfer, pass.cause, () => pass.goesOn());
        return 'done';
      },
    );
  }
}
