import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event that waits to be sent again, or was given up; `event` is the event as JSON, which outlives the outbox. */
@Entity('event_delivery')
@Index('ix_event_delivery_due', ['receiverId', 'state', 'nextAttemptAt'])
@Index('ix_event_delivery_order', ['tenantId', 'receiverId', 'orderKey', 'version', 'position'])
@Index('ix_event_delivery_list', ['receiverId', 'id'])
export class EventDeliveryEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ name: 'receiver_id', type: 'varchar', length: 36 })
  readonly receiverId!: string;

  @PrimaryColumn({ type: 'bigint', transformer: bigintAsNumber })
  readonly version!: number;

  @PrimaryColumn({ type: 'int' })
  readonly position!: number;

  @Column({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'event_id', type: 'varchar', length: 64 })
  readonly eventId!: string;

  /** The mailbox, or nothing: events of one key are sent in their order. */
  @Column({ name: 'order_key', type: 'varchar', length: 36 })
  readonly orderKey!: string;

  @Column({ type: 'text' })
  readonly event!: string;

  @Column({ type: 'varchar', length: 8 })
  readonly state!: 'waiting' | 'dead';

  @Column({ type: 'int' })
  readonly attempts!: number;

  @Column({ name: 'first_failed_at', type: 'bigint', transformer: bigintAsNumber })
  readonly firstFailedAt!: number;

  @Column({ name: 'next_attempt_at', type: 'bigint', transformer: bigintAsNumber })
  readonly nextAttemptAt!: number;

  @Column({ type: 'varchar', length: 200, nullable: true })
  readonly error!: string | null;

  @Column({ type: 'varchar', length: 36, nullable: true })
  readonly holder!: string | null;

  @Column({ name: 'lease_until', type: 'bigint', transformer: bigintAsNumber })
  readonly leaseUntil!: number;
}
