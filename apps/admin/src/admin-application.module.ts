import { JournalModule } from '@cleanmail/journal';
import { MailboxesModule } from '@cleanmail/mailboxes';
import { TenantsModule } from '@cleanmail/tenants';
import { UsersModule } from '@cleanmail/users';
import { Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { MailboxesController } from './accounts/mailboxes.controller.js';
import { MailPolicyController } from './accounts/mail-policy.controller.js';
import { SeatsController } from './accounts/seats.controller.js';
import { UsersController } from './accounts/users.controller.js';
import { AdminKeyGuard } from './admin-key.guard.js';
import { AuditLogController, ProvisioningLogController } from './log/log.controller.js';
import { ClocksModule } from './clocks/clocks.module.js';
import { DomainsController } from './domains/domains.controller.js';
import { ErasuresController } from './erasures/erasures.controller.js';
import { DatabaseMetrics } from './operations/database-metrics.js';
import { HealthController } from './operations/health.controller.js';
import { MetricsController } from './operations/metrics.controller.js';
import { ReadinessProbe } from './operations/readiness-probe.js';
import { InvalidRequestError } from './problem/invalid-request.error.js';
import { NestingPipe } from './problem/nesting.pipe.js';
import { ProblemFilter } from './problem/problem.filter.js';
import { SchemasController } from './schemas/schemas.controller.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { TokensController } from './tokens/tokens.controller.js';

const validation = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  exceptionFactory: (errors) => InvalidRequestError.of(errors),
});

/** The private surface: support staff, their tools, and whoever watches the service. */
@Module({
  imports: [ClocksModule, JournalModule, MailboxesModule, TenantsModule, UsersModule],
  controllers: [
    AuditLogController,
    DomainsController,
    ErasuresController,
    HealthController,
    MailboxesController,
    MailPolicyController,
    MetricsController,
    ProvisioningLogController,
    SchemasController,
    SeatsController,
    TenantsController,
    TokensController,
    UsersController,
  ],
  providers: [
    DatabaseMetrics,
    ReadinessProbe,
    { provide: APP_GUARD, useClass: AdminKeyGuard },
    { provide: APP_PIPE, useClass: NestingPipe },
    { provide: APP_PIPE, useValue: validation },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class AdminApplicationModule {}
