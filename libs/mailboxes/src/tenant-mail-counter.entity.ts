import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A tenant's hot row: the version that its recipient feed and outbox have reached, its seats in use, and the version of
 * its settings, which every unit of work must have seen that writes to the feed.
 */
@Entity('tenant_mail_counter')
export class TenantMailCounterEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @Column({ name: 'feed_version', type: 'bigint', transformer: bigintAsNumber })
  readonly feedVersion!: number;

  @Column({ name: 'seats_used', type: 'int' })
  readonly seatsUsed!: number;

  @Column({ name: 'is_suspended', type: 'boolean' })
  readonly isSuspended!: boolean;

  @Column({ name: 'settings_version', type: 'int' })
  readonly settingsVersion!: number;

  /** The version of the settings that all mailboxes follow. */
  @Column({ name: 'settled_version', type: 'int' })
  readonly settledVersion!: number;

  /** The version up to which events and removed recipients are no longer kept. */
  @Column({ name: 'feed_horizon', type: 'bigint', transformer: bigintAsNumber, default: 0 })
  readonly feedHorizon!: number;

  /** How many leavers there ever were: the number of the last one. */
  @Column({ type: 'bigint', transformer: bigintAsNumber, default: 0 })
  readonly leavers!: number;
}
