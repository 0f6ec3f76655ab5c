import { Database } from '@cleanmail/database';
import { Module } from '@nestjs/common';
import { AuditTrail } from './audit-trail.js';
import { journalClockJobs } from './clock-jobs.js';
import { ErasureCertificates } from './erasure-certificates.js';
import { JournalErasure } from './journal-erasure.js';
import { Outbox } from './outbox.js';
import { ProvisioningLog } from './provisioning-log.js';
import { ProvisioningLogRepository } from './provisioning-log.repository.js';

const exported = [AuditTrail, ErasureCertificates, JournalErasure, Outbox, ...journalClockJobs];
const provisioningLog = {
  provide: ProvisioningLog,
  useFactory: (database: Database, repository: ProvisioningLogRepository) => ProvisioningLog.of(database, repository),
  inject: [Database, ProvisioningLogRepository],
};

/** Provisioning log, audit trail, outbox and the clocks that shorten them; needs a Database among the application's global providers. */
@Module({
  providers: [...exported, provisioningLog, ProvisioningLogRepository],
  exports: [...exported, ProvisioningLog],
})
export class JournalModule {}
