import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A time in which a mailbox occupied a seat, and that is over; a seat in use is in the mailbox's own row. */
@Entity('seat_interval')
export class SeatIntervalEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ name: 'mailbox_id', type: 'varchar', length: 36 })
  readonly mailboxId!: string;

  @PrimaryColumn({ name: 'from_at', type: 'bigint', transformer: bigintAsNumber })
  readonly fromAt!: number;

  @Column({ name: 'to_at', type: 'bigint', transformer: bigintAsNumber })
  readonly toAt!: number;
}
