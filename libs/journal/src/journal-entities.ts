import { AuditEntryEntity } from './audit-entry.entity.js';
import { ClockJobEntity } from './clocks/clock-job.entity.js';
import { ErasureCertificateEntity } from './erasure-certificate.entity.js';
import { OutboxEventEntity } from './outbox-event.entity.js';
import { ProvisioningLogEntity } from './provisioning-log.entity.js';

/** The tables of this package, for a TypeORM DataSource. */
export const journalEntities = [
  AuditEntryEntity,
  ClockJobEntity,
  ErasureCertificateEntity,
  OutboxEventEntity,
  ProvisioningLogEntity,
] as const;
