/** What is known of a token besides its secret. Times are milliseconds since 1970, UTC. */
export interface Token {
  readonly id: string;
  readonly publicId: string;
  readonly description: string | null;
  /** The user half of a credential such as `user@host:cm_…`. */
  readonly serviceAccount: string | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

/** Whether a token opens anything at that time. */
export function isLive({ revokedAt, expiresAt }: Pick<Token, 'revokedAt' | 'expiresAt'>, now: number): boolean {
  return (revokedAt === null || revokedAt > now) && (expiresAt === null || expiresAt > now);
}
