import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The version that a tenant's recipient feed and outbox have reached. */
@Entity('tenant_mail_counter')
export class TenantMailCounterEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @Column({ name: 'feed_version', type: 'bigint', transformer: bigintAsNumber })
  readonly feedVersion!: number;
}
