import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { TenantsService } from '@cleanmail/tenants';
import { ErasuresService } from '@cleanmail/users';
import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { after, type Page, pageOf } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';
import { AskErasureDto, ErasureQueryDto, erasureView, ErasureView } from './erasure.dto.js';

/** Who acts: erasures take two people. */
const ApiActor = () => ApiHeader({ name: 'X-Actor', description: 'Who you are; required here.', required: true });

/** Erasures on request: one asks, another confirms. */
@AdminController('tenants/:tenantId/erasures')
export class ErasuresController {
  constructor(
    private readonly erasures: ErasuresService,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @ApiPage(ErasureView)
  async list(@TenantParam() tenant: TenantId, @Query() query: ErasureQueryDto): Promise<Page<ErasureView>> {
    await this.tenants.require(tenant);
    const { subject, limit } = query;
    const about = subject === undefined ? {} : { subject };
    const erasures = await this.erasures.list(tenant, { ...after(query), ...about, limit: limit + 1 });
    return pageOf(erasures, limit, erasureView);
  }

  @Get(':erasureId')
  @ApiOkResponse({ type: ErasureView })
  async read(@TenantParam() tenant: TenantId, @Param('erasureId') id: string): Promise<ErasureView> {
    await this.tenants.require(tenant);
    return erasureView(await this.erasures.get(tenant, id));
  }

  /** Asks for an erasure; nothing is erased until somebody else confirms it. */
  @Post()
  @ApiActor()
  @ApiCreatedResponse({ type: ErasureView })
  async ask(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Body() { userId, mailboxId, reason }: AskErasureDto,
  ): Promise<ErasureView> {
    await this.tenants.require(tenant);
    return erasureView(await this.erasures.ask(tenant, actor, { userId, mailboxId }, reason));
  }

  /** Confirms an erasure that somebody else asked for, and erases; what takes longer than ten seconds goes on by itself. */
  @Post(':erasureId/confirm')
  @HttpCode(200)
  @ApiActor()
  @ApiOkResponse({ type: ErasureView })
  async confirm(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('erasureId') id: string,
  ): Promise<ErasureView> {
    await this.tenants.require(tenant);
    return erasureView(await this.erasures.confirm(tenant, actor, id));
  }

  /** Takes a request back that is not confirmed yet. */
  @Post(':erasureId/cancel')
  @HttpCode(200)
  @ApiActor()
  @ApiOkResponse({ type: ErasureView })
  async cancel(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('erasureId') id: string,
  ): Promise<ErasureView> {
    await this.tenants.require(tenant);
    return erasureView(await this.erasures.cancel(tenant, actor, id));
  }
}
