import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { TenantsService } from '@cleanmail/tenants';
import { Body, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { after, type Page, pageOf, PageQuery } from '../page.js';
import { ScimAddress } from '@cleanmail/listener';
import { TenantParam } from '../tenant-param.decorator.js';
import { ChangeTenantDto, CreateTenantDto, tenantView, TenantView } from './tenant.dto.js';

/** Tenants: create, read, rename, suspend, resume, decommission. */
@AdminController('tenants')
export class TenantsController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly address: ScimAddress,
  ) {}

  @Post()
  @ApiCreatedResponse({ type: TenantView })
  async create(
    @CurrentActor() actor: Actor,
    @Body() { name, profile, domains = [] }: CreateTenantDto,
  ): Promise<TenantView> {
    return tenantView(await this.tenants.create(actor, { name, profile, domains }), this.address);
  }

  @Get()
  @ApiPage(TenantView)
  async list(@Query() page: PageQuery): Promise<Page<TenantView>> {
    const rows = await this.tenants.list({ ...after(page), limit: page.limit + 1 });
    return pageOf(rows, page.limit, (tenant) => tenantView(tenant, this.address));
  }

  @Get(':tenantId')
  @ApiOkResponse({ type: TenantView })
  async read(@TenantParam() tenant: TenantId): Promise<TenantView> {
    return tenantView(await this.tenants.get(tenant), this.address);
  }

  @Patch(':tenantId')
  @ApiOkResponse({ type: TenantView })
  async change(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Body() change: ChangeTenantDto,
  ): Promise<TenantView> {
    return tenantView(await this.tenants.change(tenant, actor, change), this.address);
  }

  @Delete(':tenantId')
  @HttpCode(204)
  close(@TenantParam() tenant: TenantId, @CurrentActor() actor: Actor): Promise<void> {
    return this.tenants.close(tenant, actor);
  }
}
