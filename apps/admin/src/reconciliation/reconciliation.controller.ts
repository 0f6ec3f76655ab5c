import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { Reconciler, RecipientFeed } from '@cleanmail/mailboxes';
import { serviceProfiles, TenantsService } from '@cleanmail/tenants';
import { type ReconciledPart, UserReconciliation } from '@cleanmail/users';
import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { after } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';
import {
  CompareRowsDto,
  DigestView,
  RecipientsView,
  ReconciledView,
  ReconcileQueryDto,
  RepairDto,
  RowComparisonsView,
} from './reconciliation.dto.js';

/** Whether the mapping is as users, a list of accounts or a gateway have it. */
@AdminController('tenants/:tenantId/reconciliation')
export class ReconciliationController {
  constructor(
    private readonly users: UserReconciliation,
    private readonly reconciler: Reconciler,
    private readonly feed: RecipientFeed,
    private readonly tenants: TenantsService,
  ) {}

  /** What of a part of the tenant does not follow from its users; `limit` says how many users or mailboxes are looked at. */
  @Get()
  @ApiOkResponse({ type: ReconciledView })
  async find(@TenantParam() tenant: TenantId, @Query() query: ReconcileQueryDto): Promise<ReconciledView> {
    await this.tenants.require(tenant);
    const part = await this.users.find(tenant, { ...after(query, isPlace), limit: query.limit });
    return query.cursor === undefined
      ? { ...view(part), wishes: await this.reconciler.wishCounts(tenant) }
      : view(part);
  }

  /** Repairs what is found in a part of the tenant, as the user's next request would. */
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: ReconciledView })
  async repair(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Body() body: RepairDto,
  ): Promise<ReconciledView> {
    const { profile } = await this.tenants.require(tenant);
    const { erasesOnDeactivation } = serviceProfiles[profile];
    const options = { traits: { erasesOnDeactivation }, removesExtra: body.removeExtra };
    const place = { ...after(body, isPlace), limit: body.limit };
    return view(await this.users.repair(tenant, actor, place, options));
  }

  /** Compares rows of a list of accounts with the mapping; changes nothing. */
  @Post('mailboxes')
  @HttpCode(200)
  @ApiOkResponse({ type: RowComparisonsView })
  async compare(@TenantParam() tenant: TenantId, @Body() { rows }: CompareRowsDto): Promise<RowComparisonsView> {
    await this.tenants.require(tenant);
    return { items: await this.reconciler.compareRows(tenant, rows) };
  }

  /** What gateways should have, but for what is gone. */
  @Get('recipients')
  @ApiOkResponse({ type: RecipientsView })
  async recipients(@TenantParam() tenant: TenantId, @Query() query: ReconcileQueryDto): Promise<RecipientsView> {
    await this.tenants.require(tenant);
    const { rows, next } = await this.reconciler.recipients(tenant, { ...after(query), limit: query.limit });
    return { items: rows, ...(next === undefined ? {} : { nextCursor: cursorOf(next) }) };
  }

  /** What the recipients of the tenant come to, for a gateway's own digest to be compared with. */
  @Get('digest')
  @ApiOkResponse({ type: DigestView })
  async digest(@TenantParam() tenant: TenantId): Promise<DigestView> {
    await this.tenants.require(tenant);
    return (await this.feed.digest(tenant)) ?? { version: null, count: null, digest: null };
  }
}

function view({ differences, users, mailboxes, next }: ReconciledPart): ReconciledView {
  return { items: differences, users, mailboxes, ...(next === undefined ? {} : { nextCursor: cursorOf(next) }) };
}

function isPlace(text: string): boolean {
  return /^(users|mailboxes):([0-9a-f-]{36})?$/.test(text);
}

function cursorOf(place: string): string {
  return Buffer.from(place).toString('base64url');
}
