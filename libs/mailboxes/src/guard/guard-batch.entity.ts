import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { GuardBatchStatus } from './guard-batch.js';

/** A batch of leavers that the deprovision guard holds. The database allows a tenant one open batch, by `openKey`. */
@Entity('guard_batch')
@Unique('uq_guard_batch_open', ['tenantId', 'openKey'])
@Index('ix_guard_batch_unsettled', ['settledAt', 'status'])
export class GuardBatchEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ type: 'varchar', length: 16 })
  readonly status!: GuardBatchStatus;

  @Column({ type: 'int' })
  readonly threshold!: number;

  @Column({ type: 'boolean' })
  readonly erases!: boolean;

  @Column({ name: 'opened_at', type: 'bigint', transformer: bigintAsNumber })
  readonly openedAt!: number;

  @Column({ name: 'decided_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly decidedAt!: number | null;

  @Column({ name: 'decided_by', type: 'varchar', length: 128, nullable: true })
  readonly decidedBy!: string | null;

  @Column({ name: 'settled_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly settledAt!: number | null;

  /** How many were held when it was decided. */
  @Column({ type: 'int', nullable: true })
  readonly deactivations!: number | null;

  @Column({ type: 'int', nullable: true })
  readonly deletions!: number | null;

  /** Made by the database: set while the batch is open. */
  @Column({
    name: 'open_key',
    type: 'varchar',
    length: 8,
    nullable: true,
    insert: false,
    update: false,
    select: false,
  })
  readonly openKey?: string | null;
}
