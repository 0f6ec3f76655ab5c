import { JournalModule } from '@cleanmail/journal';
import { TenantsModule, TokenGuard } from '@cleanmail/tenants';
import { UsersModule } from '@cleanmail/users';
import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { BulkController } from './bulk.controller.js';
import { BulkEndpoint } from './bulk.endpoint.js';
import { CallGuard } from './call.guard.js';
import { Cursors } from './cursors.js';
import { DiscoveryController } from './discovery.controller.js';
import { DiscoveryEndpoint } from './discovery.endpoint.js';
import { GroupsController } from './groups.controller.js';
import { GroupsEndpoint } from './groups.endpoint.js';
import { MeController } from './me.controller.js';
import { OAuthExceptionFilter } from './oauth/oauth-exception.filter.js';
import { scimGuard } from './oauth/oauth-route.js';
import { TokenController } from './oauth/token.controller.js';
import { TokenEndpoint } from './oauth/token.endpoint.js';
import { WrongCredentials } from './oauth/wrong-credentials.js';
import { otherMethodsOf } from './other-methods.controller.js';
import { RequestLog } from './request-log.js';
import { ScimUrls } from './scim-urls.js';
import { TenantRateGuard } from './rate/tenant-rate.guard.js';
import { SearchController } from './search.controller.js';
import { SearchEndpoint } from './search.endpoint.js';
import { UsersController } from './users.controller.js';
import { UsersEndpoint } from './users.endpoint.js';

const controllers = [
  UsersController,
  GroupsController,
  SearchController,
  BulkController,
  DiscoveryController,
  TokenController,
];

/** The public surface. The order of guards is the order in which they see a request. */
@Module({
  imports: [JournalModule, TenantsModule, UsersModule],
  controllers: [...controllers, otherMethodsOf(controllers), MeController],
  providers: [
    BulkEndpoint,
    Cursors,
    DiscoveryEndpoint,
    GroupsEndpoint,
    RequestLog,
    ScimUrls,
    SearchEndpoint,
    TokenEndpoint,
    UsersEndpoint,
    WrongCredentials,
    ...scimGuard(TokenGuard),
    ...scimGuard(TenantRateGuard),
    ...scimGuard(CallGuard),
    { provide: APP_FILTER, useClass: OAuthExceptionFilter },
  ],
})
export class ScimApplicationModule {}
