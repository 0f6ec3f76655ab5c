import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ClockStatus } from './clock.repository.js';

/** A job that ends what is due: who runs it now, and how its last run went. */
@Entity('clock_job')
export class ClockJobEntity {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly name!: string;

  @Column({ type: 'varchar', length: 36, nullable: true })
  readonly holder!: string | null;

  @Column({ name: 'lease_until', type: 'bigint', transformer: bigintAsNumber })
  readonly leaseUntil!: number;

  @Column({ name: 'started_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly startedAt!: number | null;

  @Column({ name: 'finished_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly finishedAt!: number | null;

  @Column({ name: 'duration_ms', type: 'int', nullable: true })
  readonly durationMs!: number | null;

  @Column({ type: 'varchar', length: 8, nullable: true })
  readonly outcome!: ClockStatus['outcome'];

  @Column({ type: 'int' })
  readonly done!: number;

  @Column({ type: 'int' })
  readonly skipped!: number;

  @Column({ type: 'int' })
  readonly failed!: number;

  @Column({ type: 'varchar', length: 500, nullable: true })
  readonly error!: string | null;
}
