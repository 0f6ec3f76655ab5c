import type { TenantId } from '@cleanmail/database';
import { type Mailbox, MailboxDirectory } from '@cleanmail/mailboxes';
import { TenantsService } from '@cleanmail/tenants';
import { Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { after, type Page, pageOf } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';
import { MailboxNotFoundError } from './mailbox-not-found.error.js';
import { MailboxQueryDto, mailboxView, MailboxView } from './mailbox.dto.js';

/** Mailbox accounts of a tenant. */
@AdminController('tenants/:tenantId/mailboxes')
export class MailboxesController {
  constructor(
    private readonly directory: MailboxDirectory,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @ApiPage(MailboxView)
  async list(@TenantParam() tenant: TenantId, @Query() query: MailboxQueryDto): Promise<Page<MailboxView>> {
    await this.tenants.require(tenant);
    const { address, status, limit } = query;
    const wanted = { ...(address === undefined ? {} : { address }), ...(status === undefined ? {} : { status }) };
    return pageOf(
      await this.directory.list(tenant, { ...wanted, ...after(query), limit: limit + 1 }),
      limit,
      mailboxView,
    );
  }

  @Get(':mailboxId')
  @ApiOkResponse({ type: MailboxView })
  async read(@TenantParam() tenant: TenantId, @Param('mailboxId') id: string): Promise<MailboxView> {
    await this.tenants.require(tenant);
    return mailboxView(found(await this.directory.byId(tenant, id), id));
  }
}

function found(mailbox: Mailbox | undefined, id: string): Mailbox {
  if (mailbox === undefined) {
    throw new MailboxNotFoundError(id);
  }
  return mailbox;
}
