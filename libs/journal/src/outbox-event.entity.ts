import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What other services must hear of, in the order of the tenant's feed version; `data` is a JSON object. */
@Entity('outbox_event')
@Index('ix_outbox_event_mailbox', ['tenantId', 'mailboxId', 'version'])
export class OutboxEventEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'bigint', transformer: bigintAsNumber })
  readonly version!: number;

  @PrimaryColumn({ type: 'int' })
  readonly position!: number;

  @Column({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'mailbox_id', type: 'varchar', length: 36, nullable: true })
  readonly mailboxId!: string | null;

  @Column({ type: 'varchar', length: 64 })
  readonly type!: string;

  @Column({ type: 'varchar', length: 160 })
  readonly actor!: string;

  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  readonly requestId!: string | null;

  @Column({ type: 'text' })
  readonly data!: string;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  readonly at!: number;
}
