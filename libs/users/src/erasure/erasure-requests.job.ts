import { Database } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { ErasureExecution } from './erasure-execution.js';
import { ErasureRequestRepository, type OpenErasure } from './erasure-request.repository.js';

/** Goes on with confirmed erasures that broke off. One that a legal hold keeps is skipped and counted. */
@Injectable()
export class ErasureRequestsJob implements ClockJob {
  readonly name = 'erasure-requests';
  readonly every = 0;

  constructor(
    private readonly database: Database,
    private readonly requests: ErasureRequestRepository,
    private readonly execution: ErasureExecution,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    return eachDue<OpenErasure>(
      pass,
      (last) => this.database.read((session) => this.requests.unfinished(session, last?.id ?? '')),
      async ({ id, tenant_id: tenant }) => {
        const step = await this.execution.run(tenant, id, pass.cause.requestId, () => pass.goesOn());
        return step === 'over' ? 'done' : 'skipped';
      },
    );
  }
}
