import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What is left when personal data was erased: whose, why, when, and the names of the fields, as JSON in `details`. */
@Entity('erasure_certificate')
@Index('ix_erasure_certificate_mailbox', ['tenantId', 'mailboxId'])
export class ErasureCertificateEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'user_id', type: 'varchar', length: 36, nullable: true })
  readonly userId!: string | null;

  @Column({ name: 'mailbox_id', type: 'varchar', length: 36, nullable: true })
  readonly mailboxId!: string | null;

  @Column({ type: 'varchar', length: 32 })
  readonly reason!: string;

  @Column({ type: 'varchar', length: 160 })
  readonly actor!: string;

  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  readonly requestId!: string | null;

  @Column({ type: 'text' })
  readonly details!: string;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  readonly at!: number;
}
