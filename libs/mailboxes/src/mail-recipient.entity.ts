import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecipientAction } from './recipients.js';

/** The read model of mail gateways: what to do with mail for an address, found by the address alone. */
@Entity('mail_recipient')
@Index('ix_mail_recipient_feed', ['tenantId', 'version'])
@Index('ix_mail_recipient_mailbox', ['tenantId', 'mailboxId'])
export class MailRecipientEntity {
  @PrimaryColumn({ name: 'address_key', type: 'varchar', length: 318 })
  readonly addressKey!: string;

  @Column({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @Column({ name: 'mailbox_id', type: 'varchar', length: 36 })
  readonly mailboxId!: string;

  @Column({ name: 'primary_key', type: 'varchar', length: 318 })
  readonly primaryKey!: string;

  @Column({ type: 'varchar', length: 8 })
  readonly action!: RecipientAction;

  @Column({ name: 'policy_profile', type: 'varchar', length: 64, nullable: true })
  readonly policyProfile!: string | null;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  readonly version!: number;

  @Column({ name: 'changed_at', type: 'bigint', transformer: bigintAsNumber })
  readonly changedAt!: number;
}
