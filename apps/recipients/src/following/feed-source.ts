import { existsSync } from 'node:fs';
import type { DatabaseLocation } from '@cleanmail/config';
import { type Database, openDatabase } from '@cleanmail/database';
import { RecipientFeed } from '@cleanmail/mailboxes';

/** What a gateway reads of the service's feed. */
export type FeedSource = Pick<RecipientFeed, 'heads' | 'changes' | 'walk' | 'relayDomains'>;

/** The feed, read from the service's database; a gateway can start while that is away, and never makes or migrates it. */
export class DatabaseFeed {
  private database: Database | undefined;

  constructor(private readonly location: DatabaseLocation) {}

  /** @throws Error while the database cannot be reached. */
  async connect(): Promise<FeedSource> {
    if (this.location.kind === 'sqlite' && !existsSync(this.location.path)) {
      throw new Error('there is no database yet');
    }
    this.database ??= await openDatabase({ location: this.location, entities: [], poolSize: 2 });
    return new RecipientFeed(this.database);
  }

  async close(): Promise<void> {
    await this.database?.close();
  }
}
