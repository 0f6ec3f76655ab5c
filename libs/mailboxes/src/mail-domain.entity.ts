import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { MailDomain } from './domains/mail-domain.js';

/** A mail domain of a tenant. The database allows one owner of a name on the platform, by `ownerKey`. */
@Entity('mail_domain')
@Unique('uq_mail_domain_owner', ['ownerKey'])
@Unique('uq_mail_domain_tenant', ['tenantId', 'nameAscii'])
@Unique('uq_mail_domain_tenant_owner', ['tenantId', 'ownerKey'])
@Index('ix_mail_domain_check', ['status', 'lastCheckAt'])
export class MailDomainEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'name_ascii', type: 'varchar', length: 253 })
  readonly nameAscii!: string;

  @Column({ name: 'name_unicode', type: 'varchar', length: 253 })
  readonly nameUnicode!: string;

  @Column({ type: 'varchar', length: 16 })
  readonly status!: MailDomain['status'];

  @Column({ name: 'created_at', type: 'bigint', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column({ name: 'verified_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly verifiedAt!: number | null;

  @Column({ name: 'verified_by', type: 'varchar', length: 8, nullable: true })
  readonly verifiedBy!: MailDomain['verifiedBy'];

  /** The token in the TXT record that proves control of the domain. */
  @Column({ name: 'verify_token', type: 'varchar', length: 64, nullable: true })
  readonly verifyToken!: string | null;

  @Column({ name: 'last_check_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly lastCheckAt!: number | null;

  @Column({ name: 'check_failed_since', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly checkFailedSince!: number | null;

  /** When all that follows from owning the domain was done. */
  @Column({ name: 'settled_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly settledAt!: number | null;

  /** The tenant that the domain is on its way to. */
  @Column({ name: 'transfer_to', type: 'varchar', length: 36, nullable: true })
  readonly transferTo!: string | null;

  @Column({ name: 'unknown_recipient_policy', type: 'varchar', length: 8 })
  readonly unknownRecipientPolicy!: string;

  @Column({ type: 'varchar', length: 8 })
  readonly subaddressing!: string;

  @Column({ name: 'next_hop', type: 'varchar', length: 255, nullable: true })
  readonly nextHop!: string | null;

  /** Made by the database: the name while the tenant owns it. */
  @Column({
    name: 'owner_key',
    type: 'varchar',
    length: 253,
    nullable: true,
    insert: false,
    update: false,
    select: false,
  })
  readonly ownerKey?: string | null;
}
