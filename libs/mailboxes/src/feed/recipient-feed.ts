import { Database, letOthersIn, type Session, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import type {
  FeedChanges,
  FeedDigest,
  FeedHead,
  FeedHeads,
  FeedPart,
  FeedRecipient,
  FeedWatermark,
  RelayDomain,
} from './feed-row.js';
import { fingerprintOf, RecipientDigest } from './recipient-digest.js';

/** The most rows that one part of a feed has, unless a single version has more. */
export const longestPart = 5000;
const defaultPart = 1000;
const domainsPerPage = 1000;
const digestAttempts = 3;

interface Pulse {
  readonly tenants: number;
  readonly versions: number | string | null;
  readonly horizons: number | string | null;
}

interface PartRow {
  readonly feed_version: number;
  readonly feed_horizon: number;
  readonly address_key: string | null;
  readonly mailbox_id: string;
  readonly primary_key: string;
  readonly action: FeedRecipient['action'];
  readonly policy_profile: string | null;
  readonly version: number;
}

interface DomainRow {
  readonly tenant_id: TenantId;
  readonly name_ascii: string;
  readonly name_unicode: string;
  readonly status: RelayDomain['status'];
  readonly unknown_recipient_policy: RelayDomain['unknownRecipientPolicy'];
  readonly subaddressing: RelayDomain['subaddressing'];
  readonly next_hop: string | null;
}

interface Part extends FeedChanges {
  readonly version: number;
  readonly horizon: number;
}

const pulse =
  'SELECT COUNT(*) AS tenants, SUM(feed_version) AS versions, SUM(feed_horizon) AS horizons FROM tenant_mail_counter';
const heads = 'SELECT tenant_id, feed_version, feed_horizon FROM tenant_mail_counter';
const feedIndex = {
  sqlite: ' INDEXED BY ix_mail_recipient_feed',
  mysql: ' FORCE INDEX (ix_mail_recipient_feed)',
} as const;
/**
 * Counter and rows in one statement, which sees them at one moment: no horizon can pass in between. The rows are a table of
 * their own: joined, an engine would read all that follow and sort them before it takes the first ones.
 */
const part = (dialect: Session['dialect'], limit: number) =>
  `SELECT c.feed_version, c.feed_horizon, r.address_key, r.mailbox_id, r.primary_key, r.action, r.policy_profile, r.version
     FROM tenant_mail_counter c LEFT JOIN (
       SELECT tenant_id, address_key, mailbox_id, primary_key, action, policy_profile, version FROM mail_recipient${feedIndex[dialect]}
        WHERE tenant_id = ? AND version > ? AND version <= ? ORDER BY version LIMIT ${limit}) r ON r.tenant_id = c.tenant_id
    WHERE c.tenant_id = ? ORDER BY r.version`;
const anyVersion = Number.MAX_SAFE_INTEGER;
const domainColumns =
  'd.tenant_id, d.name_ascii, d.name_unicode, d.status, d.unknown_recipient_policy, d.subaddressing, d.next_hop';
const domains = `SELECT ${domainColumns} FROM mail_domain d WHERE d.owner_key > ? ORDER BY d.owner_key LIMIT ${domainsPerPage}`;
const domainsOfTenant = `SELECT ${domainColumns} FROM mail_domain d WHERE d.tenant_id = ? AND d.owner_key > ? ORDER BY d.owner_key LIMIT ${domainsPerPage}`;

/**
 * What gateways keep a copy of, and how they keep it up to date. Versions are taken under a lock that is held to COMMIT,
 * so they become visible in their order: whoever reads on behind the last version that he saw misses nothing.
 */
@Injectable()
export class RecipientFeed {
  constructor(private readonly database: Database) {}

  /** How far each tenant's feed is; no items when nothing has moved since the pulse that the reader knows. */
  async heads(since?: string): Promise<FeedHeads> {
    return this.database.read(async (session) => {
      const sums = await session.first<Pulse>(pulse);
      const now = `${sums?.tenants ?? 0}.${sums?.versions ?? 0}.${sums?.horizons ?? 0}`;
      return { pulse: now, items: now === since ? [] : await readHeads(session) };
    });
  }

  /**
   * What changed behind a version, whole versions only. `limit` is a wish: one version with more rows comes whole. A
   * tenant that there is not has no rows.
   */
  async changes(tenant: TenantId, after: number, limit = defaultPart): Promise<FeedChanges> {
    const { rows, next, hasMore, version, horizon } = await this.part(tenant, after, limit);
    return after < horizon || after > version
      ? { rows: [], next: after, hasMore: false, reset: true }
      : { rows, next, hasMore, reset: false };
  }

  /**
   * All rows, the watermark first. A key may come twice: the later row counts. Changes behind the watermark follow; that
   * none is missed is said at {@link walk}.
   */
  async *snapshot(tenant: TenantId): AsyncGenerator<FeedWatermark | FeedRecipient, void, void> {
    let isFirst = true;
    for await (const { watermark, rows } of this.walk(tenant)) {
      if (isFirst) {
        yield { watermark };
      }
      isFirst = false;
      yield* rows;
    }
  }

  /**
   * A snapshot in parts, each read when it is asked for, with no transaction held open. The walk goes through the
   * versions upwards and to the end; a row that changes meanwhile moves ahead of it and is met again.
   */
  async *walk(tenant: TenantId, partSize = defaultPart): AsyncGenerator<FeedPart, void, void> {
    let watermark: number | undefined;
    for (let after = 0; ;) {
      const { rows, next, hasMore, version } = await this.part(tenant, after, partSize);
      watermark ??= version;
      yield { watermark, rows };
      if (!hasMore) {
        return;
      }
      after = next;
      await letOthersIn();
    }
  }

  /** The domains that have an owner, of all tenants or of one; they change under versions of their tenant's feed. */
  async relayDomains(tenant?: TenantId): Promise<readonly RelayDomain[]> {
    const all: RelayDomain[] = [];
    for (let after = ''; ; after = all.at(-1)?.name ?? '') {
      const page = await this.database.read((session) =>
        tenant === undefined
          ? session.all<DomainRow>(domains, [after])
          : session.all<DomainRow>(domainsOfTenant, [tenant, after]),
      );
      all.push(...page.map(relayDomain));
      if (page.length < domainsPerPage) {
        return all;
      }
    }
  }

  /**
   * Count and digest of a tenant's rows at a version, read in parts; undefined while the tenant changes faster than it
   * can be read. Costs as much as a snapshot, and writers nothing.
   */
  async digest(tenant: TenantId): Promise<FeedDigest | undefined> {
    for (let attempt = 0; attempt < digestAttempts; attempt += 1) {
      const found = await this.digestOnce(tenant);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  private async digestOnce(tenant: TenantId): Promise<FeedDigest | undefined> {
    const sum = new RecipientDigest();
    let at: number | undefined;
    for (let after = 0; ;) {
      const { rows, next, hasMore, version } = await this.part(tenant, after, longestPart);
      at ??= version;
      if (at !== version) {
        return undefined;
      }
      for (const row of rows) {
        const fingerprint = fingerprintOf(row);
        if (fingerprint !== undefined) {
          sum.add(fingerprint);
        }
      }
      if (!hasMore) {
        return { version, count: sum.count, digest: sum.digest };
      }
      after = next;
      await letOthersIn();
    }
  }

  private async part(tenant: TenantId, after: number, limit: number): Promise<Part> {
    // Few texts, as they are kept prepared.
    const size = limit >= longestPart ? longestPart : limit >= defaultPart ? defaultPart : limit >= 100 ? 100 : 10;
    return this.database.read(async (session) => {
      const read = await session.all<PartRow>(part(session.dialect, size + 1), [tenant, after, anyVersion, tenant]);
      const { feed_version: version = 0, feed_horizon: horizon = 0 } = read[0] ?? {};
      const rows = read.filter(({ address_key: key }) => key !== null).map(recipient);
      if (rows.length <= size) {
        // What else happened up to this version concerned no address.
        return { rows, next: Math.max(version, after), hasMore: false, reset: false, version, horizon };
      }
      const cut = rows.at(-1)?.version ?? after;
      const whole = rows.filter((row) => row.version < cut);
      const next = whole.at(-1)?.version;
      return next === undefined
        ? { ...(await this.wholeVersion(tenant, session, cut)), version, horizon }
        : { rows: whole, next, hasMore: true, reset: false, version, horizon };
    });
  }

  /** A version with more rows than a part should have; as many as one transaction wrote. */
  private async wholeVersion(tenant: TenantId, session: Session, version: number): Promise<FeedChanges> {
    const rows = await session.all<PartRow>(part(session.dialect, anyVersion), [tenant, version - 1, version, tenant]);
    const found = rows.filter(({ address_key: key }) => key !== null).map(recipient);
    return { rows: found, next: version, hasMore: true, reset: false };
  }
}

async function readHeads(session: Session): Promise<readonly FeedHead[]> {
  const rows = await session.all<{
    readonly tenant_id: TenantId;
    readonly feed_version: number;
    readonly feed_horizon: number;
  }>(heads);
  return rows.map((row) => ({ tenantId: row.tenant_id, version: row.feed_version, horizon: row.feed_horizon }));
}

function recipient(row: PartRow): FeedRecipient {
  return {
    key: row.address_key ?? '',
    mailboxId: row.mailbox_id,
    primary: row.primary_key,
    action: row.action,
    policyProfile: row.policy_profile,
    version: row.version,
  };
}

function relayDomain(row: DomainRow): RelayDomain {
  return {
    tenantId: row.tenant_id,
    name: row.name_ascii,
    nameUnicode: row.name_unicode,
    status: row.status,
    unknownRecipientPolicy: row.unknown_recipient_policy,
    subaddressing: row.subaddressing,
    nextHop: row.next_hop,
  };
}
