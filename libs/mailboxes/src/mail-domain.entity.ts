import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { MailDomain } from './domain-registry.js';

/** A mail domain of a tenant. The database allows one owner of a name on the platform, by `ownerKey`. */
@Entity('mail_domain')
@Unique('uq_mail_domain_owner', ['ownerKey'])
@Unique('uq_mail_domain_tenant', ['tenantId', 'nameAscii'])
@Unique('uq_mail_domain_tenant_owner', ['tenantId', 'ownerKey'])
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
