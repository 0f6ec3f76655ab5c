import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ProvisioningOutcome } from './provisioning-log-entry.js';

/** One SCIM request of a tenant, with its outcome; `changes` is a JSON array of attribute names. */
@Entity('provisioning_log')
@Index('ix_provisioning_log_resource', ['tenantId', 'resourceId', 'id'])
@Index('ix_provisioning_log_user_name', ['tenantId', 'userNameKey', 'id'])
@Index('ix_provisioning_log_outcome', ['tenantId', 'outcome', 'id'])
export class ProvisioningLogEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  readonly at!: number;

  @Column({ name: 'token_id', type: 'varchar', length: 36 })
  readonly tokenId!: string;

  @Column({ name: 'request_id', type: 'varchar', length: 64 })
  readonly requestId!: string;

  @Column({ type: 'varchar', length: 8 })
  readonly method!: string;

  @Column({ type: 'varchar', length: 32 })
  readonly operation!: string;

  @Column({ name: 'resource_type', type: 'varchar', length: 32, nullable: true })
  readonly resourceType!: string | null;

  @Column({ name: 'resource_id', type: 'varchar', length: 64, nullable: true })
  readonly resourceId!: string | null;

  @Column({ name: 'user_name', type: 'varchar', length: 512, nullable: true })
  readonly userName!: string | null;

  /** The userName folded for comparison without regard to case. */
  @Column({ name: 'user_name_key', type: 'varchar', length: 640, nullable: true })
  readonly userNameKey!: string | null;

  @Column({ type: 'varchar', length: 8 })
  readonly outcome!: ProvisioningOutcome;

  @Column({ type: 'int' })
  readonly status!: number;

  @Column({ name: 'scim_type', type: 'varchar', length: 32, nullable: true })
  readonly scimType!: string | null;

  @Column({ type: 'varchar', length: 1000, nullable: true })
  readonly detail!: string | null;

  @Column({ name: 'duration_ms', type: 'int' })
  readonly durationMs!: number;

  @Column({ type: 'text' })
  readonly changes!: string;
}
