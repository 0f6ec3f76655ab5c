import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { MemberType } from './group.js';

/** One member of a SCIM group: a user, or another group. */
@Entity('scim_group_member')
@Index('ix_scim_group_member_member', ['tenantId', 'memberId'])
export class ScimGroupMemberEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ name: 'group_id', type: 'varchar', length: 36 })
  readonly groupId!: string;

  @PrimaryColumn({ name: 'member_id', type: 'varchar', length: 36 })
  readonly memberId!: string;

  @Column({ name: 'member_type', type: 'varchar', length: 8 })
  readonly memberType!: MemberType;

  @Column({ name: 'added_at', type: 'bigint', transformer: bigintAsNumber })
  readonly addedAt!: number;
}
