import type { TenantId } from '@cleanmail/database';
import { type FeedPart, longestPart, type RelayDomain } from '@cleanmail/mailboxes';
import type { Logger } from 'pino';
import type { RecipientCopy } from '../copy/recipient-copy.js';
import type { TenantCopy } from '../copy/tenant-copy.js';
import type { FeedSource } from './feed-source.js';

/** How a copy is kept; times in milliseconds. */
export interface FollowingOptions {
  /** After this time all rows of a tenant are read again, in case something was missed. */
  readonly walkAgain?: number;
  /** The same for a tenant of which rows are missing. */
  readonly walkAfterLoss?: number;
  /** Tenants whose lost recipients may be dropped. */
  readonly acceptLossOf?: readonly string[];
}

/** A tenant whose rows are all being read. */
interface Walk {
  readonly tenant: TenantCopy;
  readonly parts: AsyncIterator<FeedPart, void>;
  /** Rows that the tenant had before. */
  readonly had: number;
  /** Behind this version changes are read, of a tenant that was not all there. */
  watermark?: number;
}

/** The share of a tenant's rows that may vanish without the feed saying that they are gone. */
const mostLost = 0.2;
/** How long walks may keep changes from being looked at. */
const walkingTime = 200;

/**
 * Keeps a copy up to date from the feed. There is one reader, and what it has read is in the copy before it reads on:
 * so each row of the copy is what the database had at the last look at it, also of an address that moves between
 * tenants. Nothing is ever taken out of the copy because it could not be read.
 */
export class FeedFollower {
  /** When the copy last agreed with the database, in milliseconds since 1970; 0: never. */
  freshAt = 0;
  /** Whether every tenant has been there as a whole. */
  isReady = false;
  private walk: Walk | undefined;
  private pulse: string | undefined;
  private known: ReadonlySet<TenantId> = new Set();

  constructor(
    private readonly copy: RecipientCopy,
    private readonly logger: Logger,
    private readonly options: FollowingOptions,
  ) {}

  /** Whether a tenant is not all there yet, so that the next step should not wait. */
  get isUrgent(): boolean {
    return this.copy.tenants.some(({ isComplete }) => !isComplete);
  }

  /** One look at the feed and a part of the walks. @throws an error of the source; what was read so far is kept. */
  async step(source: FeedSource): Promise<void> {
    const begunAt = Date.now();
    await this.readChanges(source);
    await this.readWalks(source);
    this.freshAt = begunAt;
    this.isReady ||= !this.isUrgent;
  }

  private async readChanges(source: FeedSource): Promise<void> {
    const { pulse, items } = await source.heads(this.pulse);
    if (pulse === this.pulse) {
      return;
    }
    for (const { tenantId, version } of items) {
      const tenant = this.copy.tenant(tenantId);
      // A tenant that waits for its walk is read by that.
      const isFollowed = tenant.isComplete || this.walk?.tenant === tenant;
      if (isFollowed && tenant.version !== version) {
        await this.readChangesOf(source, tenant);
      }
    }
    this.known = new Set(items.map(({ tenantId }) => tenantId));
    this.pulse = pulse;
  }

  private async readChangesOf(source: FeedSource, tenant: TenantCopy): Promise<void> {
    for (let hasMore = true; hasMore;) {
      const changes = await source.changes(tenant.id, tenant.version, longestPart);
      if (changes.reset) {
        this.logger.warn({ tenant: tenant.id }, 'the feed has a reset: all recipients of the tenant are read anew');
        this.walk = this.walk?.tenant === tenant ? undefined : this.walk;
        tenant.isComplete = false;
        tenant.walkDueAt = 0;
        return;
      }
      this.copy.apply(tenant, changes.rows);
      tenant.version = changes.next;
      hasMore = changes.hasMore;
    }
    // Behind the rows: a domain is not relayed for before its recipients are known.
    if (tenant.isComplete) {
      this.copy.setDomains(tenant, await source.relayDomains(tenant.id));
    }
  }

  private async readWalks(source: FeedSource): Promise<void> {
    const until = Date.now() + walkingTime;
    while (Date.now() < until) {
      const walk = (this.walk ??= this.nextWalk(source));
      if (walk === undefined) {
        return;
      }
      try {
        await this.readPart(source, walk);
      } catch (error) {
        // Its iterator is finished by the error: the walk begins anew.
        this.walk = undefined;
        throw error;
      }
    }
  }

  private nextWalk(source: FeedSource): Walk | undefined {
    const now = Date.now();
    const { tenants } = this.copy;
    const tenant = tenants.find(({ isComplete }) => !isComplete) ?? tenants.find(({ walkDueAt }) => walkDueAt <= now);
    if (tenant === undefined) {
      return undefined;
    }
    tenant.beginWalk();
    const parts = source.walk(tenant.id, longestPart)[Symbol.asyncIterator]();
    return { tenant, parts, had: tenant.digest.count };
  }

  private async readPart(source: FeedSource, walk: Walk): Promise<void> {
    const { tenant, parts } = walk;
    const part = await parts.next();
    if (part.done === true) {
      const domains = await source.relayDomains(tenant.id);
      this.walk = undefined;
      this.endWalk(walk, domains);
      return;
    }
    this.copy.apply(tenant, part.value.rows);
    if (!tenant.isComplete && walk.watermark === undefined) {
      walk.watermark = part.value.watermark;
      tenant.version = part.value.watermark;
    }
  }

  /** What the feed said nothing of and has no more is dropped, unless that is suspiciously much. */
  private endWalk({ tenant, had }: Walk, domains: readonly RelayDomain[]): void {
    const { walkAgain = 86_400_000, walkAfterLoss = 600_000, acceptLossOf = [] } = this.options;
    const lost = this.copy.countUnmet(tenant);
    const isSuspicious = lost > mostLost * had || !this.known.has(tenant.id);
    const isKept = isSuspicious && !acceptLossOf.includes(tenant.id);
    if (isKept) {
      this.logger.error(
        { tenant: tenant.id, lost, had },
        'the service has lost recipients of the tenant, which are kept: set RECIPIENTS_ACCEPT_LOSS to its id if that is right',
      );
    } else {
      this.copy.dropUnmet(tenant);
      this.copy.setDomains(tenant, domains);
    }
    tenant.keptLosses = isKept ? Math.max(lost, 1) : 0;
    tenant.isComplete = true;
    tenant.walkDueAt = Date.now() + (isKept ? walkAfterLoss : walkAgain);
  }
}
