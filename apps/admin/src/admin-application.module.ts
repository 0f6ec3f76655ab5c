import { JournalModule } from '@cleanmail/journal';
import { MailboxesModule } from '@cleanmail/mailboxes';
import { TenantsModule } from '@cleanmail/tenants';
import { UsersModule } from '@cleanmail/users';
import { Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { MailboxImportController } from './accounts/mailbox-import.controller.js';
import { MailboxesController } from './accounts/mailboxes.controller.js';
import { MailPolicyController } from './accounts/mail-policy.controller.js';
import { SeatsController } from './accounts/seats.controller.js';
import { UsersController } from './accounts/users.controller.js';
import { AdminKeyGuard } from './admin-key.guard.js';
import { AuditLogController, ProvisioningLogController } from './log/log.controller.js';
import { ClocksModule } from './clocks/clocks.module.js';
import { ExplainController, TenantExplainController } from './history/explain.controller.js';
import { MailboxHistoryController, UserHistoryController } from './history/history.controller.js';
import { HistoryReader } from './history/history-reader.js';
import { RequestOrigins } from './history/request-origins.js';
import { DomainsController } from './domains/domains.controller.js';
import { configuredEvents } from './events/events-module.js';
import { EventMetrics } from './events/event-metrics.js';
import { EventsController, ReceiverFeedController, TenantEventsController } from './events/events.controller.js';
import { ReceiversController } from './events/receivers.controller.js';
import { RelayTimer } from './events/relay-timer.js';
import { FeedController, TenantFeedController } from './feed/feed.controller.js';
import { GuardBatchesController } from './guard/guard-batches.controller.js';
import { ErasuresController } from './erasures/erasures.controller.js';
import { DatabaseMetrics } from './operations/database-metrics.js';
import { GuardMetrics } from './operations/guard-metrics.js';
import { HealthController } from './operations/health.controller.js';
import { MetricsController } from './operations/metrics.controller.js';
import { ReadinessProbe } from './operations/readiness-probe.js';
import { InvalidRequestError } from './problem/invalid-request.error.js';
import { NestingPipe } from './problem/nesting.pipe.js';
import { ProblemFilter } from './problem/problem.filter.js';
import { ReconciliationController } from './reconciliation/reconciliation.controller.js';
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
  imports: [ClocksModule, configuredEvents, JournalModule, MailboxesModule, TenantsModule, UsersModule],
  controllers: [
    AuditLogController,
    DomainsController,
    EventsController,
    ReceiverFeedController,
    ReceiversController,
    TenantEventsController,
    ExplainController,
    FeedController,
    GuardBatchesController,
    ErasuresController,
    HealthController,
    MailboxesController,
    MailboxImportController,
    MailboxHistoryController,
    MailPolicyController,
    MetricsController,
    ProvisioningLogController,
    ReconciliationController,
    SchemasController,
    SeatsController,
    TenantExplainController,
    TenantFeedController,
    TenantsController,
    TokensController,
    UserHistoryController,
    UsersController,
  ],
  providers: [
    DatabaseMetrics,
    EventMetrics,
    RelayTimer,
    HistoryReader,
    GuardMetrics,
    ReadinessProbe,
    RequestOrigins,
    { provide: APP_GUARD, useClass: AdminKeyGuard },
    { provide: APP_PIPE, useClass: NestingPipe },
    { provide: APP_PIPE, useValue: validation },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class AdminApplicationModule {}
