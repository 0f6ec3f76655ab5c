import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { DomainSettings } from './domains/mail-domain.js';

/** The read model of the domains that gateways relay for: a row for the A-label and, where it differs, one for the U-label. */
@Entity('mail_relay_domain')
@Index('ix_mail_relay_domain_tenant', ['tenantId', 'version'])
export class MailRelayDomainEntity {
  @PrimaryColumn({ type: 'varchar', length: 253 })
  readonly name!: string;

  @Column({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  /** The A-labels of a row of U-labels, which are the key of its recipients; null where `name` is that. */
  @Column({ name: 'name_ascii', type: 'varchar', length: 253, nullable: true })
  readonly nameAscii!: string | null;

  /** Whether `anna+news@` reaches `anna@` when nobody has the longer address. */
  @Column({ type: 'varchar', length: 8, default: 'plus' })
  readonly subaddressing!: DomainSettings['subaddressing'];

  @Column({ name: 'next_hop', type: 'varchar', length: 255, nullable: true })
  readonly nextHop!: string | null;

  @Column({ name: 'unknown_recipient_policy', type: 'varchar', length: 8 })
  readonly unknownRecipientPolicy!: string;

  @Column({ type: 'boolean' })
  readonly active!: boolean;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  readonly version!: number;
}
