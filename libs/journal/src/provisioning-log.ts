import { Database, type Session, type TenantId } from '@cleanmail/database';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { ProvisioningLogEntry, ProvisioningLogQuery, RequestReference } from './provisioning-log-entry.js';
import { ProvisioningLogRepository } from './provisioning-log.repository.js';

interface Waiting {
  readonly tenant: TenantId;
  readonly entry: ProvisioningLogEntry;
}

const batchSize = 200;
const mostWaiting = 20_000;

/**
 * The log of every SCIM request. A write's entry is recorded in the write's own transaction; everything else is
 * appended: gathered while the batch before is being written, so that reading costs no statement of its own.
 */
@Injectable()
export class ProvisioningLog implements OnApplicationShutdown {
  private readonly logger = new Logger(ProvisioningLog.name);
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  /** Entries that were given up because the database was away for too long. */
  lost = 0;

  constructor(
    private readonly database: Database,
    private readonly repository: ProvisioningLogRepository,
  ) {}

  /** Writes the entry of a unit of work, inside it. */
  async record(tenant: TenantId, session: Session, entry: ProvisioningLogEntry): Promise<void> {
    await this.repository.insert(tenant, session, entry);
  }

  /** Whether the entry of a unit of work is there: the proof that a COMMIT whose answer was lost has happened. */
  async isRecorded(tenant: TenantId, session: Session, id: string): Promise<boolean> {
    return this.repository.exists(tenant, session, id);
  }

  /** Takes an entry that belongs to no transaction; it is written right away or with the next batch. */
  append(tenant: TenantId, entry: ProvisioningLogEntry): void {
    if (this.waiting.length >= mostWaiting) {
      this.lost += 1;
      return;
    }
    this.waiting.push({ tenant, entry });
    this.writing ??= this.writeBatches().finally(() => (this.writing = undefined));
  }

  /** Newest first; what was appended before this call is in it. */
  async list(tenant: TenantId, query: ProvisioningLogQuery): Promise<readonly ProvisioningLogEntry[]> {
    await this.flush();
    return this.database.read((session) => this.repository.list(tenant, session, query));
  }

  /** The entries of requests, in their order; undefined for one that is no longer kept. */
  async ofRequests(
    tenant: TenantId,
    references: readonly RequestReference[],
  ): Promise<readonly (ProvisioningLogEntry | undefined)[]> {
    return this.database.read((session) =>
      Promise.all(references.map((reference) => this.repository.findByRequest(tenant, session, reference))),
    );
  }

  /** Resolves when everything appended so far has been written or given up. */
  async flush(): Promise<void> {
    await this.writing;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  private async writeBatches(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, batchSize);
      try {
        await this.database.read((session) => this.repository.insertAll(session, batch));
      } catch (error) {
        this.lost += batch.length;
        this.logger.warn(`${batch.length} provisioning log entries were not written: ${(error as Error).name}`);
      }
    }
  }
}
