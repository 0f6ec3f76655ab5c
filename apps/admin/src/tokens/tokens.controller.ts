import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { type IssuedToken, TenantsService, TokensService } from '@cleanmail/tenants';
import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { after, type Page, pageOf, PageQuery } from '../page.js';
import { ScimAddress } from '@cleanmail/listener';
import { TenantParam } from '../tenant-param.decorator.js';
import { tenantUrl } from '../tenants/tenant.dto.js';
import { IssuedTokenView, issuedTokenView, IssueTokenDto, RotateTokenDto, tokenView, TokenView } from './token.dto.js';

/** Secret tokens of a tenant: issue, list, revoke, rotate. */
@AdminController('tenants/:tenantId/tokens')
export class TokensController {
  constructor(
    private readonly tokens: TokensService,
    private readonly tenants: TenantsService,
    private readonly address: ScimAddress,
  ) {}

  @Post()
  @ApiCreatedResponse({ type: IssuedTokenView })
  async issue(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Body() { expiresAt, ...request }: IssueTokenDto = {},
  ): Promise<IssuedTokenView> {
    const expiry = expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) };
    return this.render(tenant, await this.tokens.issue(tenant, actor, { ...request, ...expiry }));
  }

  @Get()
  @ApiPage(TokenView)
  async list(@TenantParam() tenant: TenantId, @Query() page: PageQuery): Promise<Page<TokenView>> {
    return pageOf(await this.tokens.list(tenant, { ...after(page), limit: page.limit + 1 }), page.limit, tokenView);
  }

  @Delete(':tokenId')
  @HttpCode(204)
  revoke(@TenantParam() tenant: TenantId, @CurrentActor() actor: Actor, @Param('tokenId') id: string): Promise<void> {
    return this.tokens.revoke(tenant, actor, id);
  }

  @Post(':tokenId/rotate')
  @ApiCreatedResponse({ type: IssuedTokenView })
  async rotate(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Param('tokenId') id: string,
    @Body() { overlapSeconds }: RotateTokenDto = {},
  ): Promise<IssuedTokenView> {
    return this.render(tenant, await this.tokens.rotate(tenant, actor, id, overlapSeconds));
  }

  private async render(tenant: TenantId, token: IssuedToken): Promise<IssuedTokenView> {
    const { profile } = await this.tenants.require(tenant);
    return issuedTokenView(token, { clientId: tenant, tenantUrl: tenantUrl(profile, this.address) });
  }
}
