import type { TenantId } from '@cleanmail/database';
import { RecipientDigest } from '@cleanmail/mailboxes';

/** How much of a tenant's feed the gateway has. */
export class TenantCopy {
  /** Changes up to this version are in the copy. */
  version = 0;
  /** Whether all rows are there: until then nobody is unknown. */
  isComplete = false;
  /** The number of the last walk over all rows; a row carries that of the walk or change that wrote it last. */
  walk = 0;
  /** Rows in the copy, and those of them that the present walk has met. */
  rows = 0;
  met = 0;
  /** A-labels of the domains that the tenant owns. */
  readonly domains = new Set<string>();
  /** When all rows are to be read again, in milliseconds since 1970. */
  walkDueAt = 0;
  /** Rows of which the service suddenly knows nothing, and which are kept all the same. */
  keptLosses = 0;
  readonly digest = new RecipientDigest();

  constructor(
    readonly id: TenantId,
    /** Its place among the tenants of the copy. */
    readonly index: number,
  ) {}

  beginWalk(): void {
    this.walk += 1;
    this.met = 0;
  }
}
