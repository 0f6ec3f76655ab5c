import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How far a receiver has come in a tenant's feed: what is up to this version is delivered, or has a row that waits. */
@Entity('event_cursor')
@Index('ix_event_cursor_receiver', ['receiverId', 'tenantId'])
export class EventCursorEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ name: 'receiver_id', type: 'varchar', length: 36 })
  readonly receiverId!: string;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  readonly version!: number;

  @Column({ type: 'varchar', length: 36, nullable: true })
  readonly holder!: string | null;

  @Column({ name: 'lease_until', type: 'bigint', transformer: bigintAsNumber })
  readonly leaseUntil!: number;
}
