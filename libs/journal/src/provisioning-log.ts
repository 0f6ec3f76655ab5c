import { Database, type Session, type TenantId } from '@cleanmail/database';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { ProvisioningLogEntry, ProvisioningLogQuery, RequestReference } from './provisioning-log-entry.js';
import { ProvisioningLogRepository } from './provisioning-log.repository.js';

interface Waiting {
  readonly tenant: TenantId;
  readonly entry: ProvisioningLogEntry;
}

/** One log for all applications of a process, so that who reads it sees what the others have gathered. */
const logs = new WeakMap<Database, ProvisioningLog>();
const batchSize = 200;
const mostWaiting = 20_000;
/** How long the first entry of a batch waits for others, in milliseconds. */
const gatheringTime = 50;

/**
 * The log of every SCIM request. A write's entry is recorded in the write's own transaction; everything else is
 * appended: gathered for a moment and while the batch before is being written, so that reading costs no commit of its own.
 * A failure does not wait: somebody may be looking for it.
 */
export class ProvisioningLog implements OnApplicationShutdown {
  private readonly logger = new Logger(ProvisioningLog.name);
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  private hurry: () => void = () => undefined;
  /** Entries that were given up because the database was away for too long. */
  lost = 0;

  private constructor(
    private readonly database: Database,
    private readonly repository: ProvisioningLogRepository,
  ) {}

  /** The log that a process keeps on a database. */
  static of(database: Database, repository: ProvisioningLogRepository): ProvisioningLog {
    const log = logs.get(database) ?? new ProvisioningLog(database, repository);
    logs.set(database, log);
    return log;
  }

  /** Writes the entry of a unit of work, inside it. */
  async record(tenant: TenantId, session: Session, entry: ProvisioningLogEntry): Promise<void> {
    await this.repository.insert(tenant, session, entry);
  }

  /** Whether the entry of a unit of work is there: the proof that a COMMIT whose answer was lost has happened. */
  async isRecorded(tenant: TenantId, session: Session, id: string): Promise<boolean> {
    return this.repository.exists(tenant, session, id);
  }

  /** Takes an entry that belongs to no transaction; it is written within a moment. */
  append(tenant: TenantId, entry: ProvisioningLogEntry): void {
    if (this.waiting.length >= mostWaiting) {
      this.lost += 1;
      return;
    }
    this.waiting.push({ tenant, entry });
    this.writing ??= this.writeBatches().finally(() => (this.writing = undefined));
    if (this.waiting.length >= batchSize || entry.outcome === 'failure') {
      this.hurry();
    }
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
    await this.flush();
    return this.database.read((session) =>
      Promise.all(references.map((reference) => this.repository.findByRequest(tenant, session, reference))),
    );
  }

  /** Resolves when everything appended so far has been written or given up. */
  async flush(): Promise<void> {
    this.hurry();
    await this.writing;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  private async writeBatches(): Promise<void> {
    await this.gathered();
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

  private gathered(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, gatheringTime);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
