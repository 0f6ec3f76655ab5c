import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * What changed of a mailbox when it came to a version, from the second one on; its account says who made it. `changes`
 * and `personal` are JSON objects, see {@link Delta}; an erasure leaves no `personal`.
 */
@Entity('mailbox_history')
@Index('ix_mailbox_history_user', ['tenantId', 'userId'])
export class MailboxHistoryEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ name: 'mailbox_id', type: 'varchar', length: 36 })
  readonly mailboxId!: string;

  @PrimaryColumn({ type: 'int' })
  readonly version!: number;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  readonly at!: number;

  @Column({ type: 'varchar', length: 160 })
  readonly actor!: string;

  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  readonly requestId!: string | null;

  /** The user whose mailbox it was, or became. */
  @Column({ name: 'user_id', type: 'varchar', length: 36, nullable: true })
  readonly userId!: string | null;

  @Column({ type: 'text' })
  readonly changes!: string;

  @Column({ type: 'text', nullable: true })
  readonly personal!: string | null;
}
