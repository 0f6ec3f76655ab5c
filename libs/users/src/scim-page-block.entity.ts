import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many resources of one kind a tenant has from one id up to another, which is where the next block begins. */
@Entity('scim_page_block')
export class ScimPageBlockEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @PrimaryColumn({ name: 'resource_type', type: 'varchar', length: 16 })
  readonly resourceType!: string;

  @PrimaryColumn({ name: 'first_id', type: 'varchar', length: 36 })
  readonly firstId!: string;

  @Column({ name: 'end_id', type: 'varchar', length: 36 })
  readonly endId!: string;

  @Column({ type: 'int' })
  readonly live!: number;
}
