import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { GuardBatches, MailboxDirectory } from '@cleanmail/mailboxes';
import { TenantsService } from '@cleanmail/tenants';
import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { mailboxView, MailboxView } from '../accounts/mailbox.dto.js';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { after, type Page, pageOf, PageQuery } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';
import { GuardBatchQueryDto, guardBatchView, GuardBatchView } from './guard-batch.dto.js';

/** Batches of leavers whose effect on mail waits for support: look at them, release or reject them. */
@AdminController('tenants/:tenantId/guard-batches')
export class GuardBatchesController {
  constructor(
    private readonly batches: GuardBatches,
    private readonly directory: MailboxDirectory,
    private readonly tenants: TenantsService,
  ) {}

  /** Newest first. */
  @Get()
  @ApiPage(GuardBatchView)
  async list(@TenantParam() tenant: TenantId, @Query() query: GuardBatchQueryDto): Promise<Page<GuardBatchView>> {
    await this.tenants.require(tenant);
    const { status, limit } = query;
    const wanted = { ...(status === undefined ? {} : { status }), ...after(query), limit: limit + 1 };
    return pageOf(await this.batches.list(tenant, wanted), limit, guardBatchView);
  }

  @Get(':batchId')
  @ApiOkResponse({ type: GuardBatchView })
  async read(@TenantParam() tenant: TenantId, @Param('batchId') id: string): Promise<GuardBatchView> {
    await this.tenants.require(tenant);
    return guardBatchView(await this.batches.get(tenant, id));
  }

  /** Mailboxes of the batch, without those whose person came back; `guardState` says what became of each. */
  @Get(':batchId/mailboxes')
  @ApiPage(MailboxView)
  async mailboxes(
    @TenantParam() tenant: TenantId,
    @Param('batchId') id: string,
    @Query() page: PageQuery,
  ): Promise<Page<MailboxView>> {
    await this.tenants.require(tenant);
    const { id: guardBatchId } = await this.batches.get(tenant, id);
    const wanted = { guardBatchId, ...after(page), limit: page.limit + 1 };
    return pageOf(await this.directory.list(tenant, wanted), page.limit, mailboxView);
  }

  /** Lets the deactivations and deletions take effect, as of now. Should the node stop meanwhile, a clock goes on with it. */
  @Post(':batchId/release')
  @HttpCode(200)
  @ApiOkResponse({ type: GuardBatchView })
  async release(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('batchId') id: string,
  ): Promise<GuardBatchView> {
    await this.tenants.require(tenant);
    return guardBatchView(await this.batches.release(tenant, actor, id));
  }

  /** Keeps the mailboxes as they are until the identity provider says something else of them. */
  @Post(':batchId/reject')
  @HttpCode(200)
  @ApiOkResponse({ type: GuardBatchView })
  async reject(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('batchId') id: string,
  ): Promise<GuardBatchView> {
    await this.tenants.require(tenant);
    return guardBatchView(await this.batches.reject(tenant, actor, id));
  }
}
