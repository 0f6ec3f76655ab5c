import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A SCIM group as the identity provider wants it, without its members. */
@Entity('scim_group')
@Unique('uq_scim_group_name', ['tenantId', 'displayNameKey'])
@Index('ix_scim_group_external_id', ['tenantId', 'externalId'])
@Index('ix_scim_group_last_modified', ['tenantId', 'lastModified', 'id'])
export class ScimGroupEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'display_name', type: 'varchar', length: 512 })
  readonly displayName!: string;

  /** The displayName folded for comparison without regard to case. */
  @Column({ name: 'display_name_key', type: 'varchar', length: 640 })
  readonly displayNameKey!: string;

  @Column({ name: 'external_id', type: 'varchar', length: 512, nullable: true })
  readonly externalId!: string | null;

  /** What has no column of its own, as JSON; NULL in rows of earlier versions. */
  @Column({ type: 'text', nullable: true })
  readonly document!: string | null;

  /** The group in the comparable form that filters read, as JSON; NULL in rows of earlier versions. */
  @Column({ type: 'text', nullable: true })
  readonly search!: string | null;

  @Column({ type: 'int' })
  readonly version!: number;

  @Column({ name: 'created_at', type: 'bigint', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column({ name: 'last_modified', type: 'bigint', transformer: bigintAsNumber })
  readonly lastModified!: number;
}
