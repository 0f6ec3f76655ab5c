import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { ReceiverFormat, ReceiverStatus } from './receiver.js';

/** An internal service that hears of events. Secrets are sealed; `tenants` and `types` are JSON lists, null for all. */
@Entity('event_receiver')
@Unique('uq_event_receiver_name', ['name'])
export class EventReceiverEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ type: 'varchar', length: 64 })
  readonly name!: string;

  @Column({ type: 'varchar', length: 1000, nullable: true })
  readonly url!: string | null;

  @Column({ type: 'varchar', length: 24 })
  readonly format!: ReceiverFormat;

  @Column({ type: 'varchar', length: 16 })
  readonly status!: ReceiverStatus;

  @Column({ type: 'text', nullable: true })
  readonly tenants!: string | null;

  @Column({ type: 'text', nullable: true })
  readonly types!: string | null;

  @Column({ type: 'varchar', length: 512 })
  readonly secret!: string;

  @Column({ name: 'former_secret', type: 'varchar', length: 512, nullable: true })
  readonly formerSecret!: string | null;

  @Column({ name: 'former_until', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly formerUntil!: number | null;

  @Column({ type: 'int' })
  readonly concurrency!: number;

  @Column({ name: 'failing_since', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly failingSince!: number | null;

  @Column({ name: 'not_before', type: 'bigint', transformer: bigintAsNumber })
  readonly notBefore!: number;

  @Column({ name: 'created_at', type: 'bigint', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column({ name: 'updated_at', type: 'bigint', transformer: bigintAsNumber })
  readonly updatedAt!: number;
}
