export { type Actor, type AuditAction, type AuditEntry, AuditTrail } from './audit-trail.js';
export { JournalModule } from './journal.module.js';
export { type EventCause, Outbox, type OutboxEvent } from './outbox.js';
export type { ProvisioningLogEntry, ProvisioningLogQuery, ProvisioningOutcome } from './provisioning-log-entry.js';
export {
  logEntry,
  type ProvisioningRequest,
  provisioningRequest,
  type ProvisioningResult,
} from './provisioning-request.js';
export { ProvisioningLog } from './provisioning-log.js';
export { AuditEntryEntity } from './audit-entry.entity.js';
export { journalEntities } from './journal-entities.js';
export { OutboxEventEntity } from './outbox-event.entity.js';
export { ProvisioningLogEntity } from './provisioning-log.entity.js';
