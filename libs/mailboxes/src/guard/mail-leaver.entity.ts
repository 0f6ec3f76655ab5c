import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A mailbox that its identity provider took out of use: when, and how many seats the tenant had in use just before. */
@Entity('mail_leaver')
@Index('ix_mail_leaver_at', ['tenantId', 'at', 'seq'])
export class MailLeaverEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  /** Numbers of a tenant's leavers have no holes. */
  @PrimaryColumn({ type: 'bigint', transformer: bigintAsNumber })
  readonly seq!: number;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  readonly at!: number;

  @Column({ type: 'int' })
  readonly seats!: number;
}
