import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ProfileName } from './service-profile.js';
import type { TenantStatus } from './tenant.js';

/** A customer of one service. Times in all entities are milliseconds since 1970, UTC. */
@Entity('tenant')
@Index('ix_tenant_name', ['name'])
@Index('ix_tenant_mail_end', ['mailEndsAt'])
export class TenantEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ type: 'varchar', length: 255 })
  readonly name!: string;

  @Column({ type: 'varchar', length: 32 })
  readonly profile!: ProfileName;

  @Column({ type: 'varchar', length: 16 })
  readonly status!: TenantStatus;

  @Column({ name: 'created_at', type: 'bigint', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column({ name: 'updated_at', type: 'bigint', transformer: bigintAsNumber })
  readonly updatedAt!: number;

  /** When the mail of a closed tenant ends; null when it has ended, and while the tenant is not closed. */
  @Column({ name: 'mail_ends_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly mailEndsAt!: number | null;

  /** How often its extension schemas have changed; 0 says that it never had any. */
  @Column({ name: 'schema_revision', type: 'int', default: 0 })
  readonly schemaRevision!: number;
}
