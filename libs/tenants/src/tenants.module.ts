import { JournalModule } from '@cleanmail/journal';
import { MailboxesModule } from '@cleanmail/mailboxes';
import { Module } from '@nestjs/common';
import { DialectWatch } from './dialect/dialect-watch.js';
import { TenantDialectRepository } from './dialect/tenant-dialect.repository.js';
import { TenantDialects } from './dialect/tenant-dialects.js';
import { AccessTokens } from './oauth/access-tokens.js';
import { ClientCredentials } from './oauth/client-credentials.js';
import { TenantProfiles } from './tenant-profiles.js';
import { TenantSchemaRepository } from './tenant-schema.repository.js';
import { TenantSchemasService } from './tenant-schemas.service.js';
import { DomainTransfers } from './domain-transfers.js';
import { tenantClockJobs } from './clock-jobs.js';
import { TenantClosure } from './tenant-closure.js';
import { TenantRepository } from './tenant.repository.js';
import { TenantsService } from './tenants.service.js';
import { TokenRepository } from './token.repository.js';
import { TokenStrategy } from './token.strategy.js';
import { TokenVerifier } from './token-verifier.js';
import { TokensService } from './tokens.service.js';

/** Tenants and tokens; needs a Database, a TokenCache and TOKEN_PEPPER among the application's global providers. */
@Module({
  imports: [JournalModule, MailboxesModule],
  providers: [
    AccessTokens,
    ClientCredentials,
    DialectWatch,
    DomainTransfers,
    TenantClosure,
    TenantDialectRepository,
    TenantDialects,
    TenantProfiles,
    TenantRepository,
    TenantSchemaRepository,
    TenantSchemasService,
    TenantsService,
    TokenRepository,
    TokensService,
    TokenVerifier,
    TokenStrategy,
    ...tenantClockJobs,
  ],
  exports: [
    ClientCredentials,
    DialectWatch,
    DomainTransfers,
    TenantDialects,
    TenantProfiles,
    TenantSchemasService,
    TenantsService,
    TokensService,
    TokenVerifier,
    ...tenantClockJobs,
  ],
})
export class TenantsModule {}
