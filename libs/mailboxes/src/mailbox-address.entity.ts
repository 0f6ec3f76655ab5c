import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { MailboxAddress } from './mailbox.js';

/** An address of a mailbox. The database allows one holder on the platform, by `claimKey`. */
@Entity('mailbox_address')
@Unique('uq_mailbox_address_claim', ['claimKey'])
@Unique('uq_mailbox_address_primary', ['primaryOf'])
@Index('ix_mailbox_address_mailbox', ['tenantId', 'mailboxId'])
@Index('ix_mailbox_address_due', ['state', 'validUntil'])
@Index('ix_mailbox_address_domain', ['domainAscii', 'basis', 'state'])
export class MailboxAddressEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'mailbox_id', type: 'varchar', length: 36 })
  readonly mailboxId!: string;

  @Column({ name: 'local_key', type: 'varchar', length: 64 })
  readonly localKey!: string;

  @Column({ name: 'local_display', type: 'varchar', length: 64 })
  readonly localDisplay!: string;

  @Column({ name: 'domain_ascii', type: 'varchar', length: 253 })
  readonly domainAscii!: string;

  @Column({ type: 'varchar', length: 8 })
  readonly role!: MailboxAddress['role'];

  @Column({ type: 'varchar', length: 8 })
  readonly source!: MailboxAddress['source'];

  @Column({ type: 'varchar', length: 8 })
  readonly basis!: MailboxAddress['basis'];

  @Column({ type: 'varchar', length: 8 })
  readonly state!: MailboxAddress['state'];

  @Column({ name: 'created_at', type: 'bigint', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column({ name: 'valid_until', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly validUntil!: number | null;

  /** Made by the database: the address while somebody holds it. */
  @Column({
    name: 'claim_key',
    type: 'varchar',
    length: 318,
    nullable: true,
    insert: false,
    update: false,
    select: false,
  })
  readonly claimKey?: string | null;

  /** Made by the database: the domain of a claim that stands on owning it. */
  @Column({
    name: 'owned_domain',
    type: 'varchar',
    length: 253,
    nullable: true,
    insert: false,
    update: false,
    select: false,
  })
  readonly ownedDomain?: string | null;

  /** Made by the database: the mailbox whose primary address this is. */
  @Column({
    name: 'primary_of',
    type: 'varchar',
    length: 36,
    nullable: true,
    insert: false,
    update: false,
    select: false,
  })
  readonly primaryOf?: string | null;
}
