import type { TenantId } from '@cleanmail/database';
import { TenantsService } from '@cleanmail/tenants';
import { Get, Param, Query } from '@nestjs/common';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { after, type Page, pageOf, PageQuery } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';
import { HistoryReader, type ItemPage } from './history-reader.js';
import { historyItemView, HistoryItemView } from './history.dto.js';

/** Who did what to a mailbox, when and why, newest first; also when the tenant is closed. */
@AdminController('tenants/:tenantId/mailboxes')
export class MailboxHistoryController {
  constructor(
    private readonly reader: HistoryReader,
    private readonly tenants: TenantsService,
  ) {}

  @Get(':mailboxId/history')
  @ApiPage(HistoryItemView)
  async list(
    @TenantParam() tenant: TenantId,
    @Param('mailboxId') id: string,
    @Query() query: PageQuery,
  ): Promise<Page<HistoryItemView>> {
    await this.tenants.requireEver(tenant);
    return pageOf(await this.reader.ofMailbox(tenant, id, oneMore(query)), query.limit, historyItemView);
  }
}

/** What was asked for a user and what became of its mailbox, newest first; also after the user was deleted. */
@AdminController('tenants/:tenantId/users')
export class UserHistoryController {
  constructor(
    private readonly reader: HistoryReader,
    private readonly tenants: TenantsService,
  ) {}

  @Get(':userId/history')
  @ApiPage(HistoryItemView)
  async list(
    @TenantParam() tenant: TenantId,
    @Param('userId') id: string,
    @Query() query: PageQuery,
  ): Promise<Page<HistoryItemView>> {
    await this.tenants.requireEver(tenant);
    return pageOf(await this.reader.ofUser(tenant, id, oneMore(query)), query.limit, historyItemView);
  }
}

function oneMore(query: PageQuery): ItemPage {
  const { after: before } = after(query);
  return { limit: query.limit + 1, ...(before === undefined ? {} : { before }) };
}
