import type { TenantId } from '@cleanmail/database';
import { AuditTrail, ProvisioningLog } from '@cleanmail/journal';
import { TenantsService } from '@cleanmail/tenants';
import { Get, Query } from '@nestjs/common';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { after, type Page, pageOf, PageQuery } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';
import { auditEntryView, AuditEntryView, logEntryView, LogEntryView, LogQueryDto } from './log.dto.js';

/** What a tenant's identity provider asked for and got, newest first. */
@AdminController('tenants/:tenantId/provisioning-log')
export class ProvisioningLogController {
  constructor(
    private readonly log: ProvisioningLog,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @ApiPage(LogEntryView)
  async list(@TenantParam() tenant: TenantId, @Query() query: LogQueryDto): Promise<Page<LogEntryView>> {
    await this.tenants.require(tenant);
    const { user, outcome, since, limit } = query;
    const entries = await this.log.list(tenant, {
      ...(user === undefined ? {} : { user }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(since === undefined ? {} : { since: Date.parse(since) }),
      ...before(query),
      limit: limit + 1,
    });
    return pageOf(entries, limit, logEntryView);
  }
}

/** What support staff did to a tenant, newest first; also when it is closed. */
@AdminController('tenants/:tenantId/audit-log')
export class AuditLogController {
  constructor(
    private readonly audit: AuditTrail,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @ApiPage(AuditEntryView)
  async list(@TenantParam() tenant: TenantId, @Query() query: PageQuery): Promise<Page<AuditEntryView>> {
    await this.tenants.requireEver(tenant);
    return pageOf(
      await this.audit.list(tenant, { ...before(query), limit: query.limit + 1 }),
      query.limit,
      auditEntryView,
    );
  }
}

function before(query: PageQuery): { readonly before?: string } {
  const { after: id } = after(query);
  return id === undefined ? {} : { before: id };
}
