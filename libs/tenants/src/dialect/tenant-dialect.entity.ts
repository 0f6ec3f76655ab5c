import { bigintAsNumber } from '@cleanmail/database';
import type { ProviderDialect } from '@cleanmail/scim';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A dialect in which a tenant's identity provider was seen to speak. */
@Entity('tenant_dialect')
export class TenantDialectEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 32 })
  readonly dialect!: ProviderDialect;

  @Column({ type: 'varchar', length: 255 })
  readonly evidence!: string;

  @Column({ name: 'first_seen_at', type: 'bigint', transformer: bigintAsNumber })
  readonly firstSeenAt!: number;

  @Column({ name: 'last_seen_at', type: 'bigint', transformer: bigintAsNumber })
  readonly lastSeenAt!: number;

  /** Since when it is the tenant's dialect without having been away for a day. */
  @Column({ name: 'since_at', type: 'bigint', transformer: bigintAsNumber })
  readonly sinceAt!: number;
}
