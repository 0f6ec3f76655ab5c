import { asTenantId, type TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { DomainRegistry } from '@cleanmail/mailboxes';
import { DomainTransfers, TenantsService } from '@cleanmail/tenants';
import { Body, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { after, type Page, pageOf, PageQuery } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';
import {
  AddDomainDto,
  ChangeDomainDto,
  domainDetailsView,
  DomainDetailsView,
  domainView,
  DomainView,
  ReleaseDomainDto,
  TransferDomainDto,
  VerifyDomainDto,
} from './domain.dto.js';

/** Mail domains of a tenant: add, prove, suspend, release, hand over, set. */
@AdminController('tenants/:tenantId/domains')
export class DomainsController {
  constructor(
    private readonly domains: DomainRegistry,
    private readonly transfers: DomainTransfers,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @ApiPage(DomainView)
  async list(@TenantParam() tenant: TenantId, @Query() page: PageQuery): Promise<Page<DomainView>> {
    await this.tenants.require(tenant);
    return pageOf(await this.domains.list(tenant, { ...after(page), limit: page.limit + 1 }), page.limit, domainView);
  }

  @Post()
  @ApiCreatedResponse({ type: DomainDetailsView })
  async add(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Body() body: AddDomainDto,
  ): Promise<DomainDetailsView> {
    await this.tenants.require(tenant);
    return domainDetailsView(await this.domains.add(tenant, actor, body));
  }

  @Get(':domain')
  @ApiOkResponse({ type: DomainDetailsView })
  async read(@TenantParam() tenant: TenantId, @Param('domain') domain: string): Promise<DomainDetailsView> {
    await this.tenants.require(tenant);
    return domainDetailsView(await this.domains.get(tenant, domain));
  }

  @Patch(':domain')
  @ApiOkResponse({ type: DomainDetailsView })
  async change(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('domain') domain: string,
    @Body() change: ChangeDomainDto,
  ): Promise<DomainDetailsView> {
    await this.tenants.require(tenant);
    return domainDetailsView(await this.domains.set(tenant, actor, domain, change));
  }

  /** Answers when what waited for the domain is granted; should the node stop meanwhile, a clock goes on with it. */
  @Post(':domain/verify')
  @HttpCode(200)
  @ApiOkResponse({ type: DomainDetailsView })
  async verify(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('domain') domain: string,
    @Body() body: VerifyDomainDto = {},
  ): Promise<DomainDetailsView> {
    await this.tenants.require(tenant);
    return domainDetailsView(await this.domains.verify(tenant, actor, domain, body));
  }

  @Post(':domain/suspend')
  @HttpCode(200)
  @ApiOkResponse({ type: DomainDetailsView })
  async suspend(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('domain') domain: string,
  ): Promise<DomainDetailsView> {
    await this.tenants.require(tenant);
    return domainDetailsView(await this.domains.suspend(tenant, actor, domain));
  }

  @Post(':domain/resume')
  @HttpCode(200)
  @ApiOkResponse({ type: DomainDetailsView })
  async resume(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('domain') domain: string,
  ): Promise<DomainDetailsView> {
    await this.tenants.require(tenant);
    return domainDetailsView(await this.domains.resume(tenant, actor, domain));
  }

  @Post(':domain/release')
  @HttpCode(200)
  @ApiOkResponse({ type: DomainView })
  async release(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('domain') domain: string,
    @Body() body: ReleaseDomainDto = {},
  ): Promise<DomainView> {
    await this.tenants.require(tenant);
    return domainView(await this.domains.release(tenant, actor, domain, body));
  }

  /** Answers the domain as its new owner has it. An interrupted transfer is finished by repeating it, or by a clock. */
  @Post(':domain/transfer')
  @HttpCode(200)
  @ApiOkResponse({ type: DomainDetailsView })
  async transfer(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('domain') domain: string,
    @Body() { toTenantId }: TransferDomainDto,
  ): Promise<DomainDetailsView> {
    return domainDetailsView(await this.transfers.transfer(tenant, actor, domain, asTenantId(toTenantId)));
  }
}
