export { tenantClockJobs } from './clock-jobs.js';
export { DomainTransfers } from './domain-transfers.js';
export { DialectWatch } from './dialect/dialect-watch.js';
export type { SeenDialect, TenantDialect } from './dialect/tenant-dialect.js';
export { type Sighting, TenantDialects } from './dialect/tenant-dialects.js';
export { type AccessGrant, type ClientAuthentication, ClientCredentials } from './oauth/client-credentials.js';
export { isSameSecret, tokenPrefix } from './secret-token.js';
export {
  basePathOf,
  type ProfileName,
  profileNames,
  resourceTypesOf,
  scimBasePaths,
  type ServiceProfile,
  serviceProfiles,
  tokenEndpointPath,
} from './service-profile.js';
export {
  ResourceTypeNotOfferedError,
  SchemaInUseError,
  SchemaNotFoundError,
  TooManySchemasError,
} from './tenant-schema.js';
export {
  type ExtensibleType,
  extensibleTypes,
  mostSchemas,
  type SchemaRequest,
  type TenantSchema,
} from './tenant-schema.js';
export { TenantSchemasService } from './tenant-schemas.service.js';
export { TenantProfiles } from './tenant-profiles.js';
export type { Tenant, TenantStatus } from './tenant.js';
export {
  InvalidTokenError,
  InvalidTokenRequestError,
  TenantNotFoundError,
  TokenEndedError,
  TokenNotFoundError,
} from './tenants.errors.js';
export { tenantsEnvironment } from './tenants-environment.js';
export { TenantsModule } from './tenants.module.js';
export { type TenantChange, TenantsService, type TenantWithDomains } from './tenants.service.js';
export { isLive, type Token } from './token.js';
export { TokenCache } from './token-cache.js';
export { type AuthenticatedRequest, TokenGuard } from './token.guard.js';
export { TOKEN_PEPPER } from './token-pepper.js';
export { type IssuedToken, type TokenRequest, TokensService } from './tokens.service.js';
export { type Principal, TokenVerifier } from './token-verifier.js';
export { SecretTokenEntity } from './secret-token.entity.js';
export { TenantDialectEntity } from './dialect/tenant-dialect.entity.js';
export { TenantSchemaEntity } from './tenant-schema.entity.js';
export { tenantEntities } from './tenant-entities.js';
export { tenantInvariants } from './tenant-invariants.js';
export { TenantEntity } from './tenant.entity.js';
