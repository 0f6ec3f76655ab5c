import type { TenantId } from '@cleanmail/database';
import type { UnknownRecipientPolicy } from '../domains/mail-domain.js';
import type { RecipientAction } from '../recipients.js';

/** An address as the feed tells of it; `gone` says that it was removed. */
export interface FeedRecipient {
  /** `local@domain`, lower case, A-labels. */
  readonly key: string;
  readonly mailboxId: string;
  readonly primary: string;
  readonly action: RecipientAction;
  readonly policyProfile: string | null;
  /** The version of the tenant's feed in which the row became what it is. */
  readonly version: number;
}

/** How far the feed of a tenant is. */
export interface FeedHead {
  readonly tenantId: TenantId;
  readonly version: number;
  /** Readers that are behind this version start anew: what was removed before is no longer told. */
  readonly horizon: number;
}

/** All heads, and a text that is another one whenever one of them is. */
export interface FeedHeads {
  readonly pulse: string;
  /** None when the pulse is the one that the reader knows. */
  readonly items: readonly FeedHead[];
}

/** A part of a feed, in the order of its versions; the rows of one version are never in two parts. */
export interface FeedChanges {
  readonly rows: readonly FeedRecipient[];
  /** The version to go on behind. */
  readonly next: number;
  /** Whether more was there already. */
  readonly hasMore: boolean;
  /** The reader is behind the horizon, or ahead of the feed: it starts anew with a snapshot. There are no rows then. */
  readonly reset: boolean;
}

/** The first item of a snapshot: the version behind which changes are read when all its rows are there. */
export interface FeedWatermark {
  readonly watermark: number;
}

/** Some rows of a snapshot, in the order of their versions; the watermark is that of the whole. */
export interface FeedPart extends FeedWatermark {
  readonly rows: readonly FeedRecipient[];
}

/** A domain that a tenant owns, as gateways read it. */
export interface RelayDomain {
  readonly tenantId: TenantId;
  /** A-labels. */
  readonly name: string;
  /** U-labels. */
  readonly nameUnicode: string;
  /** Mail for a suspended domain is not taken. */
  readonly status: 'verified' | 'suspended';
  readonly unknownRecipientPolicy: UnknownRecipientPolicy;
  readonly subaddressing: 'plus' | 'off';
  readonly nextHop: string | null;
}

/** What a tenant's recipients come to at a version; equal digests mean equal rows. */
export interface FeedDigest {
  readonly version: number;
  /** Rows that are not `gone`. */
  readonly count: number;
  readonly digest: string;
}
