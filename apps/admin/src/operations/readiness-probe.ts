import { Database, isMigrated } from '@cleanmail/database';
import { Drain } from '@cleanmail/listener';
import { Injectable } from '@nestjs/common';

/** Whether requests can be served, and what stands in the way. */
export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly checks: {
    readonly database: 'up' | 'down';
    readonly migrations: 'done' | 'pending' | 'unknown';
    readonly draining: boolean;
  };
}

/** The database must answer a probe within this time, in milliseconds. */
const patience = 1000;

/** Tells whether this process can serve requests now. */
@Injectable()
export class ReadinessProbe {
  private isMigrated = false;

  constructor(
    private readonly database: Database,
    private readonly drain: Drain,
  ) {}

  async check(): Promise<Readiness> {
    const isUp = await within(patience, this.database.isReachable());
    const migrations = isUp ? await this.migrations() : 'unknown';
    const { isDraining: draining } = this.drain;
    const status = isUp && migrations === 'done' && !draining ? 'ok' : 'unavailable';
    return { status, checks: { database: isUp ? 'up' : 'down', migrations, draining } };
  }

  /** Looked up until they are done: a schema does not go back while a process runs on it. */
  private async migrations(): Promise<'done' | 'pending'> {
    this.isMigrated ||= await within(patience, isMigrated(this.database));
    return this.isMigrated ? 'done' : 'pending';
  }
}

async function within(milliseconds: number, answer: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  return Promise.race([answer.catch(() => false), timeout]).finally(() => clearTimeout(timer));
}
