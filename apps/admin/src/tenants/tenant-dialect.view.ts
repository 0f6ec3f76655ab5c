import type { TenantDialect } from '@cleanmail/tenants';
import { ApiProperty } from '@nestjs/swagger';
import { instant } from '../instant.js';

/** A dialect of SCIM that a tenant's identity provider was seen to use. */
export class SeenDialectView {
  @ApiProperty({ example: 'entra' }) readonly dialect!: string;
  @ApiProperty({ description: 'By what it was recognised.', example: 'op capitalised' }) readonly evidence!: string;
  @ApiProperty({ format: 'date-time' }) readonly firstSeenAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly lastSeenAt!: string;
}

/** What a tenant's identity provider speaks, as its requests have shown; nobody has to configure it. */
export class TenantDialectView {
  @ApiProperty({
    description: 'The dialect seen last: entra, entra-scim062020, okta, onelogin, google, jumpcloud or generic.',
    example: 'entra',
  })
  readonly current!: string;

  @ApiProperty({ format: 'date-time', description: 'Since when, without a day of absence.' }) readonly since!: string;
  @ApiProperty({ example: 'op capitalised' }) readonly evidence!: string;
  @ApiProperty({ format: 'date-time' }) readonly lastSeenAt!: string;
  @ApiProperty({ type: [SeenDialectView], description: 'All dialects ever seen, latest first.' })
  readonly seen!: readonly SeenDialectView[];
}

/** Renders a tenant's dialect. */
export function tenantDialectView({ current, seen }: TenantDialect): TenantDialectView {
  return {
    current: current.dialect,
    since: instant(current.since),
    evidence: current.evidence,
    lastSeenAt: instant(current.lastSeenAt),
    seen: seen.map(({ dialect, evidence, firstSeenAt, lastSeenAt }) => ({
      dialect,
      evidence,
      firstSeenAt: instant(firstSeenAt),
      lastSeenAt: instant(lastSeenAt),
    })),
  };
}
