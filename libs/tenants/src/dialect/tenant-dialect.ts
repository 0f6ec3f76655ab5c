import type { ProviderDialect } from '@cleanmail/scim';

/** A dialect that a tenant was seen to use. Times are milliseconds since 1970, UTC. */
export interface SeenDialect {
  readonly dialect: ProviderDialect;
  readonly evidence: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** Since when it has been in use without having been away for a day. */
  readonly since: number;
}

/** A dialect that comes back after this time, in milliseconds, takes over anew. */
export const forgottenAfter = 24 * 3_600_000;

/** What a tenant's identity provider speaks: the dialect seen last, and all of them, latest first. */
export interface TenantDialect {
  readonly current: SeenDialect;
  readonly seen: readonly SeenDialect[];
}

/** The dialect of a tenant; null when none of its requests has shown one. */
export function tenantDialect(seen: readonly SeenDialect[]): TenantDialect | null {
  const latestFirst = [...seen].sort((a, b) => b.lastSeenAt - a.lastSeenAt || (a.dialect < b.dialect ? -1 : 1));
  const [current] = latestFirst;
  return current === undefined ? null : { current, seen: latestFirst };
}
