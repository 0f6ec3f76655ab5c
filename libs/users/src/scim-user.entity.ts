import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A SCIM user as the identity provider wants it: what clients filter on as columns, the rest of the resource as JSON in `document`. */
@Entity('scim_user')
@Unique('uq_scim_user_name', ['tenantId', 'userNameKey'])
@Index('ix_scim_user_external_id', ['tenantId', 'externalId'])
@Index('ix_scim_user_display_name', ['tenantId', 'displayNameKey'])
@Index('ix_scim_user_last_modified', ['tenantId', 'lastModified', 'id'])
export class ScimUserEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'user_name', type: 'varchar', length: 512 })
  readonly userName!: string;

  /** The userName folded for comparison without regard to case. */
  @Column({ name: 'user_name_key', type: 'varchar', length: 640 })
  readonly userNameKey!: string;

  @Column({ name: 'external_id', type: 'varchar', length: 512, nullable: true })
  readonly externalId!: string | null;

  @Column({ type: 'boolean' })
  readonly active!: boolean;

  @Column({ name: 'given_name', type: 'varchar', length: 512, nullable: true })
  readonly givenName!: string | null;

  @Column({ name: 'family_name', type: 'varchar', length: 512, nullable: true })
  readonly familyName!: string | null;

  @Column({ name: 'display_name', type: 'varchar', length: 512, nullable: true })
  readonly displayName!: string | null;

  /** The displayName folded for comparison without regard to case. */
  @Column({ name: 'display_name_key', type: 'varchar', length: 640, nullable: true })
  readonly displayNameKey!: string | null;

  @Column({ type: 'text' })
  readonly document!: string;

  /** The resource in the comparable form that filters read, as JSON. */
  @Column({ type: 'text' })
  readonly search!: string;

  @Column({ type: 'int' })
  readonly version!: number;

  @Column({ name: 'created_at', type: 'bigint', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column({ name: 'last_modified', type: 'bigint', transformer: bigintAsNumber })
  readonly lastModified!: number;
}
