import { createHash } from 'node:crypto';
import type { FeedRecipient } from './feed-row.js';

/** 128 bits that stand for a row, as two halves. */
export type Fingerprint = readonly [high: bigint, low: bigint];

/**
 * What the digest takes from a row: address, action, main address and mailbox. None for `gone`, which is kept for
 * different times at different places and means the same as no row at a domain that refuses unknown recipients.
 */
export function fingerprintOf({
  key,
  action,
  primary,
  mailboxId,
}: Pick<FeedRecipient, 'key' | 'action' | 'primary' | 'mailboxId'>): Fingerprint | undefined {
  if (action === 'gone') {
    return undefined;
  }
  const hash = createHash('sha256').update(`${key}\n${action}\n${primary}\n${mailboxId}`).digest();
  return [hash.readBigUInt64BE(0), hash.readBigUInt64BE(8)];
}

/**
 * A digest of rows in any order: the sum of their fingerprints, so that a row can also be taken out again. The service
 * computes it over a walk, a gateway keeps it up to date with every change.
 */
export class RecipientDigest {
  private high = 0n;
  private low = 0n;
  private rows = 0;

  get count(): number {
    return this.rows;
  }

  /** 32 hexadecimal digits. */
  get digest(): string {
    return `${hex(this.high)}${hex(this.low)}`;
  }

  add([high, low]: Fingerprint): void {
    this.high = BigInt.asUintN(64, this.high + high);
    this.low = BigInt.asUintN(64, this.low + low);
    this.rows += 1;
  }

  remove([high, low]: Fingerprint): void {
    this.high = BigInt.asUintN(64, this.high - high);
    this.low = BigInt.asUintN(64, this.low - low);
    this.rows -= 1;
  }
}

function hex(half: bigint): string {
  return half.toString(16).padStart(16, '0');
}
