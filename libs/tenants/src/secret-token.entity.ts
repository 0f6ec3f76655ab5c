import { bigintAsNumber } from '@cleanmail/database';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A tenant's secret token, of which only the keyed hash is kept (64 hexadecimal digits). */
@Entity('secret_token')
@Unique('uq_secret_token_public_id', ['publicId'])
export class SecretTokenEntity {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string;

  @PrimaryColumn({ name: 'tenant_id', type: 'varchar', length: 36 })
  readonly tenantId!: string;

  @Column({ name: 'public_id', type: 'varchar', length: 32 })
  readonly publicId!: string;

  @Column({ name: 'secret_hash', type: 'varchar', length: 64 })
  readonly secretHash!: string;

  @Column({ type: 'varchar', length: 255, nullable: true })
  readonly description!: string | null;

  @Column({ name: 'service_account', type: 'varchar', length: 320, nullable: true })
  readonly serviceAccount!: string | null;

  @Column({ name: 'created_at', type: 'bigint', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column({ name: 'created_by', type: 'varchar', length: 128 })
  readonly createdBy!: string;

  @Column({ name: 'expires_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly expiresAt!: number | null;

  @Column({ name: 'revoked_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly revokedAt!: number | null;

  @Column({ name: 'last_used_at', type: 'bigint', transformer: bigintAsNumber, nullable: true })
  readonly lastUsedAt!: number | null;
}
