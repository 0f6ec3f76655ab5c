import { Injectable } from '@nestjs/common';
import type { PresentedToken } from './token.repository.js';

const lifeMilliseconds = 500;
const mostEntries = 10_000;

interface Entry {
  readonly token: Promise<PresentedToken | undefined>;
  readonly readAt: number;
}

/**
 * What the database said of a token, for half a second at the most, under the token's hash: so a revocation is
 * effective on every node within a second, and on the node where it happens at once.
 */
@Injectable()
export class TokenCache {
  private readonly entries = new Map<string, Entry>();

  /** The cached answer, or the one that `read` brings; requests that come meanwhile share it. */
  async get(hash: string, read: () => Promise<PresentedToken | undefined>): Promise<PresentedToken | undefined> {
    const now = Date.now();
    const known = this.entries.get(hash);
    if (known !== undefined && now - known.readAt < lifeMilliseconds && now >= known.readAt) {
      return known.token;
    }
    if (this.entries.size >= mostEntries) {
      this.entries.clear();
    }
    const token = read();
    this.entries.set(hash, { token, readAt: now });
    try {
      return await token;
    } catch (error) {
      this.entries.delete(hash);
      throw error;
    }
  }

  /** Forgets everything, after a change of tokens or tenants. */
  clear(): void {
    this.entries.clear();
  }
}
