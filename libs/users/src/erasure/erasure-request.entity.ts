import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An erasure that support was asked for; `progress` and `traces` are JSON. */
@Entity('erasure_request')
@Index('ix_erasure_request_state', ['state', 'id'])
export class ErasureRequestEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'user_id', type: 'varchar', length: 36, nullable: true })
  readonly userId!: string | null;

  @Column({ name: 'mailbox_id', type: 'varchar', length: 36, nullable: true })
  readonly mailboxId!: string | null;

  @Column({ type: 'varchar', length: 500 })
  readonly reason!: string;

  @Column({ type: 'varchar', length: 16 })
  readonly state!: string;

  @Column({ name: 'requested_by', type: 'varchar', length: 128 })
  readonly requestedBy!: string;

  @Column({ name: 'requested_at', type: 'bigint', transformer: bigintAsNumber })
  readonly requestedAt!: number;

  @Column({ name: 'expires_at', type: 'bigint', transformer: bigintAsNumber })
  readonly expiresAt!: number;

  @Column({ name: 'confirmed_by', type: 'varchar', length: 128, nullable: true })
  readonly confirmedBy!: string | null;

  @Column({ name: 'confirmed_at', type: 'bigint', nullable: true, transformer: bigintAsNumber })
  readonly confirmedAt!: number | null;

  @Column({ name: 'cancelled_by', type: 'varchar', length: 128, nullable: true })
  readonly cancelledBy!: string | null;

  @Column({ name: 'cancelled_at', type: 'bigint', nullable: true, transformer: bigintAsNumber })
  readonly cancelledAt!: number | null;

  @Column({ name: 'completed_at', type: 'bigint', nullable: true, transformer: bigintAsNumber })
  readonly completedAt!: number | null;

  @Column({ type: 'text' })
  readonly progress!: string;

  @Column({ type: 'text', nullable: true })
  readonly traces!: string | null;
}
