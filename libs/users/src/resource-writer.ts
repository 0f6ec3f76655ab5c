import { Database, type Session, type TenantId } from '@cleanmail/database';
import { logEntry, ProvisioningLog, type ProvisioningRequest } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import type { EntityTagCondition } from './stored-resource.js';

/** A writing request: who asks, and on which condition (RFC 7644 section 3.14). */
export interface WriteCommand {
  readonly request: ProvisioningRequest;
  readonly accepts?: EntityTagCondition;
  /** Without it the request has a transaction of its own. */
  readonly shared?: SharedTransaction;
}

/** A transaction that several requests are part of. They look things up together, and write one after the other. */
export interface SharedTransaction {
  readonly session: Session;
  /** Resolves when the one before is done. */
  readonly turn: Promise<void>;
}

/** What a unit of work did, for the provisioning log. */
export interface WriteRecord {
  readonly status: number;
  readonly resourceId: string;
  readonly userName?: string;
  readonly changes: readonly string[];
}

/** Units of work that leave their provisioning log entry in their own transaction. */
@Injectable()
export class ResourceWriter {
  constructor(
    private readonly database: Database,
    private readonly log: ProvisioningLog,
  ) {}

  /** Runs a unit of work; a COMMIT whose answer was lost has happened when the request's log entry is there. */
  async write<T>(
    tenant: TenantId,
    { request, shared }: WriteCommand,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    if (shared !== undefined) {
      return work(shared.session);
    }
    return this.database.write(work, {
      isCommitted: (session) => this.log.isRecorded(tenant, session, request.logId),
    });
  }

  async record(tenant: TenantId, session: Session, request: ProvisioningRequest, record: WriteRecord): Promise<void> {
    await this.log.record(tenant, session, logEntry(request, { outcome: 'success', ...record }));
  }
}
