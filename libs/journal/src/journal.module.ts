import { Module } from '@nestjs/common';
import { AuditTrail } from './audit-trail.js';
import { Outbox } from './outbox.js';
import { ProvisioningLog } from './provisioning-log.js';
import { ProvisioningLogRepository } from './provisioning-log.repository.js';

const providers = [AuditTrail, Outbox, ProvisioningLog, ProvisioningLogRepository];

/** Provisioning log, audit trail and outbox; needs a Database among the application's global providers. */
@Module({ providers, exports: [AuditTrail, Outbox, ProvisioningLog] })
export class JournalModule {}
