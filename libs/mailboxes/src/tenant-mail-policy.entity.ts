import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InactiveMailPolicy } from './mailbox.js';
import type { MailPolicy } from './mail-policy.js';

/** How a tenant's mailboxes are granted, suspended, kept and purged; a tenant without a row has `defaultMailPolicy`. */
@Entity('tenant_mail_policy')
export class TenantMailPolicyEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @Column({ name: 'address_source', type: 'varchar', length: 16 })
  readonly addressSource!: MailPolicy['addressSource'];

  @Column({ name: 'inactive_mail_policy', type: 'varchar', length: 8 })
  readonly inactiveMailPolicy!: InactiveMailPolicy;

  @Column({ name: 'inactive_grace_hours', type: 'int' })
  readonly inactiveGraceHours!: number;

  @Column({ name: 'former_days', type: 'int' })
  readonly formerDays!: number;

  @Column({ name: 'delete_retention_days', type: 'int' })
  readonly deleteRetentionDays!: number;

  @Column({ name: 'reserve_days', type: 'int' })
  readonly reserveDays!: number;

  @Column({ name: 'erase_after_days', type: 'int' })
  readonly eraseAfterDays!: number;

  @Column({ name: 'notice_days', type: 'int', default: 0 })
  readonly noticeDays!: number;

  @Column({ name: 'unowned_domain_policy', type: 'varchar', length: 8 })
  readonly unownedDomainPolicy!: MailPolicy['unownedDomainPolicy'];

  @Column({ name: 'emails_as_aliases', type: 'boolean' })
  readonly emailsAsAliases!: boolean;

  @Column({ name: 'kind_source', type: 'varchar', length: 8 })
  readonly kindSource!: MailPolicy['kindSource'];

  @Column({ name: 'seat_limit', type: 'int', nullable: true })
  readonly seatLimit!: number | null;

  @Column({ name: 'seat_policy', type: 'varchar', length: 8 })
  readonly seatPolicy!: MailPolicy['seatPolicy'];

  @Column({ name: 'guard_max_pct', type: 'int' })
  readonly guardMaxPct!: number;

  @Column({ name: 'guard_max_abs', type: 'int' })
  readonly guardMaxAbs!: number;
}
