import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { WishReason } from './mailbox.js';

/** An address that the identity provider wants and was not granted, with the reason. */
@Entity('mailbox_address_wish')
@Index('ix_mailbox_wish_domain', ['tenantId', 'domainAscii', 'firstSeen'])
@Index('ix_mailbox_wish_key', ['wantedKey'])
@Index('ix_mailbox_wish_reason', ['tenantId', 'reason', 'firstSeen'])
export class MailboxAddressWishEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ name: 'mailbox_id', type: 'varchar', length: 36 })
  readonly mailboxId!: string;

  @PrimaryColumn({ name: 'wanted_key', type: 'varchar', length: 512 })
  readonly wantedKey!: string;

  @Column({ name: 'domain_ascii', type: 'varchar', length: 253, nullable: true })
  readonly domainAscii!: string | null;

  @Column({ type: 'varchar', length: 8 })
  readonly role!: string;

  @Column({ type: 'varchar', length: 24 })
  readonly reason!: WishReason;

  @Column({ name: 'first_seen', type: 'bigint', transformer: bigintAsNumber })
  readonly firstSeen!: number;

  @Column({ name: 'last_seen', type: 'bigint', transformer: bigintAsNumber })
  readonly lastSeen!: number;
}
