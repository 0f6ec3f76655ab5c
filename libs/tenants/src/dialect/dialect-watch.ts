import type { TenantId } from '@cleanmail/database';
import type { DialectSign } from '@cleanmail/scim';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { TenantDialects } from './tenant-dialects.js';

const touchInterval = 60_000;
const mostRemembered = 100_000;

/**
 * Passes on what requests show of their dialect, at most once a minute for each dialect of a tenant, and never in the
 * way of a request.
 */
@Injectable()
export class DialectWatch implements OnApplicationShutdown {
  private readonly logger = new Logger(DialectWatch.name);
  private readonly remembered = new Map<string, number>();
  private readonly writing = new Set<Promise<void>>();

  constructor(private readonly dialects: TenantDialects) {}

  /** Takes note of what a request has shown. */
  note(tenant: TenantId, sign: DialectSign, requestId: string): void {
    const now = Date.now();
    const key = `${tenant} ${sign.dialect}`;
    if (now - (this.remembered.get(key) ?? 0) < touchInterval) {
      return;
    }
    if (this.remembered.size >= mostRemembered) {
      this.remembered.clear();
    }
    this.remembered.set(key, now);
    const write: Promise<void> = this.dialects
      .record(tenant, sign, { requestId, at: now })
      .catch((error: unknown) => this.logger.warn(`a dialect was not recorded: ${(error as Error).name}`))
      .finally(() => this.writing.delete(write));
    this.writing.add(write);
  }

  /** Resolves when everything noted so far is recorded or given up. */
  async settled(): Promise<void> {
    await Promise.all(this.writing);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.settled();
  }
}
