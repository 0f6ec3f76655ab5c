import { TenantDialectEntity } from './dialect/tenant-dialect.entity.js';
import { SecretTokenEntity } from './secret-token.entity.js';
import { TenantSchemaEntity } from './tenant-schema.entity.js';
import { TenantEntity } from './tenant.entity.js';

/** The tables of this package, for a TypeORM DataSource. */
export const tenantEntities = [TenantEntity, SecretTokenEntity, TenantDialectEntity, TenantSchemaEntity] as const;
