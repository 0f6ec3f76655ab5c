import { Entity, Index, PrimaryColumn } from 'typeorm';

/** By which e-mail addresses a SCIM user is found; what they are stands in the user's document. */
@Entity('scim_user_email')
@Index('ix_scim_user_email_user', ['tenantId', 'userId', 'valueKey'])
export class ScimUserEmailEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  /** The beginning of the address, folded for comparison without regard to case. */
  @PrimaryColumn({ name: 'value_key', type: 'varchar', length: 640 })
  readonly valueKey!: string;

  @PrimaryColumn({ name: 'user_id', type: 'varchar', length: 36 })
  readonly userId!: string;
}
