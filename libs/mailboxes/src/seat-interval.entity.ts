import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A time in which a mailbox occupied a seat. The database allows one open interval a mailbox, by `openKey`. */
@Entity('seat_interval')
@Unique('uq_seat_interval_open', ['tenantId', 'openKey'])
export class SeatIntervalEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'mailbox_id', type: 'varchar', length: 36 })
  readonly mailboxId!: string;

  @Column({ name: 'from_at', type: 'bigint', transformer: bigintAsNumber })
  readonly fromAt!: number;

  @Column({ name: 'to_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly toAt!: number | null;

  /** Made by the database: the mailbox while the interval is open. */
  @Column({
    name: 'open_key',
    type: 'varchar',
    length: 36,
    nullable: true,
    insert: false,
    update: false,
    select: false,
  })
  readonly openKey?: string | null;
}
