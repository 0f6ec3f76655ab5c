export { type Actor, anonymousActor, type AuditAction, type AuditEntry, AuditTrail } from './audit-trail.js';
export type { ClockJob, ClockPass, ClockTally } from './clocks/clock-job.js';
export { ClockJobEntity } from './clocks/clock-job.entity.js';
export type { ClockStatus } from './clocks/clock.repository.js';
export { type ClockRequest, type ClockRun, Clocks, UnknownClockJobError } from './clocks/clocks.js';
export { eachDue } from './clocks/each-due.js';
export { journalClockJobs } from './clock-jobs.js';
export { ErasureCertificateEntity } from './erasure-certificate.entity.js';
export { type Erasure, ErasureCertificates } from './erasure-certificates.js';
export { type ErasedPerson, type ErasureStep, JournalErasure } from './journal-erasure.js';
export { JournalModule } from './journal.module.js';
export { type EventCause, Outbox, type OutboxEvent, type SqlVersion } from './outbox.js';
export type {
  ProvisioningLogEntry,
  ProvisioningLogQuery,
  ProvisioningOutcome,
  RequestReference,
} from './provisioning-log-entry.js';
export {
  logEntry,
  type ProvisioningRequest,
  provisioningRequest,
  type ProvisioningResult,
} from './provisioning-request.js';
export { ProvisioningLog } from './provisioning-log.js';
export { cutoff, defaultRetention, leastIdOf, RETENTION, type Retention } from './retention/retention.js';
export { AuditEntryEntity } from './audit-entry.entity.js';
export { journalEntities } from './journal-entities.js';
export { OutboxEventEntity } from './outbox-event.entity.js';
export { ProvisioningLogEntity } from './provisioning-log.entity.js';
