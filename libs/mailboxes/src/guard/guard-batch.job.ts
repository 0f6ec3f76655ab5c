import { Database, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { GuardSettlement } from './guard-settlement.js';

interface DueBatch {
  readonly id: string;
  readonly tenant_id: TenantId;
}

const due =
  "SELECT id, tenant_id FROM guard_batch WHERE settled_at IS NULL AND status IN ('released', 'rejected') AND id > ? ORDER BY id LIMIT 50";

/** Carries decisions on batches of leavers out wherever that broke off. */
@Injectable()
export class GuardBatchJob implements ClockJob {
  readonly name = 'guard-batches';
  readonly every = 0;

  constructor(
    private readonly database: Database,
    private readonly settlement: GuardSettlement,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    return eachDue<DueBatch>(
      pass,
      (last) => this.database.read((session) => session.all<DueBatch>(due, [last?.id ?? ''])),
      async ({ id, tenant_id: tenant }) => {
        await this.settlement.settle(tenant, id, pass.cause);
        return 'done';
      },
    );
  }
}
