import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import {
  type Mailbox,
  MailboxDirectory,
  MailboxHistory,
  MailboxNotFoundError,
  MailboxSupport,
} from '@cleanmail/mailboxes';
import { TenantsService } from '@cleanmail/tenants';
import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { after, type Page, pageOf } from '../page.js';
import { ApiSeenVersion, SeenVersion } from '../seen-version.decorator.js';
import { TenantParam } from '../tenant-param.decorator.js';
import { AddAliasDto, ChangeMailboxDto, CreateMailboxDto } from './change-mailbox.dto.js';
import { MailboxMomentDto, MailboxQueryDto, mailboxView, MailboxView } from './mailbox.dto.js';

/** Mailbox accounts of a tenant, and what support does to them. */
@AdminController('tenants/:tenantId/mailboxes')
export class MailboxesController {
  constructor(
    private readonly directory: MailboxDirectory,
    private readonly history: MailboxHistory,
    private readonly support: MailboxSupport,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @ApiPage(MailboxView)
  async list(@TenantParam() tenant: TenantId, @Query() query: MailboxQueryDto): Promise<Page<MailboxView>> {
    await this.tenants.require(tenant);
    const { address, status, kind, limit } = query;
    const wanted = {
      ...(address === undefined ? {} : { address }),
      ...(status === undefined ? {} : { status }),
      ...(kind === undefined ? {} : { kind }),
    };
    return pageOf(
      await this.directory.list(tenant, { ...wanted, ...after(query), limit: limit + 1 }),
      limit,
      mailboxView,
    );
  }

  /** A mailbox as it is, or as it was at a time. */
  @Get(':mailboxId')
  @ApiOkResponse({ type: MailboxView })
  async read(
    @TenantParam() tenant: TenantId,
    @Param('mailboxId') id: string,
    @Query() { at }: MailboxMomentDto,
  ): Promise<MailboxView> {
    await this.tenants.require(tenant);
    return at === undefined ? this.view(tenant, id) : mailboxView(await this.history.at(tenant, id, Date.parse(at)));
  }

  /** Makes a mailbox that works at once and waits for the user who comes with its address. */
  @Post()
  @ApiCreatedResponse({ type: MailboxView })
  async create(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Body() { address, kind, origin, aliases }: CreateMailboxDto,
  ): Promise<MailboxView> {
    await this.tenants.require(tenant);
    return this.view(tenant, await this.support.create(tenant, actor, { address, kind, origin, aliases }));
  }

  @Patch(':mailboxId')
  @ApiSeenVersion()
  @ApiOkResponse({ type: MailboxView })
  async change(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('mailboxId') id: string,
    @SeenVersion() version: number | undefined,
    @Body() change: ChangeMailboxDto,
  ): Promise<MailboxView> {
    await this.tenants.require(tenant);
    await this.support.change(tenant, actor, { id, version }, change);
    return this.view(tenant, id);
  }

  /** Gives a deleted mailbox back; pending when an address or a seat is not free. */
  @Post(':mailboxId/restore')
  @HttpCode(200)
  @ApiSeenVersion()
  @ApiOkResponse({ type: MailboxView })
  async restore(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('mailboxId') id: string,
    @SeenVersion() version: number | undefined,
  ): Promise<MailboxView> {
    await this.tenants.require(tenant);
    await this.support.restore(tenant, actor, { id, version });
    return this.view(tenant, id);
  }

  @Post(':mailboxId/aliases')
  @ApiSeenVersion()
  @ApiCreatedResponse({ type: MailboxView })
  async addAlias(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('mailboxId') id: string,
    @SeenVersion() version: number | undefined,
    @Body() { address }: AddAliasDto,
  ): Promise<MailboxView> {
    await this.tenants.require(tenant);
    await this.support.addAlias(tenant, actor, { id, version }, address);
    return this.view(tenant, id);
  }

  /** Takes an alias away, or a former address before its time. */
  @Delete(':mailboxId/aliases/:address')
  @HttpCode(204)
  @ApiSeenVersion()
  async removeAlias(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('mailboxId') id: string,
    @Param('address') address: string,
    @SeenVersion() version: number | undefined,
  ): Promise<void> {
    await this.tenants.require(tenant);
    await this.support.removeAlias(tenant, actor, { id, version }, address);
  }

  private async view(tenant: TenantId, id: string): Promise<MailboxView> {
    return mailboxView(found(await this.directory.byId(tenant, id), id));
  }
}

function found(mailbox: Mailbox | undefined, id: string): Mailbox {
  if (mailbox === undefined) {
    throw new MailboxNotFoundError(id);
  }
  return mailbox;
}
