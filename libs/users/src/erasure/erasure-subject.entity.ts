import { Entity, PrimaryColumn } from 'typeorm';

/** Whom an erasure was about, as a digest of what identified the person. */
@Entity('erasure_subject')
export class ErasureSubjectEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly digest!: string;

  @PrimaryColumn({ name: 'erasure_id', type: 'varchar', length: 36 })
  readonly erasureId!: string;
}
