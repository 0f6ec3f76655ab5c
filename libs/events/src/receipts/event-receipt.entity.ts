import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ReceiptState } from './receipt.js';

/** What a receiver said about one event of a leaver; ids and codes only. */
@Entity('event_receipt')
@Index('ix_event_receipt_event', ['receiverId', 'eventId'])
@Index('ix_event_receipt_mailbox', ['tenantId', 'mailboxId', 'version'])
@Index('ix_event_receipt_user', ['tenantId', 'userId', 'version'])
@Index('ix_event_receipt_requested', ['requestedAt'])
export class EventReceiptEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'bigint', transformer: bigintAsNumber })
  readonly version!: number;

  @PrimaryColumn({ type: 'int' })
  readonly position!: number;

  @PrimaryColumn({ name: 'receiver_id', type: 'varchar', length: 36 })
  readonly receiverId!: string;

  @Column({ name: 'receiver_name', type: 'varchar', length: 64 })
  readonly receiverName!: string;

  @Column({ name: 'event_id', type: 'varchar', length: 64 })
  readonly eventId!: string;

  @Column({ type: 'varchar', length: 64 })
  readonly type!: string;

  @Column({ name: 'mailbox_id', type: 'varchar', length: 36, nullable: true })
  readonly mailboxId!: string | null;

  @Column({ name: 'user_id', type: 'varchar', length: 36, nullable: true })
  readonly userId!: string | null;

  @Column({ name: 'requested_at', type: 'bigint', transformer: bigintAsNumber })
  readonly requestedAt!: number;

  @Column({ name: 'delivered_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly deliveredAt!: number | null;

  @Column({ name: 'acknowledged_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly acknowledgedAt!: number | null;

  @Column({ type: 'varchar', length: 8 })
  readonly state!: ReceiptState;

  @Column({ type: 'varchar', length: 64, nullable: true })
  readonly detail!: string | null;
}
