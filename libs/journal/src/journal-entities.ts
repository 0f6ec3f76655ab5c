import { AuditEntryEntity } from './audit-entry.entity.js';
import { OutboxEventEntity } from './outbox-event.entity.js';
import { ProvisioningLogEntity } from './provisioning-log.entity.js';

/** The tables of this package, for a TypeORM DataSource. */
export const journalEntities = [AuditEntryEntity, OutboxEventEntity, ProvisioningLogEntity] as const;
