import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AdminState, GuardState, InactiveMailPolicy, Mailbox, MailboxStatus } from './mailbox.js';

/** A mailbox account: the inputs of its status, and the status derived from them. */
@Entity('mailbox_account')
@Unique('uq_mailbox_user', ['tenantId', 'scimUserId'])
@Index('ix_mailbox_external_id', ['tenantId', 'externalId'])
@Index('ix_mailbox_status', ['tenantId', 'status', 'id'])
@Index('ix_mailbox_purge', ['status', 'purgeAfter'])
@Index('ix_mailbox_erase', ['eraseAfter'])
@Index('ix_mailbox_grace', ['graceUntil'])
@Index('ix_mailbox_guard', ['guardBatchId', 'tenantId', 'guardState', 'id'])
export class MailboxAccountEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'scim_user_id', type: 'varchar', length: 36, nullable: true })
  readonly scimUserId!: string | null;

  @Column({ name: 'external_id', type: 'varchar', length: 512, nullable: true })
  readonly externalId!: string | null;

  @Column({ type: 'varchar', length: 16 })
  readonly origin!: Mailbox['origin'];

  @Column({ type: 'varchar', length: 16 })
  readonly kind!: Mailbox['kind'];

  @Column({ name: 'scim_active', type: 'boolean', nullable: true })
  readonly scimActive!: boolean | null;

  @Column({ name: 'admin_state', type: 'varchar', length: 16 })
  readonly adminState!: AdminState;

  @Column({ name: 'legal_hold', type: 'boolean' })
  readonly legalHold!: boolean;

  @Column({ name: 'inactive_mail_policy', type: 'varchar', length: 8, nullable: true })
  readonly inactiveMailPolicy!: InactiveMailPolicy | null;

  @Column({ type: 'varchar', length: 16 })
  readonly status!: MailboxStatus;

  @Column({ name: 'status_reason', type: 'varchar', length: 40, nullable: true })
  readonly statusReason!: string | null;

  @Column({ name: 'status_since', type: 'bigint', transformer: bigintAsNumber })
  readonly statusSince!: number;

  @Column({ name: 'created_at', type: 'bigint', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column({ name: 'deleted_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly deletedAt!: number | null;

  @Column({ name: 'purge_after', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly purgeAfter!: number | null;

  @Column({ name: 'erase_after', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly eraseAfter!: number | null;

  @Column({ type: 'boolean' })
  readonly seat!: boolean;

  @Column({ name: 'seat_since', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly seatSince!: number | null;

  @Column({ name: 'kind_fixed', type: 'boolean' })
  readonly kindFixed!: boolean;

  @Column({ name: 'grace_until', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly graceUntil!: number | null;

  /** Who made it, and in which request; null for one from before that was kept. */
  @Column({ name: 'created_by', type: 'varchar', length: 160, nullable: true })
  readonly createdBy!: string | null;

  @Column({ name: 'created_request', type: 'varchar', length: 64, nullable: true })
  readonly createdRequest!: string | null;
  @Column({ name: 'guard_batch_id', type: 'varchar', length: 36, nullable: true })
  readonly guardBatchId!: string | null;

  @Column({ name: 'guard_state', type: 'varchar', length: 8, nullable: true })
  readonly guardState!: GuardState | null;

  @Column({ name: 'row_version', type: 'int' })
  readonly rowVersion!: number;
}
