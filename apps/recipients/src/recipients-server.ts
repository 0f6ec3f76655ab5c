import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RecipientsConfiguration } from '@cleanmail/config';
import type { Logger } from 'pino';
import { answerFrom, type CopyState } from './answers.js';
import { RecipientCopy } from './copy/recipient-copy.js';
import { SnapshotFile } from './copy/snapshot-file.js';
import { FeedFollower, type FollowingOptions } from './following/feed-follower.js';
import type { FeedSource } from './following/feed-source.js';
import { defaultLimits, type SocketmapLimits, SocketmapServer } from './socketmap/socketmap-server.js';

/** What a recipient server stands on. */
export interface RecipientsEnvironment {
  readonly logger: Logger;
  /** Gives the feed, and is asked again and again while it cannot. */
  readonly connect: () => Promise<FeedSource>;
  readonly limits?: SocketmapLimits;
  readonly following?: Partial<FollowingOptions>;
}

const hour = 3_600_000;
/** How often a changed copy is written to disk, in milliseconds. */
const saveInterval = 60_000;

/**
 * The recipient server of a gateway: a copy of recipients and domains that follows the feed, the last snapshot of it on
 * disk, and the socketmap tables `recipients`, `access`, `domains` and `transport` for Postfix. It answers from what it
 * has while the database is away, also after a restart.
 */
export class RecipientsServer {
  /** Lookups since the start, by table and by the first word of the answer. */
  readonly lookups = new Map<string, number>();
  private currentCopy = new RecipientCopy();
  private follower: FeedFollower;
  private readonly socketmap: SocketmapServer;
  private readonly file: SnapshotFile;
  private readonly stopping = new AbortController();
  private readonly steps = new EventEmitter();
  private following: Promise<void> | undefined;
  private savedAt = 0;
  private saving: Promise<void> | undefined;
  private isAway = false;

  constructor(
    private readonly configuration: Omit<RecipientsConfiguration, 'database' | 'statusPort' | 'logLevel'>,
    private readonly environment: RecipientsEnvironment,
  ) {
    this.file = new SnapshotFile(join(configuration.dataDirectory, 'recipients.snapshot'));
    this.follower = this.follow(this.currentCopy);
    this.socketmap = new SocketmapServer((table, key) => this.answer(table, key), environment.limits ?? defaultLimits);
  }

  /** Reads the last snapshot, answers, and begins to follow the feed; gives the TCP port. @throws ConfigurationError */
  async start(): Promise<number> {
    await this.load();
    const { port, host, socket } = this.configuration;
    const bound = await this.socketmap.listen(port, host);
    if (socket !== undefined) {
      await this.socketmap.listenOnSocket(socket);
    }
    this.following = this.run();
    return bound;
  }

  /** Ends connections behind what they have asked, and keeps the copy on disk. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.socketmap.close();
    await this.following;
    await this.save();
  }

  /** The answer to a request of Postfix, counted. */
  answer(table: string, key: string): string {
    const answer = answerFrom(this.currentCopy, this.state, table, key);
    const label = `${answer.startsWith('PERM') ? 'unknown' : table} ${answer.slice(0, answer.indexOf(' '))}`;
    this.lookups.set(label, (this.lookups.get(label) ?? 0) + 1);
    return answer;
  }

  get copy(): RecipientCopy {
    return this.currentCopy;
  }

  get connections(): number {
    return this.socketmap.connections;
  }

  get state(): CopyState {
    if (!this.follower.isReady) {
      return 'empty';
    }
    return this.ageMilliseconds > this.configuration.maxStaleHours * hour ? 'stale' : 'ready';
  }

  /** Since when the copy has not been compared with the database; Infinity: never. */
  get ageMilliseconds(): number {
    return this.follower.freshAt === 0 ? Infinity : Date.now() - this.follower.freshAt;
  }

  /** Waits for the next look at the feed that begins from now on: with `failed`, for one that fails. */
  async nextLook(outcome: 'done' | 'failed' = 'done'): Promise<void> {
    const askedAt = performance.now();
    for (;;) {
      const [begunAt] = (await once(this.steps, outcome)) as [number];
      if (begunAt >= askedAt) {
        return;
      }
    }
  }

  private follow(copy: RecipientCopy): FeedFollower {
    const { acceptLossOf } = this.configuration;
    return new FeedFollower(copy, this.environment.logger, { acceptLossOf, ...this.environment.following });
  }

  private async load(): Promise<void> {
    try {
      const stored = await this.file.read();
      if (stored !== undefined) {
        this.currentCopy = stored.copy;
        this.follower = this.follow(stored.copy);
        this.follower.freshAt = stored.freshAt;
        this.follower.isReady = true;
      }
    } catch (error) {
      this.environment.logger.error({ reason: (error as Error).message }, 'the snapshot on disk cannot be used');
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const begunAt = performance.now();
      const outcome = await this.look();
      this.steps.emit(outcome, begunAt);
      if (Date.now() - this.savedAt > saveInterval) {
        this.saving ??= this.save().finally(() => (this.saving = undefined));
      }
      const isInHaste = outcome === 'done' && this.follower.isUrgent;
      await delay(isInHaste ? 0 : this.configuration.pollMilliseconds, undefined, { signal }).catch(() => undefined);
    }
    await this.saving;
  }

  private async look(): Promise<'done' | 'failed'> {
    try {
      await this.follower.step(await this.environment.connect());
      if (this.isAway) {
        this.environment.logger.info('the feed is back');
      }
      this.isAway = false;
      return 'done';
    } catch (error) {
      if (!this.isAway) {
        this.environment.logger.warn({ err: error }, 'the feed cannot be read: answering from the last snapshot');
      }
      this.isAway = true;
      return 'failed';
    }
  }

  /** Only a copy that may be answered from is worth keeping; one that could not be compared lately is on disk already. */
  private async save(): Promise<void> {
    const { freshAt, isReady } = this.follower;
    this.savedAt = Date.now();
    if (!isReady) {
      return;
    }
    await this.file.write(this.currentCopy, freshAt).catch((error: unknown) => {
      this.environment.logger.error({ err: error }, 'the snapshot cannot be written to disk');
    });
  }
}
