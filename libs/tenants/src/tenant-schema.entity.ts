import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ExtensibleType } from './tenant-schema.js';

/** An extension schema of a tenant; a retired one stays, because values may be stored under it. */
@Entity('tenant_schema')
export class TenantSchemaEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  /** The URN in lower case. */
  @PrimaryColumn({ name: 'schema_key', type: 'varchar', length: 255 })
  readonly schemaKey!: string;

  @Column({ name: 'schema_id', type: 'varchar', length: 255 })
  readonly schemaId!: string;

  @Column({ name: 'resource_type', type: 'varchar', length: 16 })
  readonly resourceType!: ExtensibleType;

  @Column({ type: 'boolean' })
  readonly required!: boolean;

  /** The schema as JSON, with all defaults filled in. */
  @Column({ type: 'text' })
  readonly document!: string;

  @Column({ name: 'retired_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly retiredAt!: number | null;

  @Column({ name: 'created_at', type: 'bigint', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column({ name: 'updated_at', type: 'bigint', transformer: bigintAsNumber })
  readonly updatedAt!: number;
}
