import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { Database } from '@cleanmail/database';
import { RETENTION } from '@cleanmail/journal';
import { DnsTxtResolver, TxtResolver } from '@cleanmail/mailboxes';
import type { Provider } from '@nestjs/common';
import { TokenCache } from './token-cache.js';
import { TOKEN_PEPPER } from './token-pepper.js';

/**
 * The global providers that applications with tenants stand on. Applications of one process share one list, and with
 * it one database and one token cache: a revocation on the admin surface is then seen by SCIM at once.
 */
export function tenantsEnvironment(configuration: Configuration, database: Database): readonly Provider[] {
  return [
    { provide: CONFIGURATION, useValue: configuration },
    { provide: Database, useValue: database },
    { provide: TokenCache, useValue: new TokenCache() },
    { provide: TxtResolver, useValue: new DnsTxtResolver(configuration.dnsServers) },
    { provide: RETENTION, useValue: configuration.retention },
    { provide: TOKEN_PEPPER, useValue: configuration.tokenPepper },
  ];
}
