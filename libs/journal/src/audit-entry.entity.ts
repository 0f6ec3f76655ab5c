import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What support staff did, append-only; `details` is a JSON object. */
@Entity('audit_entry')
@Index('ix_audit_entry_tenant', ['tenantId', 'id'])
export class AuditEntryEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @Column({ name: 'tenant_id', type: 'varchar', length: 36, nullable: true })
  readonly tenantId!: string | null;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  readonly at!: number;

  @Column({ type: 'varchar', length: 128 })
  readonly actor!: string;

  @Column({ type: 'varchar', length: 64 })
  readonly action!: string;

  @Column({ type: 'varchar', length: 128 })
  readonly target!: string;

  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  readonly requestId!: string | null;

  @Column({ type: 'text' })
  readonly details!: string;
}
